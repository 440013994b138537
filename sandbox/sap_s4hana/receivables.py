"""Accounting: what a billing document posts, what customers pay, and what is set against what.

Source: vendor notes, sections 7 and 9: the billing document shows InvoiceClearingStatus A open, B partly, C cleared;
amounts paid stand in the journal entry items that name the invoice.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.fields import plain
from sandbox.sap_s4hana.given import filled
from sandbox.sap_s4hana.messages import said
from sandbox.sap_s4hana.organization import BANK, OUTPUT_TAX, RECEIVABLES, REVENUE, TERMS
from sandbox.sap_s4hana.pricing import ZERO
from sandbox.sap_s4hana.work import Work

DOCUMENT, ITEM = "A_BillingDocument", "A_OperationalAcctgDocItemCube"
CREDITS = frozenset({"G2", "S1"})


def post(work: Work, number: str, reference: str = "") -> None:
    """To accounting. reference: the billing document that a credit is against, or "" ."""
    row = _billing(work, number)
    sign = -1 if row["BillingDocumentType"] in CREDITS else 1
    invoice = work.book.get(DOCUMENT, reference) if reference else None
    entry = work.book.number("accounting", 9400000000)
    gross, net, tax = (sign * Decimal(row[name]) for name in ("TotalGrossAmount", "TotalNetAmount", "TaxAmount"))
    due_on = date.fromisoformat(row["BillingDocumentDate"]) + timedelta(days=TERMS.get(row["CustomerPaymentTerms"], 0))
    about = {"AccountingDocument": entry, "AccountingDocumentType": "RV", "PostingDate": row["BillingDocumentDate"]}
    about |= {"FiscalYear": row["FiscalYear"], "CompanyCode": row["CompanyCode"], "NetDueDate": due_on.isoformat()}
    if invoice is not None:
        about |= {
            "InvoiceReference": invoice["AccountingDocument"],
            "InvoiceReferenceFiscalYear": invoice["FiscalYear"],
        }
    _item(work, row, about, "1", gross, "D", RECEIVABLES)
    _item(work, row, about, "2", -net, "S", REVENUE)
    if tax:
        _item(work, row, about, "3", -tax, "S", OUTPUT_TAX)
    states = {"AccountingTransferStatus": "C", "AccountingPostingStatus": "C", "InvoiceClearingStatus": "A"}
    work.book.put(DOCUMENT, _billing(work, number) | states | {"AccountingDocument": entry})
    if invoice is not None and work.settings.clears_credits:
        settle(work, invoice["BillingDocument"])


def pay(work: Work, number: str, amount: Decimal | None, on: str) -> Row:
    """A customer's payment arrives at the bank. amount: None for all that is open. Raises SapError 400."""
    row = _billing(work, number)
    left = open_amount(work, row)
    paid = left if amount is None else amount
    if paid <= 0 or left <= 0 or paid > left:
        raise said("F5/263", f"{paid} cannot be paid on billing document {number}: {left} is open")
    entry = work.book.number("payment", 1400000000)
    about = {"AccountingDocument": entry, "AccountingDocumentType": "DZ", "PostingDate": on, "NetDueDate": on}
    about |= {"FiscalYear": on[:4], "CompanyCode": row["CompanyCode"]}
    named = {"InvoiceReference": row["AccountingDocument"], "InvoiceReferenceFiscalYear": row["FiscalYear"]}
    _item(work, row, about | named, "1", -paid, "D", RECEIVABLES)
    _item(work, row, about, "2", paid, "S", BANK)
    return settle(work, number)


def settle(work: Work, number: str) -> Row:
    """What names an invoice is set against it; all of it cleared once nothing is open."""
    row = _billing(work, number)
    left, entries = open_amount(work, row), customer_items(work, row)
    credits = [one for one in entries if one["AccountingDocument"] != row["AccountingDocument"]]
    if left > 0:
        state = "B" if credits else "A"
        _state(work, row, state)
        return _billing(work, number)
    by = entries[-1]["AccountingDocument"]
    for one in entries:
        on = entries[-1]["PostingDate"]
        work.book.put(ITEM, one | {"ClearingAccountingDocument": by, "ClearingDate": on})
        if one["BillingDocument"]:
            _state(work, _billing(work, one["BillingDocument"]), "C")
    return _billing(work, number)


def open_amount(work: Work, row: Row) -> Decimal:
    """What a customer still owes on a posted billing document; never below nothing."""
    return max(sum((Decimal(one["AmountInTransactionCurrency"]) for one in customer_items(work, row)), ZERO), ZERO)


def customer_items(work: Work, row: Row) -> list[Row]:
    """The invoice's own item and those that name it, oldest first."""
    entry = row["AccountingDocument"]
    if not entry:
        return []
    own = work.book.where(ITEM, AccountingDocument=entry)
    others = work.book.where(ITEM, InvoiceReference=entry)
    return [one for one in (*own, *others) if one["FinancialAccountType"] == "D"]


def clear_against(work: Work, one: Row, other: Row) -> None:
    """A cancellation and what it cancels settle each other."""
    entry = other["AccountingDocument"]
    for row in (one, other):
        for item in work.book.where(ITEM, AccountingDocument=row["AccountingDocument"]):
            if item["FinancialAccountType"] == "D":
                cleared = {"ClearingAccountingDocument": entry, "ClearingDate": other["BillingDocumentDate"]}
                named = item["InvoiceReference"]
                work.book.put(ITEM, item | cleared | {"InvoiceReference": ""})
                for invoice in work.book.where(DOCUMENT, AccountingDocument=named) if named else ():
                    settle(work, invoice["BillingDocument"])
        _state(work, _billing(work, row["BillingDocument"]), "C")


def _state(work: Work, row: Row, state: str) -> None:
    if row["InvoiceClearingStatus"] == state:
        return
    stamp = work.clock.stamp()
    moved = {"LastChangeDateTime": stamp, "LastChangeDate": stamp[:10]} if work.settings.clearing_moves_stamp else {}
    work.book.put(DOCUMENT, row | {"InvoiceClearingStatus": state} | moved)


def _item(work: Work, billed: Row, about: Row, place: str, amount: Decimal, account: str, ledger: str) -> None:
    own = {
        "AccountingDocumentItem": place,
        "FinancialAccountType": account,
        "Customer": billed["SoldToParty"] if account == "D" else "",
        "GLAccount": ledger,
        "DebitCreditCode": "S" if amount >= 0 else "H",
        "AmountInTransactionCurrency": plain(amount),
        "TransactionCurrency": billed["TransactionCurrency"],
        "DocumentDate": about["PostingDate"],
        "AccountingDocumentCreationDate": work.clock.today().isoformat(),
        "BillingDocument": billed["BillingDocument"] if about["AccountingDocumentType"] == "RV" else "",
        "AssignmentReference": billed["AssignmentReference"],
        "DocumentReferenceID": billed["DocumentReferenceID"],
    }
    work.book.put(ITEM, filled(work.entity(ITEM), about | own))


def _billing(work: Work, number: str) -> Row:
    row = work.book.get(DOCUMENT, number)
    if row is None:
        raise said("VF/028", f"Billing document {number} does not exist", "BillingDocument")
    return row
