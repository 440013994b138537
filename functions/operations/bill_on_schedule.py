"""Schedule, daily at each legal entity's own hour: bills what ended since the last such run, which may have been missed."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field

from functions.operations.start_billing import start
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.billing_cut import RunScope
from shared.usecases.billing_periods import local_date

RUN = "scheduled"


class BillOnSchedule(Input):
    """days_after: how long after its end a period is billed, so that approvals can come in; 1: the next morning."""

    legal_entity_id: str
    days_after: int = Field(default=1, ge=1, le=60)


@process_step(BillOnSchedule, wire=AwsPorts.from_env)
def handler(command: BillOnSchedule, ports: Ports) -> dict[str, object]:
    """The run starts before the cursor moves: a crash in between starts the same run again, which is none."""
    through = today(command.legal_entity_id, ports) - timedelta(days=command.days_after)
    feed = f"billing:{command.legal_entity_id}"
    told = ports.cursors.read(feed)
    since = date.fromisoformat(str(told["through"])) if told else through - timedelta(days=1)
    if since >= through:
        return {"run": None, "started": False}
    done = start(command.legal_entity_id, RunScope(through, since=since), RUN, ports)
    ports.cursors.write(feed, {"through": through.isoformat()}, expected=told)
    return done


def today(legal_entity_id: str, ports: Ports) -> date:
    """Of the legal entity's calendar. Raises BusinessException("legal_entity_unknown")."""
    entity = ports.policies.current().legal_entity(legal_entity_id)
    if entity is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=legal_entity_id)
    return local_date(ports.clock.now(), entity.time_zone)
