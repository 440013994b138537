"""Documents of sale (sales order, invoice, credit memo): whose they are, their lines, totals and numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sandbox.netsuite.amounts import ZERO, currency_places, exchange_rate, number, rounded, text
from sandbox.netsuite.book import Record, Unit
from sandbox.netsuite.errors import Detail, NetSuiteError, invalid_content, user_error
from sandbox.netsuite.schema import TYPES
from sandbox.netsuite.tax import settle_tax
from sandbox.netsuite.write import Write


def customer_of(unit: Unit, entity: dict[str, str]) -> Record:
    """The customer behind an entity reference, which may name a project."""
    if entity["recordType"] == "job":
        job = unit.peek("job", entity["id"]) or {}
        entity = job["parent"]
    customer = unit.peek("customer", entity["id"])
    if customer is None:
        raise user_error(f"Invalid entity reference key {entity['id']}.")
    return customer


def settle_head(write: Write, entity_field: str) -> Record:
    """Subsidiary, currency, rate and dates from the customer where not given. Returns the customer."""
    record = write.record
    entity = record[entity_field]
    if entity["recordType"] == "job" and "job" in TYPES[write.kind].fields:
        record.setdefault("job", entity)
    customer = customer_of(write.unit, entity)
    record.setdefault("tranDate", write.today)
    record.setdefault("subsidiary", customer["subsidiary"])
    if record["subsidiary"]["id"] != customer["subsidiary"]["id"]:
        raise _bad_key("subsidiary", record["subsidiary"]["id"], customer["id"])
    _check_job(write, customer)
    _settle_currency(write, customer)
    _settle_number(write)
    record.setdefault("createdDate", write.stamp)
    return customer


def _check_job(write: Write, customer: Record) -> None:
    jobs = [write.record.get("job"), *(line.get("job") for line in write.record.get("item", []))]
    for job_ref in jobs:
        job = write.unit.peek("job", job_ref["id"]) if job_ref else None
        if job_ref and (job is None or job["parent"]["id"] != customer["id"]):
            raise _bad_key("job", job_ref["id"], customer["id"])


def _settle_currency(write: Write, customer: Record) -> None:
    record = write.record
    base = write.unit.peek("subsidiary", record["subsidiary"]["id"]) or {}
    record.setdefault("currency", customer.get("currency") or base["currency"])
    currency_id = record["currency"]["id"]
    own = (customer.get("currency") or base["currency"])["id"]
    allowed = {own, *(line["currency"]["id"] for line in customer.get("currencyList", []))}
    if write.settings.check_currency and currency_id not in allowed:
        raise _bad_key("currency", currency_id, customer["id"])
    changed = write.old is not None and write.old["currency"]["id"] != currency_id
    if "exchangeRate" not in record or (changed and "exchangeRate" not in write.given):
        record["exchangeRate"] = exchange_rate(write.unit, currency_id, record["subsidiary"]["id"])


def _bad_key(name: str, value: str, owner: str) -> NetSuiteError:
    detail = f"Error while accessing a resource. Invalid {name} reference key {value} for entity {owner}."
    return NetSuiteError(400, Detail(detail, "INVALID_KEY_OR_REF", {"o:errorPath": name}))


def _settle_number(write: Write) -> None:
    record, record_type = write.record, TYPES[write.kind]
    wanted = write.given.get("tranId")
    if wanted and write.settings.refuse_duplicate_numbers:
        for other in write.unit.each(write.kind):
            if other.get("tranId") == wanted and other["id"] != record["id"]:
                raise NetSuiteError(400, Detail(f"A record with number {wanted} already exists.", "DUP_RCRD"))
    if not record.get("tranId"):
        record["tranId"] = f"{record_type.prefix}{write.unit.next_number(f'tranid:{write.kind}', 1001)}"


def settle_lines(write: Write) -> None:
    """Line amounts and document totals. A given amount wins; else quantity x rate, rounded to the currency."""
    record = write.record
    lines = record.get("item", [])
    if not lines:
        raise user_error("You must enter at least one line item for this transaction.")
    places = currency_places(write.unit, record["currency"]["id"])
    currency_moved = write.old is not None and write.old["currency"]["id"] != record["currency"]["id"]
    for index, line in enumerate(lines):
        _settle_line(line, f"item.items[{index}]", places, again=currency_moved)
    subtotal = sum((number(line["amount"]) for line in lines), start=ZERO)
    tax = settle_tax(write, places)
    if subtotal + tax < 0:
        raise user_error("The total amount of this transaction may not be negative.")
    record["subtotal"], record["taxTotal"] = text(rounded(subtotal, places)), text(rounded(tax, places))
    record["total"] = text(rounded(subtotal + tax, places))


def _settle_line(line: dict[str, Any], path: str, places: int, *, again: bool) -> None:
    given = set(line.get("_given", ()))
    if "item" not in line:
        raise invalid_content("Please enter value(s) for: Item", f"{path}.item")
    if "amount" in line and ("amount" in given or not (given & {"quantity", "rate"} or again)):
        line["amount"] = text(rounded(number(line["amount"]), places))
        if "rate" not in given and number(line.get("quantity")) and "amount" in given:
            line["rate"] = text(_shown_rate(line))
        return
    if "rate" not in line:
        raise invalid_content("Please enter value(s) for: Amount", f"{path}.amount")
    line.setdefault("quantity", "1")
    line["amount"] = text(rounded(number(line["quantity"]) * number(line["rate"]), places))


def _shown_rate(line: dict[str, Any]) -> Any:
    """The rate NetSuite shows beside a given amount: amount / quantity, at most 8 decimals."""
    return rounded(number(line["amount"]) / number(line["quantity"]), 8).normalize()


def settle_due_date(write: Write, customer: Record) -> None:
    record, old = write.record, write.old
    if "terms" not in record and customer.get("terms") and old is None:
        record["terms"] = customer["terms"]
    moved = old is not None and (old.get("tranDate"), old.get("terms")) != (record["tranDate"], record.get("terms"))
    if record.get("dueDate") and not (moved and "dueDate" not in write.given):
        return
    term = write.unit.peek("term", record["terms"]["id"]) if record.get("terms") else None
    days = int(term.get("daysUntilNetDue") or 0) if term else 0
    record["dueDate"] = (date.fromisoformat(record["tranDate"]) + timedelta(days=days)).isoformat()
