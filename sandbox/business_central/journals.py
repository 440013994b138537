"""General journals and customer payment journals: their lines, and posting, which empties them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from sandbox.business_central import dimensions, ledger
from sandbox.business_central.book import Record
from sandbox.business_central.errors import Refused, rule
from sandbox.business_central.fields import NO_DATE, NO_ID
from sandbox.business_central.kinds import DRAFTS, INVOICE
from sandbox.business_central.ledger import Posting
from sandbox.business_central.posting import apply
from sandbox.business_central.values import Given
from sandbox.business_central.work import Work

ZERO = Decimal(0)
LINES = {"journals": "journalLines", "customerPaymentJournals": "customerPayments"}
BATCHES = {lines: batches for batches, lines in LINES.items()}


def create_line(work: Work, kind: str, given: Given, parent: Record | None) -> Record:
    """Raises Refused."""
    batch = parent or work.by_id(BATCHES[kind], given.values.get("journalId", NO_ID))
    if batch is None:
        raise rule("journal_needed")
    there = work.book.where(kind, work.company, "journalId", batch["id"])
    number = given.values.get("lineNumber") or max((row["lineNumber"] for row in there), default=0) + 10_000
    values = _CHECKS[kind](work, dict(given.values), None)
    values |= {"journalId": batch["id"], "journalDisplayName": batch["code"], "lineNumber": number}
    values.setdefault("postingDate", work.clock.today())
    if not values.get("documentNumber"):
        values["documentNumber"] = f"G{int(work.next_number(kind, 1)):05d}"
    values["_dimensions"] = dimensions.set_of(work, given.parts.get("dimensionSetLines", []))
    return work.new(kind, values)


def update_line(work: Work, kind: str, record: Record, given: Given) -> Record:
    values = dict(given.values)
    if values.pop("journalId", record["journalId"]) != record["journalId"]:
        raise rule("journal_fixed")
    return work.change(kind, record, _CHECKS[kind](work, values, record))


def _general(work: Work, values: Record, before: Record | None) -> Record:
    for kind_name, id_name, number_name in (
        ("accountType", "accountId", "accountNumber"),
        ("balanceAccountType", "balancingAccountId", "balancingAccountNumber"),
    ):
        if values.get(kind_name, "G/L Account") not in ("G/L Account", "Bank Account"):
            raise rule("no_object", what=values[kind_name], number=values.get(number_name, ""))
        account = work.matched(values, id_name, number_name, "accounts", "an Account")
        if account is not None:
            values |= {id_name: account["id"], number_name: account["number"]}
    work.check_relation(values, "taxCode", "taxGroups", "VAT Prod. Posting Group", "Gen. Journal Line")
    return values


def _payment(work: Work, values: Record, before: Record | None) -> Record:
    if values.get("amount", ZERO) > 0:
        raise rule("negative_amount")
    customer = work.matched(values, "customerId", "customerNumber", "customers", "a Customer")
    invoice = None
    if values.get("appliesToInvoiceId", NO_ID) != NO_ID:
        invoice = work.by_id(INVOICE.heads, values["appliesToInvoiceId"])
        if invoice is None or invoice["status"] in DRAFTS:
            raise rule("applies_to")
    elif values.get("appliesToInvoiceNumber"):
        invoice = work.by_code(INVOICE.heads, values["appliesToInvoiceNumber"])
    if invoice is not None:
        values |= {"appliesToInvoiceId": invoice["id"], "appliesToInvoiceNumber": invoice["number"]}
        customer = customer or work.need("customers", invoice["billToCustomerId"])
    if customer is not None:
        values |= {"customerId": customer["id"], "customerNumber": customer["number"]}
        values.setdefault("description", customer["displayName"])
    return values


_CHECKS = {"journalLines": _general, "customerPayments": _payment}


def post(work: Work, batch: Record) -> None:
    """Posts every line of a batch, or none. Raises Refused."""
    payments = work.book.where("customerPayments", work.company, "journalId", batch["id"])
    found = payments or work.book.where("journalLines", work.company, "journalId", batch["id"])
    if not found:
        raise rule("nothing_to_post")
    kind = "customerPayments" if payments else "journalLines"
    if kind == "journalLines":
        _check_balance(found)
    for line in sorted(found, key=lambda row: int(row["lineNumber"])):
        if line["postingDate"] == NO_DATE:
            raise Refused(400, "Application_FieldValidationException", "code_needed", what="Posting Date")
        ledger.refuse_closed(work, line["postingDate"])
        (_post_payment if payments else _post_general)(work, batch, line)
        work.book.remove(kind, line)


def _check_balance(lines: list[Record]) -> None:
    """Each document of each day is nothing in sum; a line with a balancing account is so by itself."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        if not line["accountNumber"]:
            raise Refused(400, "Application_FieldValidationException", "code_needed", what="Account No.")
        if not line["balancingAccountNumber"]:
            sums[line["documentNumber"], line["postingDate"]] += line["amount"]
    for (number, _), amount in sums.items():
        if amount:
            raise rule("out_of_balance", amount=amount, number=number)


def _post_general(work: Work, batch: Record, line: Record) -> None:
    posting = Posting(work, " ", line["documentNumber"], line["postingDate"])
    own = line["_dimensions"]
    posting.entry(line["accountNumber"], line["amount"], line["description"], own)
    if line["balancingAccountNumber"]:
        posting.entry(line["balancingAccountNumber"], -line["amount"], line["description"], own)


def _post_payment(work: Work, batch: Record, line: Record) -> None:
    if not line["customerNumber"]:
        raise Refused(400, "Application_FieldValidationException", "code_needed", what="Account No.")
    paid, currency = -line["amount"], work.local_currency
    if line["appliesToInvoiceId"] != NO_ID:
        invoice = work.need(INVOICE.heads, line["appliesToInvoiceId"])
        if line["postingDate"] < invoice["postingDate"]:
            raise rule("earlier_entry")
        currency = invoice["currencyCode"]
        apply(work, invoice, paid, by_payment=True)
    local = ledger.in_local(work, paid, currency, line["postingDate"])
    posting = Posting(work, "Payment", line["documentNumber"], line["postingDate"])
    posting.entry(batch["balancingAccountNumber"] or ledger.BANK, local, line["description"], line["_dimensions"])
    posting.entry(ledger.RECEIVABLES, -local, line["description"], line["_dimensions"])
    ledger.change_balance(work, line["customerId"], -local)
