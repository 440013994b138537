"""Invoices and what settles them: payments and credit memos move amountPaid, amountRemaining and status."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.netsuite.amounts import ZERO, currency_places, number, rounded, text
from sandbox.netsuite.book import Record
from sandbox.netsuite.errors import user_error
from sandbox.netsuite.orders import settle_billed
from sandbox.netsuite.periods import settle_period
from sandbox.netsuite.sales import customer_of, settle_due_date, settle_head, settle_lines
from sandbox.netsuite.write import Write, later_stamp


def complete_invoice(write: Write) -> None:
    record = write.record
    customer = settle_head(write, "entity")
    settle_due_date(write, customer)
    settle_lines(write)
    settle_period(write)
    record.setdefault("approvalStatus", "1" if write.settings.invoice_approval_routing else "2")
    record.setdefault("amountPaid", "0.00")
    if number(record["amountPaid"]) > number(record["total"]):
        raise user_error("The total of this invoice cannot be less than the amount already paid.")
    if write.old and number(write.old["amountPaid"]) != 0 and _owner(write.old) != _owner(record):
        raise user_error("The customer and the currency of an invoice with payments cannot be changed.")
    settle_status(record)
    settle_billed(write)


def _owner(invoice: Record) -> tuple[str, str]:
    return invoice["entity"]["id"], invoice["currency"]["id"]


def settle_status(record: Record) -> None:
    """Status letter, amountPaid and amountRemaining from the total, the payments and the approval."""
    remaining = number(record["total"]) - number(record["amountPaid"])
    record["amountRemaining"] = record["amountRemainingTotalBox"] = text(remaining)
    if record["approvalStatus"] == "1":
        record["status"] = "D"
    elif record["approvalStatus"] == "3":
        record["status"] = "E"
    else:
        record["status"] = "B" if remaining == 0 else "A"


def complete_credit_memo(write: Write) -> None:
    settle_head(write, "entity")
    settle_lines(write)
    _settle_applications(write, number(write.record["total"]))
    settle_period(write)
    record = write.record
    record["amountPaid"], record["amountRemaining"] = record["applied"], record["unapplied"]
    record["status"] = "B" if number(record["unapplied"]) == 0 else "A"


def complete_payment(write: Write) -> None:
    record = write.record
    settle_head(write, "customer")
    places = currency_places(write.unit, record["currency"]["id"])
    lines = [line for line in record.get("apply", []) if line.get("apply", True)]
    if "payment" not in record:
        wanted = [number(line.get("amount", _invoice(write, line)["amountRemaining"])) for line in lines]
        record["payment"] = text(sum(wanted, start=ZERO))
    amount = rounded(number(record["payment"]), places)
    if amount <= 0:
        raise user_error("Please enter a payment amount greater than zero.")
    record["payment"] = record["total"] = text(amount)
    _settle_applications(write, amount)
    settle_period(write)
    record.setdefault("undepFunds", True)
    record["status"] = "B" if record["undepFunds"] else "C"


def _invoice(write: Write, line: dict[str, Any]) -> Record:
    invoice = write.unit.get("invoice", line["doc"]["id"]) if line.get("doc") else None
    if invoice is None:
        raise user_error("Invalid doc reference key in the apply sublist.")
    return invoice


def _settle_applications(write: Write, available: Decimal) -> None:
    """Moves the invoices from what the old record applied to what the new one applies."""
    record = write.record
    release(write, write.old)
    if record.get("autoApply") and not record.get("apply"):
        record["apply"] = _oldest_first(write)
    kept, left = [], available
    for line in record.get("apply", []):
        if not line.get("apply", True):
            continue
        invoice = _invoice(write, line)
        open_amount = number(invoice["amountRemaining"])
        amount = number(line["amount"]) if "amount" in line else min(open_amount, left)
        if amount > 0:
            _check_application(write, invoice, amount, left)
            line.update(apply=True, amount=text(amount), due=text(open_amount), total=invoice["total"])
            line.update(refNum=invoice["tranId"], type="Invoice", applyDate=invoice["tranDate"])
            _pay(write, invoice, amount)
            left -= amount
            kept.append(line)
    record["apply"] = kept
    record["applied"], record["unapplied"] = text(available - left), text(left)


def _oldest_first(write: Write) -> list[dict[str, Any]]:
    owner = customer_of(write.unit, write.record.get("entity") or write.record["customer"])["id"]
    mine = [
        row for row in write.unit.each("invoice")
        if row["status"] == "A" and customer_of(write.unit, row["entity"])["id"] == owner
        and row["currency"]["id"] == write.record["currency"]["id"]
    ]  # fmt: skip
    mine.sort(key=lambda row: (row["dueDate"], int(row["id"])))
    return [{"doc": {"id": row["id"], "recordType": "invoice"}, "apply": True} for row in mine]


def _check_application(write: Write, invoice: Record, amount: Decimal, left: Decimal) -> None:
    owner = customer_of(write.unit, write.record.get("entity") or write.record["customer"])
    if customer_of(write.unit, invoice["entity"])["id"] != owner["id"]:
        raise user_error(f"Invoice {invoice['tranId']} does not belong to this customer.")
    if invoice["currency"]["id"] != write.record["currency"]["id"]:
        raise user_error(f"Invoice {invoice['tranId']} has another currency.")
    if invoice["status"] not in ("A", "B"):
        raise user_error(f"Invoice {invoice['tranId']} is not open.")
    if amount > number(invoice["amountRemaining"]):
        raise user_error(f"The amount applied to {invoice['tranId']} cannot exceed the amount due.")
    if amount > left:
        raise user_error("The total amount applied cannot exceed the amount of this transaction.")


def release(write: Write, old: Record | None) -> None:
    """Takes back what a payment or credit memo had applied (before it is changed or deleted)."""
    for line in (old or {}).get("apply", []):
        invoice = write.unit.get("invoice", line["doc"]["id"])
        if invoice:
            _pay(write, invoice, -number(line["amount"]))


def _pay(write: Write, invoice: Record, amount: Decimal) -> None:
    invoice["amountPaid"] = text(number(invoice["amountPaid"]) + amount)
    settle_status(invoice)
    invoice["lastModifiedDate"] = later_stamp(write.stamp, invoice)
    write.unit.put("invoice", invoice)
