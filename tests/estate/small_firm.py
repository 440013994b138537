"""A firm of twelve people, two offices and a customer each, on a running estate. Its people use the vendors' own APIs.

Each deal has a story of its own: sold, staffed, worked on, billed, paid. What it is worth is
reckoned here from the PSA's minutes and the firm's price list.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, product
from typing import Any

import boto3

from cli.connection import Connection
from cli.settle import Quiet
from sandbox.estate.description import Estate
from sandbox.firm.desks import ApprovedTime, ErpInvoice, Mark, ShownInvoice, crm_desk, erp_desk, psa_desk
from sandbox.firm.offices import CLIENTS, OFFICES
from sandbox.firm.shape import ROLES, SPECIALIST, Consultant, Deal, Entry, Kind
from sandbox.firm.truth import entry_value

MONDAY = date(2026, 10, 5)
OCTOBER = date(2026, 10, 31)
LIMIT_S = 90
Row = dict[str, Any]

PEOPLE = tuple(
    Consultant(f"{role} {office}", f"{role}.{office}@meridian.example".lower().replace(" ", "-"), office, role)
    for office, role in product(OFFICES, (*ROLES, SPECIALIST))
)
CUSTOMERS = {"US": CLIENTS[0], "DE": CLIENTS[7]}
TAX = {"US": Decimal(0), "DE": Decimal("0.19")}
_DAYS = ((240, 215), (60, 180, 45), (95,), (330,))


def wait(what: str, holds: Callable[[], Any], limit_s: float = LIMIT_S) -> Any:
    """What `holds` answers, once it is something."""
    deadline = time.monotonic() + limit_s
    while not (found := holds()):
        assert time.monotonic() < deadline, f"{what}: not within {limit_s} s"
        time.sleep(0.15)
    return found


@dataclass(frozen=True)
class Worked:
    """What was approved on a deal. net: what it is worth by the price list."""

    deal: Deal
    entry_ids: tuple[str, ...]
    net: Decimal

    @property
    def gross(self) -> Decimal:
        tax = self.net * TAX[self.deal.office]
        return self.net + tax.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class SmallFirm:
    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        systems, roles = estate.systems, estate.roles
        self.sellers = crm_desk(roles["crm"], systems[roles["crm"]])
        self.delivery = psa_desk(roles["psa"], systems[roles["psa"]])
        self.finance = erp_desk(roles["erp"], systems[roles["erp"]])
        self.fabric = Connection(
            estate.resources["deployment"], estate.api["base_url"], estate.api["token"], _lambda(estate)
        )
        self.quiet = Quiet.of(estate.aws, estate.resources["table"])
        self._runs, self._numbers = count(1), count(1)

    def open(self) -> None:
        """Polls begin now and not with the pacer's first minute."""
        self.fabric.act("pace-polls", {})
        self.delivery.hire(PEOPLE)
        for office in OFFICES.values():
            self.delivery.price(office)
        self.sellers.open_catalogue([office.currency for office in OFFICES.values()])
        for client in CUSTOMERS.values():
            self.sellers.win_account(client)

    def sell(self, name: str, office: str = "US") -> Deal:
        """Won; not yet known to anybody else."""
        team = tuple(person.email for person in PEOPLE if person.office == office)[:3]
        deal = Deal(name, CUSTOMERS[office].name, office, Kind.TIME, Decimal(50_000), (), "PO-1", 30, team)
        self.sellers.close(deal, OFFICES[office].currency, MONDAY - timedelta(days=10), MONDAY)
        return deal

    def set_up(self, *deals: Deal) -> None:
        """Until delivery and the books have the project of each, and the fabric calls it active."""
        for deal in deals:
            wait(f"{deal.name} in delivery", lambda deal=deal: deal.name in self.delivery.find_projects())  # type: ignore[misc]
            wait(f"{deal.name} active", lambda deal=deal: self.project(deal).get("status") == "active")  # type: ignore[misc]

    def project(self, deal: Deal) -> Row:
        rows = self.fabric.read("/projects")["projects"]
        return next((row for row in rows if row["name"] == deal.name), {})

    def work(self, deal: Deal, days: int = 4) -> Worked:
        """Entered, submitted, approved: about seven entries a person in four days."""
        self.delivery.staff(deal.name, OFFICES[deal.office], deal.team)
        entries = [
            Entry(next(self._numbers), deal.name, person, MONDAY + timedelta(days=day), minutes, "Solution build")
            for person in deal.team
            for day in range(days)
            for minutes in _DAYS[day]
        ]
        ids = tuple(self.delivery.log_time(entries).values())
        sheets = self.delivery.submit_time([(deal.name, person) for person in deal.team], MONDAY, OCTOBER)
        self.delivery.approve_time(sheets)
        return Worked(deal, ids, sum((self._value(entry) for entry in self.entries(ids)), Decimal(0)))

    def _value(self, entry: ApprovedTime) -> Decimal:
        """By the firm's price list, for the role of whose entry it is."""
        person = next(each for each in PEOPLE if each.email == entry.consultant)
        office = OFFICES[person.office]
        return entry_value(entry, lambda _: office.rates[person.role], office.currency)

    def entries(self, ids: Sequence[str]) -> list[ApprovedTime]:
        """As the PSA holds them."""
        wanted = set(ids)
        return [entry for entry in self.delivery.approved_time() if entry.entry_id in wanted]

    def known(self, *worked: Worked) -> None:
        """Until the fabric has seen all that was approved, and nothing of it is on its way."""
        total = self.delivery.approved_count()
        wait("approved time", lambda: sum(self.fabric.read("/status")["approved_sources"].values()) >= total)
        self.quiet.wait("approved time to be valued", LIMIT_S, quiet_s=1.0)

    def bill(self, *offices: str) -> None:
        run = f"run-{next(self._runs)}"
        for office in offices:
            asked = {"legal_entity_id": office, "through": OCTOBER.isoformat(), "run": run, "requested_by": "test"}
            self.fabric.act("start-billing", asked)

    def invoices(self, deal: Deal) -> list[Row]:
        """The fabric's, by the project's contract."""
        contract = self.project(deal)["contract_id"]
        return [row for row in self.fabric.read("/invoices")["invoices"] if row["contract_id"] == contract]

    def posted(self, *worked: Worked, limit_s: float = LIMIT_S) -> None:
        """Until each deal has an invoice and all of them are in the books."""

        def all_posted() -> bool:
            found = [self.invoices(each.deal) for each in worked]
            return all(rows and all(row["status"] in ("posted", "paid") for row in rows) for rows in found)

        wait("invoices to be posted", all_posted, limit_s)

    def erp_projects(self, deal: Deal) -> list[str]:
        """Ids of the ERP's own, by name."""
        return [each.project_id for each in self.finance.projects() if deal.name in each.names]

    def erp_invoices(self, deal: Deal) -> list[ErpInvoice]:
        """The ERP's own, by the project on them."""
        projects = self.erp_projects(deal)
        return [each for each in self.finance.invoices() if each.project_id in projects]

    def crm_invoices(self, deal: Deal) -> list[ShownInvoice]:
        """What sales sees on the deal."""
        return self.sellers.shown_invoices(deal.name)

    def psa_marks(self, invoice_id: str) -> list[Mark]:
        """What delivery sees of this invoice of ours."""
        return self.delivery.marks(invoice_id)


def _lambda(estate: Estate) -> Any:
    return boto3.client(
        "lambda",
        endpoint_url=estate.aws["endpoint_url"],
        region_name=estate.aws["region"],
        aws_access_key_id=estate.aws["account"],
        aws_secret_access_key="local",
    )
