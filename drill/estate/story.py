"""What the firm's people do, round by round: they sell, staff, work, approve, bill; customers pay every other invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from drill.estate.ground import Ground
from drill.estate.tending import Tending
from sandbox.firm.shape import Deal
from tests.estate.small_firm import SmallFirm, Worked

AT_ONCE = 4
"""Deals that are worked on in a round: the youngest."""
ROUNDS_A_DEAL = 3
"""After so many rounds the next deal is sold."""
DAYS = (1, 2)
"""Of work in a round, in turn."""
PATIENCE_S = 300.0


@dataclass(frozen=True)
class Shape:
    """What decides a round's invoice of a deal: the same shape must come to the same end."""

    office: str
    days: int
    pays: bool


@dataclass
class Billed:
    worked: Worked
    shape: Shape


@dataclass
class Story:
    """label: tells the deals of one story from another's. deals: those that stand; everything: all that were sold."""

    ground: Ground
    tending: Tending
    label: str
    deals: list[Deal] = field(default_factory=list)
    everything: list[Deal] = field(default_factory=list)
    billed: list[Billed] = field(default_factory=list)

    @property
    def firm(self) -> SmallFirm:
        return self.ground.firm

    def begin(self, deals: int) -> None:
        """So many more are sold."""
        for _ in range(deals):
            number = len(self.everything) + 1
            self.everything.append(self.firm.sell(f"{self.label} {number}", ("US", "DE")[number % 2]))

    def stand(self) -> None:
        """Until the fabric calls the project of every deal active; then it is worked on."""
        for deal in self.everything:
            if deal not in self.deals:
                self.tending.until(f"{deal.name} active", partial(self._is_active, deal), PATIENCE_S)
                self.deals.append(deal)

    def _is_active(self, deal: Deal) -> bool:
        return bool(self.firm.project(deal).get("status") == "active")

    def work(self, number: int, deals: Sequence[Deal]) -> None:
        """A round's work, approved. Nothing fails while the people are at it: their own calls are nobody's test."""
        self.firm.delivery.find_projects()
        days, pays = DAYS[number % len(DAYS)], number % 2 == 0
        for deal in deals[-AT_ONCE:]:
            self.billed.append(Billed(self.firm.work(deal, days), Shape(deal.office, days, pays)))

    def bill(self) -> None:
        """Once the fabric knows all that is approved. What comes late is billed by the next look at it."""
        self.tending.until("approved time", self.all_known, PATIENCE_S)
        self.firm.bill("US", "DE")

    def all_known(self) -> bool:
        seen = sum(self.firm.fabric.read("/status")["approved_sources"].values())
        return bool(seen >= self.firm.delivery.approved_count())

    def finish(self) -> None:
        """Until every deal has its invoices in the books and nothing of it is on its way."""
        for deal in self.everything:
            wanted = sum(1 for each in self.billed if each.worked.deal == deal)
            self.tending.until(f"{deal.name} billed", partial(self._stands, deal, wanted), PATIENCE_S)

    def _stands(self, deal: Deal, wanted: int) -> bool:
        rows = self.firm.invoices(deal)
        return len(rows) >= wanted and all(row["status"] in ("posted", "paid") for row in rows)

    def all_seen(self) -> bool:
        """Every invoice shows the same, paid or posted, here, in delivery and in sales."""
        ours = {row["invoice_id"]: row["status"] for row in self.firm.fabric.read("/invoices")["invoices"]}
        for deal in self.everything:
            in_sales = {each.reference: each.status for each in self.firm.crm_invoices(deal)}
            for invoice in self.firm.erp_invoices(deal):
                seen = {ours.get(invoice.reference), in_sales.get(invoice.reference)}
                seen |= {mark.status for mark in self.firm.psa_marks(invoice.reference)} or {None}
                if seen != {"posted" if invoice.unpaid else "paid"}:
                    return False
        return True

    def pay(self) -> None:
        """The invoices of the rounds that are paid, whole: told apart by what they come to."""
        for deal in self.everything:
            due = [each.worked.gross for each in self.billed if each.worked.deal == deal and each.shape.pays]
            for invoice in self.firm.erp_invoices(deal):
                if invoice.gross in due:
                    due.remove(invoice.gross)
                    if invoice.unpaid:
                        self.firm.finance.take_payment(invoice.invoice_id)
