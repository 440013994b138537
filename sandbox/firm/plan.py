"""The firm and its month, from a seed: pure data, nothing is sent anywhere.

Amounts are Decimal, minutes integers, dates in the legal entity's calendar. What goes wrong is part of the plan
(`Twist`), so that the same seed is the same mess.
"""

from __future__ import annotations

import calendar
import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sandbox.firm.names import CONSULTING, EXPENSES, FIRST, LAST

ROLES = ("Partner", "Principal", "Senior Consultant", "Consultant", "Analyst")
SPECIALIST = "Data Scientist"
"""A role that joins the rate cards late: work in it waits for its rate."""


class Kind(StrEnum):
    TIME = "Time and Materials"
    FIXED = "Fixed Fee"
    MILESTONE = "Milestone"


class Twist(StrEnum):
    """What goes wrong with a contract's month."""

    NONE = "none"
    NO_REFERENCE = "the signed contract is not attached to the deal"
    ERP_REFUSES = "the ERP side of the project fails"
    HOLD = "billing is held, then released"
    UNAPPROVED = "a milestone is done, not yet accepted"


@dataclass(frozen=True)
class Office:
    """legal_entity: as deals spell it. rate_per_hour: by role, in its currency, before and from the mid-month raise."""

    legal_entity: str
    country: str
    currency: str
    rates: dict[str, Decimal]
    raised: dict[str, Decimal]


@dataclass(frozen=True)
class Consultant:
    name: str
    email: str
    office: str
    role: str


@dataclass(frozen=True)
class Client:
    name: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    office: str
    currency: str
    tax_number: str | None


@dataclass(frozen=True)
class Part:
    """A fixed-fee instalment (due_on) or a milestone (name)."""

    amount: Decimal
    due_on: date | None = None
    name: str = ""


@dataclass(frozen=True)
class Deal:
    """parts: of fixed fee and milestone deals; a milestone deal has time as well. estimate: of its time. terms: JSON, as
    sellers type it on the product.
    """

    name: str
    client: str
    office: str
    kind: Kind
    estimate: Decimal
    parts: tuple[Part, ...]
    purchase_order: str | None
    terms_days: int
    team: tuple[str, ...]
    twist: Twist = Twist.NONE
    terms: str | None = None

    @property
    def bills_time(self) -> bool:
        return self.kind is Kind.TIME


@dataclass(frozen=True)
class Entry:
    """late: entered after the month was billed. corrected_to: minutes it is set to after its first approval."""

    number: int
    deal: str
    consultant: str
    day: date
    minutes: int
    notes: str
    late: bool = False
    corrected_to: int | None = None


@dataclass(frozen=True)
class Cost:
    number: int
    deal: str
    consultant: str
    day: date
    amount: Decimal
    category: str
    notes: str


@dataclass(frozen=True)
class Month:
    first: date
    last: date
    offices: dict[str, Office]
    consultants: tuple[Consultant, ...]
    clients: tuple[Client, ...]
    deals: tuple[Deal, ...]
    entries: tuple[Entry, ...]
    costs: tuple[Cost, ...]
    raise_on: date
    workdays: tuple[date, ...] = field(default=())


def plan(seed: int, first: date = date(2026, 10, 1)) -> Month:
    """A month of two offices, 44 consultants, 12 clients, 15 deals, about 3,000 entries and 200 expenses."""
    chance = random.Random(f"firm:{seed}")
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    workdays = tuple(day for day in days if day.weekday() < 5)
    consultants = _consultants(chance)
    deals = _deals(chance, first, last, consultants)
    time_deals = [deal for deal in deals if deal.bills_time]
    return Month(
        first=first,
        last=last,
        offices=OFFICES,
        consultants=consultants,
        clients=CLIENTS,
        deals=deals,
        entries=_entries(chance, time_deals, workdays),
        costs=_costs(chance, time_deals, workdays),
        raise_on=first.replace(day=16),
        workdays=workdays,
    )


def _rates(*amounts: str) -> dict[str, Decimal]:
    return dict(zip((*ROLES, SPECIALIST), map(Decimal, amounts), strict=True))


