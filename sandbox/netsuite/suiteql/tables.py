"""The analytics tables: columns with their types, and the rows a record becomes.

Column types: int, num, text, flag ("T"/"F"), day, stamp. `shows`: what BUILTIN.DF gives for a column, the record types
an id may name or a dictionary of labels. Source: notes, section 5; column lists by general knowledge, see docs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.netsuite.book import Record
from sandbox.netsuite.schema import (
    APPROVAL,
    CREDIT_STATUS,
    INVOICE_STATUS,
    ITEMS,
    JOB_BILLING,
    ORDER_STATUS,
    PAYMENT_STATUS,
    TYPES,
)

Row = dict[str, Any]
Shows = tuple[str, ...] | Mapping[str, str]


@dataclass(frozen=True)
class Table:
    name: str
    columns: Mapping[str, str]
    shows: Mapping[str, Shows] = field(default_factory=dict)
    own_id: bool = True


_STATUS_WORDS = {
    "CustInvc": ("Invoice", INVOICE_STATUS),
    "CustCred": ("Credit Memo", CREDIT_STATUS),
    "CustPymt": ("Payment", PAYMENT_STATUS),
    "SalesOrd": ("Sales Order", ORDER_STATUS),
}
_STATUSES = {f"{t}:{k}": f"{word} : {label}" for t, (word, all_) in _STATUS_WORDS.items() for k, label in all_.items()}
_SALES_TYPES = {sql_type: word for sql_type, (word, _) in _STATUS_WORDS.items()}
_ENTITY = ("customer", "job", "employee")


def _columns(text: str) -> dict[str, str]:
    """`id:int name tranid` -> types, text when none is said."""
    return {name: kind or "text" for name, _, kind in (part.partition(":") for part in text.split())}


_ENTITY_COLUMNS = "id:int entityid externalid altname email phone isinactive:flag subsidiary:int currency:int datecreated:stamp lastmodifieddate:stamp"
_LIST = [
    Table(
        "transaction",
        _columns(
            "id:int tranid transactionnumber externalid type recordtype trandisplayname status entity:int trandate:day "
            "duedate:day startdate:day enddate:day currency:int exchangerate:num foreigntotal:num foreignamountunpaid:num "
            "foreignamountpaid:num foreignpaymentamountunused:num foreignpaymentamountused:num memo otherrefnum email "
            "createddate:stamp lastmodifieddate:stamp postingperiod:int posting:flag approvalstatus:int terms:int voided:flag"
        ),
        {
            "type": _SALES_TYPES,
            "status": _STATUSES,
            "entity": _ENTITY,
            "currency": ("currency",),
            "postingperiod": ("accountingPeriod",),
            "approvalstatus": APPROVAL,
            "terms": ("term",),
        },
    ),
    Table(
        "transactionline",
        _columns(
            "uniquekey:int id:int transaction:int linesequencenumber:int mainline:flag taxline:flag item:int itemtype "
            "quantity:num rate:num foreignamount:num netamount:num memo entity:int subsidiary:int department:int class:int "
            "location:int createdfrom:int quantitybilled:num linelastmodifieddate:stamp"
        ),
        {
            "item": (*ITEMS, "salesTaxItem"),
            "entity": _ENTITY,
            "subsidiary": ("subsidiary",),
            "transaction": ("invoice", "creditMemo", "customerPayment", "salesOrder"),
            "department": ("department",),
            "class": ("classification",),
            "location": ("location",),
        },
        own_id=False,
    ),
    Table(
        "nexttransactionlink",
        _columns("previousdoc:int nextdoc:int previoustype nexttype linktype foreignamount:num"),
        own_id=False,
    ),
    Table(
        "customer",
        _columns(
            _ENTITY_COLUMNS
            + " companyname isperson:flag firstname lastname terms:int parent:int defaulttaxreg vatregnumber comments"
        ),
        {
            "subsidiary": ("subsidiary",),
            "currency": ("currency",),
            "terms": ("term",),
            "parent": ("customer",),
            "id": ("customer",),
        },
    ),
    Table(
        "job",
        _columns(
            _ENTITY_COLUMNS + " companyname parent:int customer:int startdate:day projectedenddate:day jobbillingtype "
            "jobprice:num percentcomplete:num projectmanager:int allowtime:flag"
        ),
        {
            "subsidiary": ("subsidiary",),
            "currency": ("currency",),
            "parent": ("customer",),
            "customer": ("customer",),
            "jobbillingtype": JOB_BILLING,
            "id": ("job",),
        },
    ),
    Table(
        "employee",
        _columns(_ENTITY_COLUMNS + " firstname lastname title supervisor:int hiredate:day"),
        {"subsidiary": ("subsidiary",), "id": ("employee",)},
    ),
    Table(
        "currency",
        _columns(
            "id:int name symbol displaysymbol exchangerate:num isbasecurrency:flag isinactive:flag currencyprecision:int externalid lastmodifieddate:stamp"
        ),
    ),
    Table(
        "subsidiary",
        _columns(
            "id:int name legalname country currency:int parent:int isinactive:flag iselimination:flag externalid lastmodifieddate:stamp"
        ),
        {"currency": ("currency",), "parent": ("subsidiary",)},
    ),
    Table(
        "term",
        _columns(
            "id:int name daysuntilnetdue:int discountpercent:num datedriven:flag isinactive:flag externalid lastmodifieddate:stamp"
        ),
    ),
    Table(
        "item",
        _columns(
            "id:int itemid displayname fullname description itemtype externalid isinactive:flag lastmodifieddate:stamp rate:num"
        ),
    ),
    Table(
        "salestaxitem",
        _columns("id:int itemid name description rate:num taxtype:int isinactive:flag externalid"),
        {"taxtype": ("taxType",)},
    ),
    Table("taxtype", _columns("id:int name country isinactive:flag externalid")),
    Table(
        "account", _columns("id:int acctnumber accountsearchdisplayname fullname accttype isinactive:flag externalid")
    ),
    Table(
        "accountingperiod",
        _columns(
            "id:int periodname startdate:day enddate:day closed:flag closedondate:day isyear:flag isquarter:flag isadjust:flag isposting:flag arlocked:flag aplocked:flag alllocked:flag parent:int lastmodifieddate:stamp"
        ),
        {"parent": ("accountingPeriod",)},
    ),
    Table("department", _columns("id:int name isinactive:flag externalid subsidiary:int")),
    Table("classification", _columns("id:int name isinactive:flag externalid subsidiary:int")),
    Table("location", _columns("id:int name isinactive:flag externalid subsidiary:int")),
    Table(
        "timebill",
        _columns(
            "id:int externalid employee:int customer:int item:int trandate:day hours:num isbillable:flag approvalstatus:int rate:num memo subsidiary:int timetype lastmodifieddate:stamp createddate:stamp"
        ),
        {"employee": ("employee",), "customer": ("customer", "job"), "item": ITEMS},
    ),
    Table(
        "charge",
        _columns(
            "id:int externalid billto:int stage chargedate:day chargetype billingitem:int rate:num quantity:num amount:num currency:int invoice:int memo use lastmodifieddate:stamp createddate:stamp"
        ),
        {"billto": ("customer", "job"), "billingitem": ITEMS, "currency": ("currency",)},
    ),
    Table("deletedrecord", _columns("recordid:int recordtypeid name type scriptid deleteddate:stamp"), own_id=False),
]
TABLES = {table.name: table for table in _LIST}


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
    row["trandisplayname"] = f"{_SALES_TYPES[sql_type]} #{record['tranId']}"
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
