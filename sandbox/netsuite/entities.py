"""What NetSuite fills in and refuses on customers, projects, employees, items, time and charges."""

from __future__ import annotations

from sandbox.netsuite.amounts import ZERO, number, rounded, text
from sandbox.netsuite.book import Book, Record
from sandbox.netsuite.errors import invalid_content, user_error
from sandbox.netsuite.parse import hours_ok
from sandbox.netsuite.sales import customer_of
from sandbox.netsuite.write import Write


def complete_customer(write: Write) -> None:
    record = write.record
    record.setdefault("isPerson", False)
    named = record.get("lastName") if record["isPerson"] else record.get("companyName")
    if not named:
        field = "lastName" if record["isPerson"] else "companyName"
        raise invalid_content(f"Please enter value(s) for: {field}", field)
    _settle_entity(write, str(named))
    subsidiary = write.unit.peek("subsidiary", record["subsidiary"]["id"]) or {}
    record.setdefault("currency", subsidiary.get("currency"))
    _refuse_moved_books(write)
    _settle_addresses(record)


def _settle_addresses(record: Record) -> None:
    """Each address gets an id; the last one said to be the default is the only one."""
    addresses = record.get("addressBook", [])
    for index, address in enumerate(addresses, start=1):
        address.setdefault("internalId", f"{record['id']}{index:02d}")
    for name in ("defaultBilling", "defaultShipping"):
        wanted = [address for address in addresses if name in address.get("_given", ()) and address.get(name)]
        for address in addresses:
            if wanted and address is not wanted[-1]:
                address[name] = False


def _refuse_moved_books(write: Write) -> None:
    """Subsidiary and currency of a customer stay as they are once it has transactions."""
    if write.old is None:
        return
    for name in ("subsidiary", "currency"):
        if write.old[name]["id"] != write.record[name]["id"] and _has_transactions(write):
            raise user_error(f"The {name} of a customer with transactions cannot be changed.")


def _has_transactions(write: Write) -> bool:
    me = write.record["id"]
    return any(customer_of(write.unit, row["entity"])["id"] == me for row in write.unit.each("invoice"))


def complete_job(write: Write) -> None:
    record = write.record
    parent = write.unit.peek("customer", record["parent"]["id"]) or {}
    record.setdefault("subsidiary", parent["subsidiary"])
    record.setdefault("currency", parent["currency"])
    if record["subsidiary"]["id"] != parent["subsidiary"]["id"]:
        raise user_error("The subsidiary of a project must be that of its customer.")
    record.setdefault("jobBillingType", "TM")
    record.setdefault("allowTime", True)
    record.setdefault("allowExpenses", True)
    _settle_entity(write, record["companyName"])


def complete_employee(write: Write) -> None:
    record = write.record
    name = " ".join(part for part in (record.get("firstName"), record.get("lastName")) if part)
    if not name and not record.get("entityId"):
        raise invalid_content("Please enter value(s) for: Last Name", "lastName")
    _settle_entity(write, name)


def _settle_entity(write: Write, name: str) -> None:
    record = write.record
    record.setdefault("isInactive", False)
    record.setdefault("dateCreated", write.stamp)
    if write.given.get("entityId"):
        for other in write.unit.each(write.kind):
            if other["entityId"] == record["entityId"] and other["id"] != record["id"]:
                raise user_error(f"A {write.kind} record with this ID already exists. You must enter a unique ID.")
    record.setdefault("entityId", f"{record['id']} {name}".strip())
    record["altName"] = name


def complete_item(write: Write) -> None:
    kind = "Service" if write.kind.startswith("service") else "NonInvtPart"
    write.record["itemType"] = kind
    write.record.setdefault("isInactive", False)


def complete_plain(write: Write) -> None:
    if "isInactive" not in write.record and write.kind != "accountingPeriod":
        write.record["isInactive"] = False


def complete_time(write: Write) -> None:
    record = write.record
    if not hours_ok(record["hours"]):
        raise invalid_content(f"Invalid value '{record['hours']}' of field 'hours'. Use hh:mm.", "hours")
    record.setdefault("tranDate", write.today)
    record.setdefault("timeType", "A")
    record.setdefault("isBillable", False)
    record.setdefault("approvalStatus", "1")
    record.setdefault("createdDate", write.stamp)
    record.setdefault("posted", False)
    employee = write.unit.peek("employee", record["employee"]["id"]) or {}
    record.setdefault("subsidiary", employee.get("subsidiary"))


def complete_charge(write: Write) -> None:
    record = write.record
    record.setdefault("chargeDate", write.today)
    record.setdefault("use", "Actual")
    record.setdefault("createdDate", write.stamp)
    record.setdefault("currency", customer_of(write.unit, record["billTo"])["currency"])
    if "rate" in record and "amount" not in write.given:
        value = number(record["rate"]) * number(record.setdefault("quantity", "1"))
        record["amount"] = text(rounded(value, 2))


def open_balance(book: Book, customer: Record) -> str:
    """What a customer owes: the open amount of its invoices, projects' included, in mixed currencies as they are."""
    mine = {job["id"] for job in book.all("job") if job["parent"]["id"] == customer["id"]} | {customer["id"]}
    rows = (row for row in book.all("invoice") if row["entity"]["id"] in mine)
    return text(sum((number(row["amountRemaining"]) for row in rows), start=ZERO))