OFFICES = {
    "US": Office("US", "US", "USD", _rates("395", "310", "245.50", "187.25", "142.50", "265"),
                 _rates("410", "322", "255", "195.75", "148", "275")),
    "DE": Office("DE", "DE", "EUR", _rates("340", "275", "212.50", "165.80", "121.90", "230"),
                 _rates("352", "284", "220", "171.30", "126", "238.50")),
}  # fmt: skip

CLIENTS = (
    Client("Harbor Freightways Inc", "1200 Dock St", "Seattle", "WA", "98101", "US", "US", "USD", None),
    Client("Cedar Valley Health", "88 Orchard Ave", "Portland", "OR", "97205", "US", "US", "USD", None),
    Client("Bluestone Energy LLC", "410 Canyon Rd", "Denver", "CO", "80202", "US", "US", "USD", None),
    Client("Lakeshore Insurance Group", "77 Wacker Dr", "Chicago", "IL", "60601", "US", "US", "USD", None),
    Client("Prairie Foods Cooperative", "5 Elevator Row", "Omaha", "NE", "68102", "US", "US", "USD", None),
    Client("Atlas Aerospace Corp", "9 Hangar Way", "Wichita", "KS", "67202", "US", "US", "USD", None),
    Client("Maple Transit Ltd", "31 King St W", "Toronto", "ON", "M5H 1J9", "CA", "US", "USD", None),
    Client("Nordhafen Logistik GmbH", "Am Kai 4", "Hamburg", "", "20457", "DE", "DE", "EUR", "DE811569869"),
    Client("Rheintal Chemie AG", "Werkstraße 12", "Ludwigshafen", "", "67059", "DE", "DE", "EUR", "DE136695976"),
    Client("Stadtwerke Auenfeld", "Marktplatz 1", "Auenfeld", "", "09111", "DE", "DE", "EUR", "DE129273398"),
    Client("Lumière Optique SA", "8 rue des Ateliers", "Lyon", "", "69002", "FR", "DE", "EUR", "FR40303265045"),
    Client("Alpenblick Banque AG", "Seestrasse 20", "Zürich", "", "8002", "CH", "DE", "EUR", None),
)


