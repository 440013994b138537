"""General ledger entries, customers' balances, and the dates that may be posted on."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sandbox.business_central.book import Record
from sandbox.business_central.errors import rule
from sandbox.business_central.fields import NO_DATE
from sandbox.business_central.totals import rounded
from sandbox.business_central.work import Work

ZERO = Decimal(0)
RECEIVABLES, TAX, BANK = "12100", "22300", "10100"


def refuse_closed(work: Work, date: str) -> None:
    """Raises Refused for a posting date outside what the set-up allows."""
    setup = work.book.all("generalLedgerSetup", work.company)[0]
    first, last = setup["allowPostingFrom"], setup["allowPostingTo"]
    if date == NO_DATE or date < first or (last != NO_DATE and date > last):
        raise rule("not_in_range")


def in_local(work: Work, amount: Decimal, currency: str, date: str) -> Decimal:
    """At the last rate that starts on the date or before; rates say what 1 unit is in local currency."""
    if currency == work.local_currency:
        return amount
    rates = work.book.where("currencyExchangeRates", work.company, "currencyCode", currency)
    known = sorted((rate["startingDate"], rate["id"]) for rate in rates if rate["startingDate"] <= date)
    if not known:
        return amount
    rate = work.need("currencyExchangeRates", known[-1][1])
    local = work.by_code("currencies", work.local_currency)
    decimals = int(local["_decimals"]) if local else 2
    return rounded(amount * rate["relationalExchangeRateAmount"] / rate["exchangeRateAmount"], decimals)


class Posting:
    """The entries of one document; debit positive. What is left over after conversion goes to the last one."""

    def __init__(self, work: Work, document_type: str, number: str, date: str) -> None:
        self._work, self._type, self._number, self._date = work, document_type, number, date

    def entry(self, account: str, amount: Decimal, text: str, dimensions: dict[str, str]) -> None:
        if amount == 0:
            return
        found = self._work.by_code("accounts", account)
        assert found is not None, f"account {account} is not in the chart"
        self._work.new(
            "generalLedgerEntries",
            {
                "entryNumber": self._work.book.store.next_number(f"{self._work.company}/entry", 1),
                "postingDate": self._date,
                "documentNumber": self._number,
                "documentType": self._type,
                "accountId": found["id"],
                "accountNumber": account,
                "description": text,
                "debitAmount": max(amount, ZERO),
                "creditAmount": max(-amount, ZERO),
                "_dimensions": dimensions,
            },
        )
        balance = found["balance"] + amount
        self._work.change("accounts", found, {"balance": balance, "netChange": balance}, touch=False)


def post_document(work: Work, head: Record, lines: Iterable[Record], entry_type: str, sign: int) -> None:
    """sign: 1 for an invoice, -1 for a credit memo. One entry per account and dimensions, tax, and the receivable."""
    posting = Posting(work, entry_type, head["number"], head["postingDate"])
    text = f"{entry_type} {head['number']}"
    sums: dict[tuple[str, tuple[tuple[str, str], ...]], Decimal] = {}
    for line in lines:
        account = _account_of(work, line)
        if account:
            key = account, tuple(sorted(line["_dimensions"].items()))
            sums[key] = sums.get(key, ZERO) + line["netAmount"]

    def local(amount: Decimal) -> Decimal:
        return sign * in_local(work, amount, head["currencyCode"], head["postingDate"])

    tax, income = local(head["totalTaxAmount"]), ZERO
    for (account, dimensions), amount in sums.items():
        income += local(amount)
        posting.entry(account, -local(amount), text, dict(dimensions))
    posting.entry(TAX, -tax, text, {})
    posting.entry(RECEIVABLES, income + tax, text, head["_dimensions"])
    change_balance(work, head["customerId"], income + tax)


def _account_of(work: Work, line: Record) -> str:
    if line["lineType"] == "Account":
        return str(line["lineObjectNumber"])
    return str(work.need("items", line["itemId"])["_account"]) if line["lineType"] == "Item" else ""


def change_balance(work: Work, customer_id: str, by: Decimal) -> None:
    customer = work.need("customers", customer_id)
    work.change("customers", customer, {"balanceDue": customer["balanceDue"] + by}, touch=False)
