"""The month as it happens: who does what, in which order, and what goes wrong. All of it through the vendors' APIs.

Each step is a method; whoever plays the month calls them in order and lets the fabric keep up in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sandbox.firm.desks import Told, crm_desk, erp_desk, psa_desk
from sandbox.firm.payers import Payers
from sandbox.firm.plan import plan
from sandbox.firm.shape import SPECIALIST, Deal, Entry, Kind, Month, Twist


class FirmMonth:
    """systems, roles: of estate.json. The simulators must be empty, and set up by their administrators. month: in place
    of the seed's."""

    def __init__(
        self, systems: Mapping[str, Told], roles: Mapping[str, str], seed: int, month: Month | None = None
    ) -> None:
        self.month, self.roles = month or plan(seed), dict(roles)
        self.sellers = crm_desk(roles["crm"], systems[roles["crm"]])
        self.delivery = psa_desk(roles["psa"], systems[roles["psa"]])
        self.finance = erp_desk(roles["erp"], systems[roles["erp"]])
        self.payers = Payers(self.finance, seed)
        self.entry_ids: dict[int, str] = {}
        self._milestones: dict[str, str] = {}

    def open_for_business(self) -> None:
        """People, rate cards with the raise to come, catalogue, customers."""
        month = self.month
        self.delivery.hire(month.consultants)
        for office in month.offices.values():
            self.delivery.price(office, without=SPECIALIST)
            self.delivery.raise_rates(office, month.raise_on)
        self.sellers.open_catalogue([office.currency for office in month.offices.values()])
        for client in month.clients:
            self.sellers.win_account(client)

    def deals(self, *, refused: bool) -> list[Deal]:
        return [deal for deal in self.month.deals if (deal.twist is Twist.ERP_REFUSES) is refused]

    def storm(self, copies: int) -> None:
        """From now on the CRM tells of each deal so many more times."""
        self.sellers.tell_again(copies)

    def sell(self, deals: Sequence[Deal]) -> None:
        for deal in deals:
            currency = self.month.offices[deal.office].currency
            self.sellers.close(deal, currency, self.month.first - timedelta(days=3), self.month.first)

    def calm(self) -> None:
        """The storm is over."""
        self.sellers.tell_once()

    def projects_found(self) -> int:
        """How many of the sold deals have a project in the PSA by now."""
        return len(self.delivery.find_projects().keys() & {deal.name for deal in self.month.deals})

    def find(self) -> None:
        """Project managers look their projects up."""
        self.delivery.find_projects()

    def erp_projects(self) -> int:
        return self.finance.project_count()

    def break_erp_setup(self) -> None:
        """The ERP refuses every project from now on."""
        self.finance.refuse_projects()

    def repair_erp_setup(self) -> None:
        self.finance.repair()

    def staff(self, deals: Sequence[Deal]) -> None:
        for deal in deals:
            self.delivery.staff(deal.name, self.month.offices[deal.office], deal.team)

    def work(self, deals: Sequence[Deal]) -> None:
        """The month's time and expenses, week by week: entered, submitted, approved."""
        names = {deal.name for deal in deals}
        start = self.month.first
        while start <= self.month.last:
            end = min(start + timedelta(days=6 - start.weekday()), self.month.last)
            entries = [e for e in self.month.entries if e.deal in names and start <= e.day <= end and not e.late]
            self._work_week(entries, start, end)
            start = end + timedelta(days=1)
        costs = [cost for cost in self.month.costs if cost.deal in names]
        self.delivery.spend(costs, {deal.name: self.month.offices[deal.office].currency for deal in deals})
        pairs = [(cost.deal, cost.consultant) for cost in costs]
        self.delivery.approve_expenses(self.delivery.submit_expenses(pairs, self.month.first, self.month.last))

    def _work_week(self, entries: Sequence[Entry], start: date, end: date) -> None:
        self.entry_ids |= self.delivery.log_time(entries)
        sheets = self.delivery.submit_time([(e.deal, e.consultant) for e in entries], start, end)
        self.delivery.approve_time(sheets)

    def correct(self) -> int:
        """Entries that turn out wrong after their approval."""
        wrong = [e for e in self.month.entries if e.corrected_to is not None and e.number in self.entry_ids]
        for entry in wrong:
            assert entry.corrected_to is not None
            self.delivery.correct(self.entry_ids[entry.number], entry.corrected_to)
        return len(wrong)

    def price_specialists(self) -> None:
        """The role nobody had priced gets its rates: what waited for them goes on."""
        for office in self.month.offices.values():
            self.delivery.price_role(office, SPECIALIST)

    def complete_milestones(self) -> int:
        """The first milestone of each milestone deal is done; all but one are accepted at once."""
        done = [deal for deal in self.month.deals if deal.kind is Kind.MILESTONE]
        for deal in done:
            milestone = self.delivery.complete_milestone(deal.name, deal.parts[0].name)
            self._milestones[deal.name] = milestone
            if deal.twist is not Twist.UNAPPROVED:
                self.delivery.accept_milestone(milestone, f"{deal.client}, project sponsor")
        return len(done)

    def approved_count(self) -> int:
        """Time entries and expenses that stand approved in the PSA now."""
        return self.delivery.approved_count()

    def ids_on_time(self) -> frozenset[str]:
        """The PSA's ids of the entries that were there when the month was billed."""
        late = {entry.number for entry in self.month.entries if entry.late}
        return frozenset(entry_id for number, entry_id in self.entry_ids.items() if number not in late)

    def currency_of(self, deal: str) -> str:
        office = next(each.office for each in self.month.deals if each.name == deal)
        return self.month.offices[office].currency

    def accept_late(self) -> None:
        for deal in self._twisted(Twist.UNAPPROVED):
            self.delivery.accept_milestone(self._milestones[deal.name], f"{deal.client}, project sponsor")

    def hold(self, held: bool) -> None:
        for deal in self._twisted(Twist.HOLD):
            self.delivery.hold(deal.name, held)

    def attach_contracts(self) -> None:
        for deal in self._twisted(Twist.NO_REFERENCE):
            self.sellers.attach_contract(deal, self.month.first)

    def month_end_weather(self) -> None:
        """The ERP is busy, and once an invoice is written without an answer."""
        self.finance.month_end_weather()

    def work_late(self) -> int:
        """Entries that come after the month was billed."""
        late = [entry for entry in self.month.entries if entry.late]
        self._work_week(late, self.month.first, self.month.last)
        return len(late)

    def _twisted(self, twist: Twist) -> list[Deal]:
        return [deal for deal in self.month.deals if deal.twist is twist]