def _consultants(chance: random.Random) -> tuple[Consultant, ...]:
    found = []
    for office, count in (("US", 26), ("DE", 18)):
        firsts, lasts = chance.sample(FIRST[office], count), chance.sample(LAST[office], count)
        for i, (given, family) in enumerate(zip(firsts, lasts, strict=True)):
            role = SPECIALIST if i == count - 1 else ROLES[min(i * len(ROLES) // count, len(ROLES) - 1)]
            email = f"{given}.{family}@meridian.example".lower().encode("ascii", "ignore").decode()
            found.append(Consultant(f"{given} {family}", email, office, role))
    return tuple(found)


_SOLD: tuple[tuple[str, int, Kind, Twist], ...] = (
    ("Yard management", 0, Kind.TIME, Twist.NONE),
    ("Patient portal", 1, Kind.TIME, Twist.HOLD),
    ("Grid forecasting", 2, Kind.TIME, Twist.NONE),
    ("Claims platform", 3, Kind.TIME, Twist.NO_REFERENCE),
    ("Plant scheduling", 4, Kind.TIME, Twist.NONE),
    ("Quality records", 5, Kind.FIXED, Twist.NONE),
    ("Network planning", 6, Kind.TIME, Twist.NONE),
    ("Fleet telematics", 0, Kind.MILESTONE, Twist.UNAPPROVED),
    ("Billing review", 3, Kind.FIXED, Twist.NONE),
    ("Terminal automation", 7, Kind.TIME, Twist.ERP_REFUSES),
    ("Batch traceability", 8, Kind.TIME, Twist.NONE),
    ("Meter roll-out", 9, Kind.FIXED, Twist.NONE),
    ("Lens configurator", 10, Kind.TIME, Twist.NONE),
    ("Core banking study", 11, Kind.MILESTONE, Twist.NONE),
    ("Port community system", 7, Kind.MILESTONE, Twist.NONE),
)
"""Name, client, kind, twist."""


def _deals(chance: random.Random, first: date, last: date, consultants: tuple[Consultant, ...]) -> tuple[Deal, ...]:
    teams = _teams(chance, consultants)
    found = []
    for number, (name, client_index, kind, twist) in enumerate(_SOLD, 1):
        client = CLIENTS[client_index]
        found.append(
            Deal(
                name=f"{client.name.split()[0]} {name}",
                client=client.name,
                office=client.office,
                kind=kind,
                estimate=Decimal(chance.randrange(120, 480) * 1000) if kind is Kind.TIME else Decimal(0),
                parts=_parts(chance, kind, first, last),
                purchase_order=f"PO-{chance.randrange(10_000, 99_999)}" if chance.random() < 0.7 else None,
                terms_days=chance.choice((14, 30, 30, 45)),
                team=teams[number - 1],
                twist=twist,
                terms=_ceiling(OFFICES[client.office].currency) if kind is Kind.TIME else None,
            )
        )
    return tuple(found)


def _ceiling(currency: str) -> str:
    """The framework agreement's, far above a month: it is checked with every invoice and crosses none."""
    value = {"amount": "5000000.00", "currency": currency}
    return json.dumps({"cap": {"over": "soft", "value": value}})


def _teams(chance: random.Random, consultants: tuple[Consultant, ...]) -> list[tuple[str, ...]]:
    """Everybody of an office works on one or two of its time deals, every deal has a few of all ranks."""
    teams: list[tuple[str, ...]] = [() for _ in _SOLD]
    for office in OFFICES:
        people = [person for person in consultants if person.office == office]
        numbers = [n for n, sold in enumerate(_SOLD) if CLIENTS[sold[1]].office == office and sold[2] is Kind.TIME]
        for i, person in enumerate(people):
            for n in {numbers[i % len(numbers)], chance.choice(numbers)}:
                teams[n] += (person.email,)
        for n, sold in enumerate(_SOLD):
            if CLIENTS[sold[1]].office == office and sold[2] is not Kind.TIME:
                teams[n] = tuple(person.email for person in chance.sample(people, 3))
    return teams


def _parts(chance: random.Random, kind: Kind, first: date, last: date) -> tuple[Part, ...]:
    if kind is Kind.FIXED:
        amount = Decimal(chance.randrange(180, 640) * 100) + Decimal("0.50")
        dates = (first.replace(day=15), last, last + timedelta(30))
        return tuple(Part(amount, due_on=due) for due in dates)
    if kind is Kind.MILESTONE:
        names = ("Concept accepted", "Pilot live")
        return tuple(Part(Decimal(chance.randrange(240, 900) * 100), name=name) for name in names)
    return ()


def _entries(chance: random.Random, deals: list[Deal], workdays: tuple[date, ...]) -> tuple[Entry, ...]:
    """About three entries a person and day; now and then one is late, or corrected after it was approved."""
    staffing: dict[str, list[Deal]] = {}
    for deal in deals:
        for email in deal.team:
            staffing.setdefault(email, []).append(deal)
    found: list[Entry] = []
    for email, theirs in sorted(staffing.items()):
        for day in workdays:
            for minutes in chance.choice(_DAYS):
                deal = chance.choice(theirs)
                odd = chance.random()
                late = odd < 0.02
                corrected = minutes + chance.choice((-15, 15, 30)) if 0.02 <= odd < 0.035 else None
                notes = chance.choice(CONSULTING)
                found.append(Entry(len(found) + 1, deal.name, email, day, minutes, notes, late, corrected))
    return tuple(found)


_DAYS = (
    (240, 240),
    (180, 150, 120),
    (120, 120, 90, 150),
    (60, 180, 45, 105, 90),
    (480,),
    (200, 250),
    (90, 75, 110, 125),
)
"""How a working day is split, in minutes."""


def _costs(chance: random.Random, deals: list[Deal], workdays: tuple[date, ...]) -> tuple[Cost, ...]:
    found = []
    for number in range(1, 201):
        deal = chance.choice(deals)
        category = chance.choice(sorted(EXPENSES))
        least, most = EXPENSES[category]
        amount = Decimal(chance.randrange(least, most)) / 100
        person, day = chance.choice(deal.team), chance.choice(workdays)
        found.append(Cost(number, deal.name, person, day, amount, category, f"{category} for {deal.name}"))
    return tuple(found)
