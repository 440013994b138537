"""Put to sleep until a moment: it is still open, but its clock rests. It wakes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from functions.operations.acts.command import ActOnException, act_of, need, need_reason
from shared.domain.exception import BillingException, Happening, What
from shared.domain.exception_life import with_happening
from shared.faults import BusinessException
from shared.ports.ports import Ports

LONGEST = timedelta(days=30)
"""A saga that waits asks again after that long."""


def effect(trouble: BillingException, ports: Ports) -> str:
    return f"rests until the moment you name, at most {LONGEST.days} days; past {trouble.due_at.isoformat()} it escalates on waking"


def act(trouble: BillingException, command: ActOnException, ports: Ports) -> BillingException:
    """until: a day or an instant, ISO 8601, UTC unless told. Raises BusinessException("action_lacks" | "snooze_until")."""
    need_reason(command)
    now, until = ports.clock.now(), moment_of(need(command, "until"))
    if not now < until <= now + LONGEST:
        raise BusinessException("snooze_until", until=until.isoformat(), longest=(now + LONGEST).isoformat())
    told = Happening(now, What.ACTED, command.by, f"snooze until {until.isoformat()}: {command.reason}")
    after = {"snoozed_until": until.isoformat()}
    return ports.exceptions.change(
        trouble.exception_id,
        lambda known: with_happening(replace(known, snoozed_until=until), told),
        act_of(trouble, command, ports, once=f":snooze:{now.isoformat()}", after=after),
    )


def moment_of(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BusinessException("snooze_until", until=text) from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
