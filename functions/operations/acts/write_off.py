"""Rejected with a write-off: the work it is about is given up, by the write-off's own rules and approvals."""

from __future__ import annotations

from decimal import Decimal

from functions.operations import write_off
from functions.operations.acts.command import ActOnException, need, need_reason
from shared.domain.exception import BillingException
from shared.domain.wip import WipItem
from shared.ports.ports import Ports


def effect(trouble: BillingException, ports: Ports) -> str:
    items = items_of(trouble, ports)
    if not items:
        return "nothing of it is open any more: closes the record only"
    total = sum((item.value.amount for item in items), Decimal(0))
    return f"{len(items)} items, {total:f} {items[0].value.currency}, are written off; over the threshold another person approves"


def act(trouble: BillingException, command: ActOnException, ports: Ports) -> None:
    """Once per time the trouble was raised. Raises what `billweave write-off` does."""
    need_reason(command)
    items = items_of(trouble, ports)
    if not items:
        return
    request = f"exc-{trouble.exception_id[:36]}-{int(trouble.raised_at.timestamp())}"
    asked = write_off.WriteOffWork(
        request_id=request,
        by=command.by,
        reason=need(command, "reason"),
        note=command.reason,
        items=tuple(item.wip_id for item in items),
    )
    write_off.give_up(asked, ports)


def items_of(trouble: BillingException, ports: Ports) -> list[WipItem]:
    """Those still open: of a list in its facts, or the one it is about."""
    wanted = [each for each in trouble.facts.get("items", trouble.subject).split(",") if each]
    contract_id = trouble.facts.get("contract_id", trouble.correlation_id)
    return [item for item in ports.wip.open_of(contract_id) if item.wip_id in wanted]
