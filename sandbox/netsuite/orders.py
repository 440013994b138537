"""Sales orders: how much of each line is billed, and by that the order's status."""

from __future__ import annotations

from decimal import Decimal

from sandbox.netsuite.amounts import ZERO, number, text
from sandbox.netsuite.book import Record
from sandbox.netsuite.errors import user_error
from sandbox.netsuite.sales import settle_head, settle_lines
from sandbox.netsuite.write import Write, later_stamp


def complete_order(write: Write) -> None:
    settle_head(write, "entity")
    settle_lines(write)
    for line in write.record["item"]:
        line.setdefault("quantity", "1")
        line.setdefault("quantityBilled", "0")
        line["orderLine"] = line["line"]
    write.record.setdefault("orderStatus", "F")
    settle_order_status(write.record)


def settle_order_status(order: Record) -> None:
    billed = all(number(line["quantityBilled"]) >= number(line["quantity"]) for line in order["item"])
    if order["orderStatus"] not in ("A", "C"):
        order["orderStatus"] = "G" if billed else "F"
    order["status"] = order["orderStatus"]


def _from_orders(invoice: Record | None) -> dict[tuple[str, int], Decimal]:
    """(order id, order line) -> quantity this invoice bills of it."""
    taken: dict[tuple[str, int], Decimal] = {}
    for line in (invoice or {}).get("item", []):
        if line.get("orderDoc") and line.get("orderLine") is not None:
            key = (line["orderDoc"]["id"], line["orderLine"])
            taken[key] = taken.get(key, ZERO) + number(line.get("quantity", "1"))
    return taken


def settle_billed(write: Write, *, deleted: bool = False) -> None:
    """Moves quantityBilled on the orders this invoice bills. Raises USER_ERROR when more than ordered."""
    before, after = _from_orders(write.old), {} if deleted else _from_orders(write.record)
    for order_id, line_number in sorted(before.keys() | after.keys()):
        key = (order_id, line_number)
        change = after.get(key, ZERO) - before.get(key, ZERO)
        order = write.unit.get("salesOrder", order_id)
        if change == 0 or order is None:
            continue
        line = next((row for row in order["item"] if row["line"] == line_number), None)
        if line is None:
            raise user_error(f"Sales order {order['tranId']} has no line {line_number}.")
        billed = number(line["quantityBilled"]) + change
        if billed > number(line["quantity"]):
            raise user_error(f"The quantity billed of line {line_number} cannot exceed the quantity ordered.")
        line["quantityBilled"] = text(billed)
        settle_order_status(order)
        order["lastModifiedDate"] = later_stamp(write.stamp, order)
        write.unit.put("salesOrder", order)
