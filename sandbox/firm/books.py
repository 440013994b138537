"""What NetSuite holds of the firm's month, found by asking it: by contract, net of tax, and what stands there twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbox.firm.month import FirmMonth

Row = dict[str, Any]
ZERO = Decimal(0)


class Books:
    """What NetSuite holds, by the deal that its project is named after. Amounts net of tax, in the contract's currency."""

    def __init__(self, firm: FirmMonth) -> None:
        self._names = {deal.name for deal in firm.month.deals}
        self._jobs = {str(row["id"]): self._deal(row) for row in firm.payers.jobs()}
        self._symbols = firm.payers.symbols()
        self.invoices, self.memos = firm.payers.invoices(), firm.payers.credit_memos()
        self.issued, self.credited = self._by_deal(self.invoices), self._by_deal(self.memos)
        self.credited_in_full = credited_in_full(self.invoices, self.memos)

    def _deal(self, job: Row) -> str:
        return next((str(job[name]) for name in ("companyName", "entityId") if job.get(name) in self._names), "")

    def _by_deal(self, documents: Sequence[Row]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for row in documents:
            found[self._jobs.get(reference(row, "job"), "")] += Decimal(str(row["subtotal"]))
        return found

    def net(self, currency: str) -> Decimal:
        def of(documents: Sequence[Row]) -> Decimal:
            rows = (row for row in documents if self._symbols[str(row["currency"]["id"])] == currency)
            return sum((Decimal(str(row["subtotal"])) for row in rows), ZERO)

        return of(self.invoices) - of(self.memos)

    def stray(self, known: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """What the ERP holds in a currency beyond `known`, where there is anything."""
        beyond = {currency: self.net(currency) - known.get(currency, ZERO) for currency in set(self._symbols.values())}
        return {currency: amount for currency, amount in beyond.items() if amount}


def credited_in_full(invoices: list[Row], memos: list[Row]) -> set[str]:
    """Ids of invoices that memos alone settle: the same work on another one is billed again, not twice."""
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for memo in memos:
        for line in memo.get("apply") or []:
            taken[str(line["doc"]["id"])] += Decimal(str(line["amount"]))
    return {str(row["id"]) for row in invoices if taken.get(str(row["id"])) == Decimal(str(row["total"]))}


def duplicates(invoices: list[Row]) -> list[str]:
    """Same customer, project and lines: the same work billed again, whatever its number and our reference."""
    seen: Counter[str] = Counter()
    found = []
    for invoice in invoices:
        content = repr((reference(invoice, "entity"), reference(invoice, "job"), line_texts(invoice)))
        seen[content] += 1
        if seen[content] > 1:
            found.append(str(invoice["tranId"]))
    return found


def reference(invoice: Row, name: str) -> str:
    return str((invoice.get(name) or {}).get("id"))


def line_texts(invoice: Row) -> list[tuple[str, str]]:
    return sorted((str(line.get("description")), str(line.get("amount"))) for line in invoice.get("item") or [])
