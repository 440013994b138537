"""A month small enough to be played on every pair of systems, with one of everything that can go wrong in it.

Three offices in three currencies, two people and a specialist in each; rates that rise, minutes that are no hundredths of an
hour, late work, corrected work, expenses; a fixed fee, a milestone, a volume discount, marked-up expenses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from sandbox.firm.clauses import PLAIN, Clauses, ExpenseClause
from sandbox.firm.offices import CLIENTS, OFFICES
from sandbox.firm.shape import (
    ROLES,
    SPECIALIST,
    Amendment,
    Consultant,
    Cost,
    Deal,
    Entry,
    GivenUp,
    Kind,
    Month,
    Office,
    Part,
    Rebilled,
    Twist,
)

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
RAISE_ON = date(2026, 10, 16)
WORKDAYS = tuple(FIRST + timedelta(days=n) for n in (0, 1, 5, 14, 15, 28))
CLIENT = {name: next(client for client in CLIENTS if client.name.startswith(name)) for name in (
    "Harbor", "Cedar", "Atlas", "Nordhafen", "Lumière", "Sakura",
)}  # fmt: skip
MARKED_UP = Clauses(expenses=(ExpenseClause("Travel", mark_up=Decimal("7.5")), ExpenseClause(limit=Decimal(150))))
DISCOUNTED = Clauses(tiers=((Decimal(0), Decimal(3)), (Decimal(5_000), Decimal(8))))
MINUTES = (120, 200, 75, 110, 250)
WORKING = (ROLES[1], ROLES[3], SPECIALIST)
PEOPLE = tuple(
    Consultant(f"{role} of {office}", f"{role}.{office}@meridian.example".lower().replace(" ", "-"), office, role)
    for office in OFFICES
    for role in WORKING
)


def month() -> Month:
    deals = tuple(_deals())
    entries = tuple(_entries([deal for deal in deals if deal.bills_time]))
    return Month(
        first=FIRST,
        last=LAST,
        offices={name: _small(office) for name, office in OFFICES.items()},
        consultants=PEOPLE,
        clients=tuple(CLIENT.values()),
        deals=deals,
        entries=entries,
        costs=tuple(_costs()),
        raise_on=RAISE_ON,
        amendment=Amendment(
            "CO-1", "Harbor Yard management", date(2026, 10, 12), ROLES[1], Decimal("298.50"), "One agreed price"
        ),
        given_up=GivenUp("Harbor Yard management", FIRST, "kick-off day, at our cost"),
        rebilled=Rebilled("Sakura Warehouse robotics", "billed to the wrong cost centre"),
        workdays=WORKDAYS,
    )


def _small(office: Office) -> Office:
    """Its price list names only the roles that somebody has."""
    rates, raised = ({role: prices[role] for role in WORKING} for prices in (office.rates, office.raised))
    return replace(office, rates=rates, raised=raised)


def _deals() -> Iterator[Deal]:
    yield _deal("Harbor", "Yard management")
    yield _deal("Cedar", "Patient portal", twist=Twist.HOLD, clauses=MARKED_UP)
    yield _deal("Harbor", "Fleet telematics", Kind.MILESTONE, Twist.UNAPPROVED, parts=(
        Part(Decimal(24_000), name="Concept accepted"), Part(Decimal(31_500), name="Pilot live"),
    ))  # fmt: skip
    yield _deal("Atlas", "Quality records", Kind.FIXED, Twist.NO_REFERENCE, parts=(
        Part(Decimal("18400.50"), due_on=date(2026, 10, 15)), Part(Decimal("9200.25"), due_on=LAST),
        Part(Decimal("9200.25"), due_on=date(2026, 11, 30)),
    ))  # fmt: skip
    yield _deal("Nordhafen", "Terminal automation", twist=Twist.ERP_REFUSES, clauses=DISCOUNTED)
    yield _deal("Lumière", "Lens configurator")
    yield _deal("Sakura", "Warehouse robotics")


def _deal(
    client: str,
    work: str,
    kind: Kind = Kind.TIME,
    twist: Twist = Twist.NONE,
    clauses: Clauses = PLAIN,
    parts: tuple[Part, ...] = (),
) -> Deal:
    found = CLIENT[client]
    return Deal(
        name=f"{client} {work}",
        client=found.name,
        office=found.office,
        kind=kind,
        estimate=Decimal(0) if parts else Decimal(120_000),
        parts=parts,
        purchase_order=f"PO-{len(work)}",
        terms_days=30,
        team=tuple(person.email for person in PEOPLE if person.office == found.office),
        twist=twist,
        clauses=clauses,
    )


def _entries(deals: list[Deal]) -> Iterator[Entry]:
    """One of everybody on every day; the third of a deal is corrected, the last but one late."""
    numbers = count(1)
    for deal in deals:
        whole = [(day, person) for day in WORKDAYS for person in deal.team]
        for place, (day, person) in enumerate(whole):
            minutes = MINUTES[place % len(MINUTES)]
            yield Entry(
                next(numbers),
                deal.name,
                person,
                day,
                minutes,
                f"Solution build {place + 1}",
                late=place == len(whole) - 2,
                corrected_to=minutes + 45 if place == 2 else None,
            )


def _costs() -> Iterator[Cost]:
    told = (
        ("Harbor Yard management", 0, WORKDAYS[0], "88.40", "Meals"),
        ("Harbor Yard management", 1, WORKDAYS[2], "412.35", "Travel"),
        ("Cedar Patient portal", 1, WORKDAYS[3], "640.15", "Travel"),
        ("Cedar Patient portal", 0, WORKDAYS[4], "93.70", "Lodging"),
        ("Nordhafen Terminal automation", 0, WORKDAYS[1], "251.90", "Lodging"),
        ("Sakura Warehouse robotics", 1, WORKDAYS[1], "18250", "Travel"),
    )
    teams = {deal.name: deal.team for deal in _deals()}
    for number, (deal, person, day, amount, category) in enumerate(told, 1):
        yield Cost(number, deal, teams[deal][person], day, Decimal(amount), category, f"{category} for {deal}")
