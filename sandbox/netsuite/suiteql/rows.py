"""The analytics rows a stored record becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from sandbox.netsuite.book import Record
from sandbox.netsuite.schema import ITEMS, TYPES
from sandbox.netsuite.suiteql.tables import SALES_TYPES, TABLES, Table

Row = dict[str, Any]


def plain(value: Any) -> Any:
    """A stored value as a cell: ids of references, "T"/"F" for flags."""
    if isinstance(value, bool):
        return "T" if value else "F"
    return value["id"] if isinstance(value, dict) else value


def simple_rows(record: Record, table: Table) -> Iterator[tuple[str, Row]]:
    """A record whose columns are its fields in lower case."""
    lower = {name.lower(): plain(value) for name, value in record.items() if not isinstance(value, list)}
    yield table.name, {name: lower.get(name) for name in table.columns}


def _minus(text: str | None) -> str | None:
    return None if text is None else str(-Decimal(text))


def _transaction_rows(kind: str, record: Record) -> Iterator[tuple[str, Row]]:
    record_type = TYPES[kind]
    [(_, row)] = simple_rows(record, TABLES["transaction"])
    sql_type = record_type.sql_type
    row["type"], row["status"] = sql_type, f"{sql_type}:{record['status']}"
    row["recordtype"], row["transactionnumber"] = kind.lower(), record["tranId"]
    row["trandisplayname"] = f"{SALES_TYPES[sql_type]} #{record['tranId']}"
    row["entity"] = plain(record.get("entity") or record.get("customer"))
    row["posting"], row["voided"] = ("F" if kind == "salesOrder" else "T"), "F"
    credit = kind == "creditMemo"
    row["foreigntotal"] = _minus(record["total"]) if credit else record["total"]
    if kind == "invoice":
        row["foreignamountunpaid"], row["foreignamountpaid"] = record["amountRemaining"], record["amountPaid"]
    if kind in ("creditMemo", "customerPayment"):
        row["foreignpaymentamountunused"], row["foreignpaymentamountused"] = record["unapplied"], record["applied"]
    yield "transaction", row
    yield from _line_rows(kind, record, credit)
    for line in record.get("apply", []):
        link = {"previousdoc": line["doc"]["id"], "nextdoc": record["id"], "previoustype": "CustInvc"}
        yield (
            "nexttransactionlink",
            link | {"nexttype": sql_type, "linktype": "Payment", "foreignamount": line["amount"]},
        )
    if record.get("createdFrom") and kind == "invoice" and record["createdFrom"]["recordType"] == "salesOrder":
        link = {"previousdoc": record["createdFrom"]["id"], "nextdoc": record["id"], "previoustype": "SalesOrd"}
        yield (
            "nexttransactionlink",
            link | {"nexttype": "CustInvc", "linktype": "OrdBill", "foreignamount": record["total"]},
        )


def _line_rows(kind: str, record: Record, credit: bool) -> Iterator[tuple[str, Row]]:
    """The main line carries the total; item and tax lines the other sign, as a ledger's other side."""
    rate, entity = Decimal(record["exchangeRate"]), plain(record.get("entity") or record.get("customer"))
    shared = {
        "transaction": record["id"],
        "subsidiary": plain(record["subsidiary"]),
        "createdfrom": plain(record.get("createdFrom")),
        "linelastmodifieddate": record["lastModifiedDate"],
        "entity": entity,
    }
    shared |= {name: plain(record.get(name)) for name in ("department", "class", "location")}
    total = Decimal(record["total"]) * (-1 if credit else 1)
    number = 0

    def row(amount: Decimal, **cells: Any) -> tuple[str, Row]:
        money = {"foreignamount": str(amount), "netamount": str(amount * rate)}
        keys = {"id": number, "linesequencenumber": number, "uniquekey": f"{record['id']}{number:04d}"}
        return "transactionline", shared | {"mainline": "F", "taxline": "F"} | money | keys | cells

    yield row(total, mainline="T", memo=record.get("memo"))
    sign = 1 if credit else -1
    for line in record.get("item", []):
        number = line["line"]
        cells = {
            name: plain(line.get(name))
            for name in ("item", "rate", "department", "class", "location")
            if line.get(name)
        }
        cells |= {"itemtype": "Service", "memo": line.get("description"), "quantitybilled": line.get("quantityBilled")}
        cells |= {"entity": plain(line["job"])} if line.get("job") else {}
        quantity = Decimal(line["quantity"]) * sign if line.get("quantity") else None
        yield row(Decimal(line["amount"]) * sign, quantity=None if quantity is None else str(quantity), **cells)
    for detail in record.get("taxDetails", []):
        number += 1
        yield row(
            Decimal(detail["taxAmount"]) * sign, taxline="T", item=plain(detail.get("taxCode")), itemtype="TaxItem"
        )


def _hours(text: str) -> str:
    hours, _, minutes = text.partition(":")
    return str(round(int(hours) + Decimal(int(minutes)) / 60, 4))


def rows_of(kind: str, record: Record) -> Iterator[tuple[str, Row]]:
    """(table, row) pairs of one record."""
    if TYPES[kind].ids == "transaction":
        yield from _transaction_rows(kind, record)
        return
    name = "item" if kind in ITEMS else kind.lower()
    [(_, row)] = simple_rows(record, TABLES[name])
    if name in _ADJUST:
        _ADJUST[name](row, record)
    yield name, row


def _adjust_job(row: Row, record: Record) -> None:
    row["customer"] = row["parent"]


def _adjust_item(row: Row, record: Record) -> None:
    row["fullname"], row["description"] = record["itemId"], record.get("salesDescription")


def _adjust_tax(row: Row, record: Record) -> None:
    row["name"] = record["itemId"]


def _adjust_account(row: Row, record: Record) -> None:
    row["fullname"] = record["acctName"]
    row["accountsearchdisplayname"] = f"{record.get('acctNumber', '')} {record['acctName']}".strip()


def _adjust_time(row: Row, record: Record) -> None:
    row["hours"] = _hours(record["hours"])


_ADJUST: dict[str, Callable[[Row, Record], None]] = {
    "job": _adjust_job,
    "item": _adjust_item,
    "salestaxitem": _adjust_tax,
    "account": _adjust_account,
    "timebill": _adjust_time,
}
