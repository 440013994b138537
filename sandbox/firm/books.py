"""What the ERP holds of the firm's month: by contract, net of tax, and what stands there twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sandbox.firm.desks import ErpInvoice, ErpMemo, ErpProject
from sandbox.firm.month import FirmMonth

ZERO = Decimal(0)


class Books:
    """What the ERP holds, by the deal that its project is named after. Amounts net of tax, in the contract's currency."""

    def __init__(self, firm: FirmMonth) -> None:
        self._names = {deal.name for deal in firm.month.deals}
        self._projects = {project.project_id: self._deal(project) for project in firm.finance.projects()}
        self._currencies = {office.currency for office in firm.month.offices.values()}
        self.invoices, self.memos = firm.finance.invoices(), firm.finance.credit_memos()
        self.issued, self.credited = self._by_deal(self.invoices), self._by_deal(self.memos)
        self.credited_in_full = credited_in_full(self.invoices, self.memos)

    def _deal(self, project: ErpProject) -> str:
        return next((name for name in project.names if name in self._names), "")

    def _by_deal(self, documents: Sequence[ErpInvoice] | Sequence[ErpMemo]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for each in documents:
            found[self._projects.get(each.project_id, "")] += each.net
        return found

    def net(self, currency: str) -> Decimal:
        def of(documents: Sequence[ErpInvoice] | Sequence[ErpMemo]) -> Decimal:
            return sum((each.net for each in documents if each.currency == currency), ZERO)

        return of(self.invoices) - of(self.memos)

    def stray(self, known: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """What the ERP holds in a currency beyond `known`, where there is anything."""
        held = {each.currency for each in self.invoices} | {each.currency for each in self.memos} | self._currencies
        beyond = {currency: self.net(currency) - known.get(currency, ZERO) for currency in held}
        return {currency: amount for currency, amount in beyond.items() if amount}


def credited_in_full(invoices: Sequence[ErpInvoice], memos: Sequence[ErpMemo]) -> set[str]:
    """Ids of invoices that memos alone settle: the same work on another one is billed again, not twice."""
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for memo in memos:
        for invoice_id, amount in memo.taken.items():
            taken[invoice_id] += amount
    return {each.invoice_id for each in invoices if taken.get(each.invoice_id) == each.gross}


def duplicates(invoices: Sequence[ErpInvoice]) -> list[str]:
    """Same customer, project and lines: the same work billed again, whatever its number and our reference."""
    seen: Counter[object] = Counter()
    found = []
    for each in invoices:
        content = (each.customer_id, each.project_id, tuple(sorted(each.lines)))
        seen[content] += 1
        if seen[content] > 1:
            found.append(each.number)
    return found
