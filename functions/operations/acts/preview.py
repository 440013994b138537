"""What each allowed action would do, in words; reads only."""

from __future__ import annotations

from functions.operations.acts import accept, amend, approve, reassign, retry, snooze, supply, turn_down, write_off
from shared.domain.exception import BillingException, ExceptionStatus
from shared.ports.ports import Ports

ALWAYS = ("reassign", "snooze")
"""May be done with every open exception, whatever its type."""

EFFECTS = {
    "retry": retry.effect,
    "amend": amend.effect,
    "supply": supply.effect,
    "approve": approve.effect,
    "write_off": write_off.effect,
    "reject": turn_down.effect_of_reject,
    "cancel": turn_down.effect_of_cancel,
    "accept": accept.effect,
    "waive": turn_down.effect_of_waive,
    "reassign": reassign.effect,
    "snooze": snooze.effect,
}


def allowed(trouble: BillingException) -> tuple[str, ...]:
    return () if trouble.status is ExceptionStatus.RESOLVED else (*trouble.actions, *ALWAYS)


def preview(trouble: BillingException, ports: Ports) -> dict[str, str]:
    """By action, in the order they are declared."""
    return {action: EFFECTS[action](trouble, ports) for action in allowed(trouble)}
