"""Many small time contracts and their work, made through the vendors' APIs, in bulk where a vendor has it.

Two offices share the clients of the sandbox's firm. Every contract is its own deal in Salesforce, project in Kantata and job
in NetSuite, with one consultant on it, so every billing run makes one invoice of each contract that has work.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from cli.settle import wait_until
from sandbox.firm.desks import Told, crm_desk, erp_desk, psa_desk
from sandbox.firm.offices import CLIENTS, OFFICES
from sandbox.firm.shape import ROLES, SPECIALIST, Client, Consultant, Deal, Entry, Kind

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
PER_OFFICE = 8

SETUP_LIMIT_S = 900
SOLD_AT_ONCE = 6


class BenchFirm:
    """deals: those sold, in order, of each office in turn."""

    def __init__(self, systems: Mapping[str, Told], roles: Mapping[str, str]) -> None:
        self.sellers = crm_desk(roles["crm"], systems[roles["crm"]])
        self.delivery = psa_desk(roles["psa"], systems[roles["psa"]])
        self.finance = erp_desk(roles["erp"], systems[roles["erp"]])
        self.consultants = _consultants()
        self.deals: list[Deal] = []
        self._numbers = 0

    def open_for_business(self) -> None:
        self.delivery.hire(self.consultants)
        for office in OFFICES.values():
            self.delivery.price(office, without=SPECIALIST)
        self.sellers.open_catalogue([office.currency for office in OFFICES.values()])
        for client in CLIENTS:
            self.sellers.win_account(client)

    def sell(self, count: int) -> float:
        """Seconds until each has its project in both systems and its consultant on it."""
        self.deals = [_deal(number, self.consultants) for number in range(count)]
        began = time.monotonic()
        for start in range(0, count, SOLD_AT_ONCE):
            self._close(self.deals[start : start + SOLD_AT_ONCE], standing=start)
        wait_until("projects of the signed deals", lambda: self.finance.project_count() >= count, SETUP_LIMIT_S)
        took = time.monotonic() - began
        self.delivery.find_projects()
        for deal in self.deals:
            self.delivery.staff(deal.name, OFFICES[deal.office], deal.team)
        return took

    def _close(self, deals: Sequence[Deal], standing: int) -> None:
        """Once those before stand: a process of the embedded AWS per deal at once would be all this machine can do."""
        wait_until("projects of the deals before", lambda: self.finance.project_count() >= standing, SETUP_LIMIT_S)
        for deal in deals:
            self.sellers.close(deal, OFFICES[deal.office].currency, FIRST, FIRST)

    def enter(self, deals: Sequence[Deal], days: Iterable[date], each: int) -> list[Entry]:
        """`each` entries of an hour per deal and day, entered but not submitted."""
        entries = [self._entry(deal, day) for day in days for deal in deals for _ in range(each)]
        self.delivery.log_time(entries)
        return entries

    def _entry(self, deal: Deal, day: date) -> Entry:
        self._numbers += 1
        return Entry(self._numbers, deal.name, deal.team[0], day, 60, f"work {self._numbers}")

    def approve(self, entries: Sequence[Entry]) -> None:
        """Submitted by project and person, approved a hundred sheets a call."""
        pairs = [(entry.deal, entry.consultant) for entry in entries]
        self.delivery.approve_time(self.delivery.submit_time(pairs, FIRST, LAST))

    def submit(self, entries: Sequence[Entry]) -> list[str]:
        return self.delivery.submit_time([(entry.deal, entry.consultant) for entry in entries], FIRST, LAST)

    def approved_at(self, sheets: Sequence[str]) -> dict[str, datetime]:
        """By deal: when Kantata took the approval, from its own records, to the microsecond."""
        names = {project: deal for deal, project in self.delivery.projects.items()}
        rows = self.delivery.control.records("timesheet_submissions")
        return {
            names[str(row["workspace_id"])]: datetime.fromisoformat(row["updated_at"].replace("Z", "+00:00"))
            for row in rows
            if str(row["id"]) in set(sheets)
        }

    def invoices(self) -> int:
        """How many the ERP holds."""
        return self.finance.invoice_count()


def _consultants() -> tuple[Consultant, ...]:
    return tuple(
        Consultant(f"{name} {n}", f"bench.{name}.{n}@meridian.example".lower(), name, ROLES[n % len(ROLES)])
        for name in OFFICES
        for n in range(PER_OFFICE)
    )


def _deal(number: int, consultants: Sequence[Consultant]) -> Deal:
    name = list(OFFICES)[number % len(OFFICES)]
    clients: list[Client] = [client for client in CLIENTS if client.office == name]
    people = [person for person in consultants if person.office == name]
    turn = number // len(OFFICES)
    return Deal(
        name=f"Engagement {number + 1:03d}",
        client=clients[turn % len(clients)].name,
        office=name,
        kind=Kind.TIME,
        estimate=Decimal(50_000),
        parts=(),
        purchase_order=f"PO-{number + 1:03d}",
        terms_days=30,
        team=(people[turn % len(people)].email,),
    )
