"""Sales orders, invoices, credit memos and payments."""

from __future__ import annotations

from sandbox.netsuite.choices import APPROVAL, CREDIT_STATUS, INVOICE_STATUS, ORDER_STATUS, PAYMENT_STATUS
from sandbox.netsuite.fields import RecordType, choice, plain, sublist
from sandbox.netsuite.schema_entities import ADDRESS, CLASSED, STAMPS
from sandbox.netsuite.schema_lists import ITEMS

_LINE = (
    plain(
        f"line:whole item@{'|'.join(ITEMS)} quantity:number rate:number amount:number description job@job "
        "taxCode@salesTaxItem taxDetailsReference taxRate1:number! tax1Amt:number! grossAmt:number! units "
        "revRecStartDate:day revRecEndDate:day"
    )
    | CLASSED
)
_TAX_DETAILS = sublist(
    plain(
        "taxDetailsReference lineType lineName netAmount:number taxType@taxType taxCode@salesTaxItem taxBasis:number "
        "taxRate:number taxAmount:number calcDetail"
    ),
    key=("taxDetailsReference", "taxCode"),
)
_APPLY = sublist(
    plain(
        "doc@invoice apply:flag amount:number line:whole refNum! due:number! total:number! type! applyDate! currency!"
    ),
    key=("doc",),
)
_TRANSACTION = (
    STAMPS
    | plain(
        "createdDate:instant! tranId tranDate:day memo subsidiary@subsidiary currency@currency exchangeRate:number "
        "total:number!"
    )
    | CLASSED
)
_POSTING = plain("postingPeriod@accountingPeriod account@account")
_SALE = plain(
    "entity@customer|job job@job otherRefNum terms@term startDate:day endDate:day email message subtotal:number! "
    "taxTotal:number! discountTotal:number! createdFrom@salesOrder|invoice|job! taxDetailsOverride:flag "
    "taxRegOverride:flag entityTaxRegNum"
) | {"billingAddress": ADDRESS, "taxDetails": _TAX_DETAILS}

_ORDER = (
    _TRANSACTION
    | _SALE
    | {
        "orderStatus": choice(ORDER_STATUS),
        "status": choice(ORDER_STATUS, read_only=True),
        "item": sublist(_LINE | plain("quantityBilled:number! isClosed:flag orderLine:whole!"), key=("line",)),
    }
)
_INVOICE = (
    _TRANSACTION
    | _SALE
    | _POSTING
    | plain(
        "dueDate:day amountPaid:number! amountRemaining:number! amountRemainingTotalBox:number! recognizedRevenue:number! "
        "deferredRevenue:number! revenueStatus! toBeEmailed:flag toBePrinted:flag"
    )
    | {
        "approvalStatus": choice(APPROVAL),
        "status": choice(INVOICE_STATUS, read_only=True),
        "item": sublist(_LINE | plain("orderLine:whole orderDoc@salesOrder"), key=("line",), twin="orderLine"),
    }
)
_CREDIT = (
    _TRANSACTION
    | _SALE
    | _POSTING
    | plain("applied:number! unapplied:number! amountRemaining:number! amountPaid:number! autoApply:flag")
    | {
        "status": choice(CREDIT_STATUS, read_only=True),
        "item": sublist(_LINE | plain("orderLine:whole orderDoc@invoice"), key=("line",), twin="orderLine"),
        "apply": _APPLY,
    }
)
_PAYMENT = (
    _TRANSACTION
    | _POSTING
    | plain(
        "customer@customer|job payment:number arAcct@account undepFunds:flag checkNum autoApply:flag applied:number! "
        "unapplied:number! balance:number! createdFrom@invoice!"
    )
    | {"status": choice(PAYMENT_STATUS, read_only=True), "apply": _APPLY}
)

TRANSACTIONS = [
    RecordType("salesOrder", "transaction", "tranId", _ORDER, ("entity",), "SO", "SalesOrd"),
    RecordType("invoice", "transaction", "tranId", _INVOICE, ("entity",), "INV", "CustInvc"),
    RecordType("creditMemo", "transaction", "tranId", _CREDIT, ("entity",), "CM", "CustCred"),
    RecordType("customerPayment", "transaction", "tranId", _PAYMENT, ("customer",), "PYMT", "CustPymt"),
]
