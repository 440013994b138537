"""What a contract's invoices draw on each purchase order: pk CON#<contract id>, sk PO#<number>.

`amount` and `currency` are the sum over its sealed, priced and posted invoices, clause lines included; it moves with them,
in the same transaction and only if nobody else moved it meanwhile, so invoices drafted at once cannot both use what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import Row, number, text
from shared.adapters.writes import Write, put_over
from shared.domain.invoice import Invoice
from shared.domain.money import Money
from shared.faults import BusinessException

ORDER = "PO#"


def of_contract(table: DynamoTable, contract_id: str) -> dict[str, Money]:
    rows = table.of(f"CON#{contract_id}", ORDER)
    return {text(row, "sk").removeprefix(ORDER): _amount(row) for row in rows}


def changed(
    table: DynamoTable, before: Invoice, after: Invoice, limits: Mapping[str, Money] | None = None
) -> Sequence[Write]:
    """limits: net, by contract; one that is not named has none. Raises BusinessException("purchase_order_exceeded")."""
    order = after.group.purchase_order
    if order is None:
        return ()
    every = sorted({*before.contract_ids, *after.contract_ids})
    return [
        write
        for each in every
        for write in _of_contract(table, order, each, before, after, limits.get(each) if limits else None)
    ]


def _of_contract(
    table: DynamoTable, order: str, contract_id: str, before: Invoice, after: Invoice, limit: Money | None
) -> Sequence[Write]:
    zero = Money.zero(after.group.currency)
    more = (after.drawn_of(contract_id) or zero) - (before.drawn_of(contract_id) or zero)
    if more == zero:
        return ()
    pk, sk = f"CON#{contract_id}", f"{ORDER}{order}"
    row = table.get(pk, sk)
    total = (_amount(row) if row else zero) + more
    if limit and more.amount > 0 and total.amount > limit.amount:
        raise BusinessException("purchase_order_exceeded", purchase_order=order, invoice_id=after.invoice_id)
    revision = number(row, "revision") if row else 0
    after_row: Row = {
        "pk": pk,
        "sk": sk,
        "amount": str(total.amount),
        "currency": total.currency,
        "revision": revision + 1,
    }
    return (put_over(after_row, revision),)


def _amount(row: Row) -> Money:
    return Money(Decimal(text(row, "amount")), text(row, "currency"))
