"""The analytics tables: columns with their types.

Column types: int, num, text, flag ("T"/"F"), day, stamp. `shows`: what BUILTIN.DF gives for a column, the record types
an id may name or a dictionary of labels. Source: notes, section 5; column lists by general knowledge, see docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.netsuite.choices import APPROVAL, CREDIT_STATUS, INVOICE_STATUS, JOB_BILLING, ORDER_STATUS, PAYMENT_STATUS
from sandbox.netsuite.schema import ITEMS

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
SALES_TYPES = {sql_type: word for sql_type, (word, _) in _STATUS_WORDS.items()}
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
            "type": SALES_TYPES,
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
