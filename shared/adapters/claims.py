"""Claiming WIP for an invoice (or a write-off, by its claim's name): in transactions, idempotent per item, so that a run that died goes on where it was.

Each item costs two writes (its own row and the invoice's list), and the invoice's head one: 49 items at once.
The head's revision moves with every claim; a seal that counted before it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import HEAD, Row, text
from shared.adapters.writes import Write, delete, put, update_where
from shared.domain.invoice import InvoiceStatus
from shared.faults import BusinessException, Transient

AT_ONCE = 49
_ENDED = (InvoiceStatus.REJECTED.value, InvoiceStatus.CANCELLED.value)


def item_key(wip_id: str) -> tuple[str, str]:
    return f"WIP#{wip_id}", "ITEM"


def open_owner(contract_id: str) -> str:
    return f"OPEN#{contract_id}"


def claimed_ids(table: DynamoTable, invoice_id: str) -> list[str]:
    """In rising order, read consistently."""
    return [text(row, "sk").removeprefix("WIP#") for row in table.of(f"INV#{invoice_id}", "WIP#")]


def claim(table: DynamoTable, invoice_id: str, wip_ids: Sequence[str]) -> tuple[str, ...]:
    """The ids now claimed by it, in the order asked. Raises BusinessException("invoice_not_draft" | "wip_unknown")."""
    wanted = list(dict.fromkeys(wip_ids))
    _check_draft(table, invoice_id)
    claimed: list[str] = []
    for start in range(0, len(wanted), AT_ONCE):
        claimed += _claim_some(table, invoice_id, wanted[start : start + AT_ONCE])
    return tuple(claimed)


def _claim_some(table: DynamoTable, invoice_id: str, wip_ids: list[str]) -> list[str]:
    """Those that another invoice claimed are left out and the rest tried again; each round loses at least one."""
    while wip_ids:
        writes = [_head_moves(invoice_id)]
        for wip_id in wip_ids:
            writes += [take(invoice_id, wip_id), put(listed(invoice_id, wip_id))]
        try:
            table.write(*writes)
            return wip_ids
        except Refused as refused:
            if 0 in refused.rows:
                _check_draft(table, invoice_id)
                raise Transient("write_conflict", invoice_id=invoice_id) from None
            wip_ids = _without(wip_ids, refused)
    return []


def _without(wip_ids: list[str], refused: Refused) -> list[str]:
    """Item n stands at write 1 + 2n."""
    for place, row in refused.rows.items():
        if row is None:
            raise BusinessException("wip_unknown", wip_id=wip_ids[(place - 1) // 2])
    lost = {wip_ids[(place - 1) // 2] for place in refused.rows}
    return [wip_id for wip_id in wip_ids if wip_id not in lost]


def _head_moves(invoice_id: str) -> Write:
    return update_where(
        f"INV#{invoice_id}",
        HEAD,
        "SET revision = revision + :one",
        "#status = :draft",
        {":one": 1, ":draft": InvoiceStatus.DRAFT.value},
    )


def listed(invoice_id: str, wip_id: str) -> Row:
    """In the list of what it claimed."""
    return {"pk": f"INV#{invoice_id}", "sk": f"WIP#{wip_id}"}


def take(invoice_id: str, wip_id: str) -> Write:
    """Out of the list of open items, which holds only what nobody claimed."""
    return update_where(
        *item_key(wip_id),
        "SET claimed_by = :invoice REMOVE gsi1pk",
        "attribute_exists(pk) AND (attribute_not_exists(claimed_by) OR claimed_by = :invoice)",
        {":invoice": invoice_id},
    )


def release(table: DynamoTable, invoice_id: str) -> int:
    """Raises BusinessException("invoice_state") unless it is rejected or cancelled."""
    head = _head(table, invoice_id)
    if head["status"] not in _ENDED:
        raise BusinessException("invoice_state", invoice_id=invoice_id, status=text(head, "status"))
    return open_again(table, invoice_id)


def open_again(table: DynamoTable, invoice_id: str) -> int:
    """Everything it claims; may be repeated."""
    keys = [item_key(wip_id) for wip_id in claimed_ids(table, invoice_id)]
    rows = list(table.get_all(keys).values())
    return sum(_give_back(table, invoice_id, rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE))


def _give_back(table: DynamoTable, invoice_id: str, rows: Sequence[Row]) -> int:
    """One that is open already, because somebody else releases too, makes each be tried by itself."""
    try:
        table.write(*(write for row in rows for write in opening(invoice_id, row)))
        return len(rows)
    except Refused:
        if len(rows) > 1:
            return sum(_give_back(table, invoice_id, [row]) for row in rows)
        table.write(opening(invoice_id, rows[0])[1])
        return 0


def opening(invoice_id: str, row: Row) -> tuple[Write, Write]:
    """Back into the list of open items, and off the invoice's."""
    pk = text(row, "pk")
    opened = update_where(
        pk,
        text(row, "sk"),
        "SET gsi1pk = :open REMOVE claimed_by",
        "claimed_by = :invoice",
        {":open": open_owner(text(row, "contract_id")), ":invoice": invoice_id},
    )
    return opened, delete(f"INV#{invoice_id}", pk)


def _check_draft(table: DynamoTable, invoice_id: str) -> None:
    status = _head(table, invoice_id)["status"]
    if status != InvoiceStatus.DRAFT.value:
        raise BusinessException("invoice_not_draft", invoice_id=invoice_id, status=str(status))


def _head(table: DynamoTable, invoice_id: str) -> Row:
    head = table.get(f"INV#{invoice_id}", HEAD)
    if head is None:
        raise BusinessException("invoice_unknown", invoice_id=invoice_id)
    return head
