"""What a contract's invoices draw on each purchase order: pk CON#<contract id>, sk PO#<number>.

`amount` and `currency` are the sum over its sealed, priced and posted invoices, clause lines included; it moves with them,
in the same transaction and only if nobody else moved it meanwhile, so invoices drafted at once cannot both use what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def changed(table: DynamoTable, before: Invoice, after: Invoice, limit: Money | None) -> Sequence[Write]:
    """limit: net; None: not asked. Raises BusinessException("purchase_order_exceeded")."""
    order = after.group.purchase_order
    zero = Money.zero(after.group.currency)
    more = (after.drawn or zero) - (before.drawn or zero)
    if order is None or more == zero:
        return ()
    pk, sk = f"CON#{after.group.contract_id}", f"{ORDER}{order}"
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
