"""`billweave exceptions show`: one exception whole, what was tried and done, and what each action would do."""

from __future__ import annotations

from typing import Any

from functions.operations.acts.preview import preview
from functions.operations.dead_letters import link
from shared.domain.exception import BillingException
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts


class ShowException(Input):
    exception_id: str


@process_step(ShowException, wire=AwsPorts.from_env)
def handler(command: ShowException, ports: Ports) -> dict[str, Any]:
    """The waiting saga's token stays inside. Raises BusinessException("exception_unknown")."""
    trouble = ports.exceptions.find(command.exception_id)
    if trouble is None:
        raise BusinessException("exception_unknown", exception_id=command.exception_id)
    return {
        "exception_id": trouble.exception_id,
        "actions": preview(trouble, ports),
        "history": history(trouble),
        "subjects": subjects(trouble, ports),
        "parked": [parked.event_id for parked in ports.parking.waiting_for(trouble.subject)],
        "amended": [link(each) for each in ports.corrections.of(trouble.exception_id)],
        "saga_waits": trouble.task_token is not None,
    }


def history(trouble: BillingException) -> list[dict[str, str]]:
    return [
        {"at": each.at.isoformat(), "what": each.what.value, "by": each.by, "words": each.words}
        for each in trouble.history
    ]


def subjects(trouble: BillingException, ports: Ports) -> list[str]:
    """Its id in every system that has one."""
    kind, _, rest = trouble.subject.partition(":")
    ours = rest if kind in ("project", "rate_card", "contract") else trouble.subject
    refs = [f"{ref.system}:{ref.kind}:{ref.id}" for ref in ports.references.refs_of(ours)]
    return [trouble.subject, *refs]
