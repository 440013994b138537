"""The firm's month, from a seed: pure data, nothing is sent anywhere.

What goes wrong is part of the plan (`Twist`), so that the same seed is the same mess.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sandbox.firm.names import CONSULTING, EXPENSES, FIRST, LAST, YEN_A_CENT
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
    Part,
    Rebilled,
)
from sandbox.firm.sold import SOLD, Sold

PEOPLE = {"US": 22, "DE": 16, "JP": 6}


def plan(seed: int, first: date = date(2026, 10, 1)) -> Month:
    """A month of three offices, 44 consultants, 14 clients, 24 deals, about 3,000 entries and 200 expenses."""
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
        amendment=Amendment(
            number="CO-1",
            deal=_named("Grid forecasting"),
            effective_on=first.replace(day=12),
            role="Principal",
            rate_per_hour=Decimal("298.50"),
            words="Principals at one agreed price from the second phase on",
        ),
        given_up=GivenUp(_named("Yard management"), first, "kick-off day, at our cost"),
        rebilled=Rebilled(_named("Warehouse robotics"), "billed to the wrong cost centre: to be issued anew"),
        workdays=workdays,
    )


def _consultants(chance: random.Random) -> tuple[Consultant, ...]:
    found = []
    for office, count in PEOPLE.items():
        firsts, lasts = chance.sample(FIRST[office], count), chance.sample(LAST[office], count)
        for i, (given, family) in enumerate(zip(firsts, lasts, strict=True)):
            role = SPECIALIST if i == count - 1 else ROLES[min(i * len(ROLES) // count, len(ROLES) - 1)]
            email = f"{given}.{family}@meridian.example".lower().encode("ascii", "ignore").decode()
            found.append(Consultant(f"{given} {family}", email, office, role))
    return tuple(found)


def _named(name: str) -> str:
    """The deal's whole name, as it stands in every system."""
    return next(_name(sold) for sold in SOLD if sold.name == name)


def _name(sold: Sold) -> str:
    return f"{sold.client.name.split()[0]} {sold.name}"


def _deals(chance: random.Random, first: date, last: date, consultants: tuple[Consultant, ...]) -> tuple[Deal, ...]:
    teams = _teams(chance, consultants)
    deals = tuple(
        Deal(
            name=_name(sold),
            client=sold.client.name,
            office=sold.client.office,
            kind=sold.kind,
            estimate=Decimal(chance.randrange(120, 480) * 1000) if sold.kind is Kind.TIME else Decimal(0),
            parts=_parts(chance, sold, first, last),
            purchase_order=f"PO-{chance.randrange(10_000, 99_999)}" if chance.random() < 0.7 else None,
            terms_days=chance.choice((14, 30, 30, 45)),
            team=team,
            twist=sold.twist,
            clauses=sold.clauses,
            together=sold.together,
        )
        for sold, team in zip(SOLD, teams, strict=True)
    )
    return tuple(_on_one_account(deal, deals) for deal in deals)


def _on_one_account(deal: Deal, deals: Sequence[Deal]) -> Deal:
    """A customer who wants one invoice orders all of it under one number, on one set of terms: those agreed first."""
    first = next((each for each in deals if each.together and each.client == deal.client), deal)
    if not deal.together:
        return deal
    return replace(deal, purchase_order=first.purchase_order, terms_days=first.terms_days)


def _teams(chance: random.Random, consultants: tuple[Consultant, ...]) -> list[tuple[str, ...]]:
    """Everybody of an office works on one or two of its large time deals; two or three look after a small one besides."""
    teams: list[tuple[str, ...]] = [() for _ in SOLD]
    for office in OFFICES:
        people = [person for person in consultants if person.office == office]
        here = [n for n, sold in enumerate(SOLD) if sold.client.office == office]
        large = [n for n in here if SOLD[n].kind is Kind.TIME and not SOLD[n].small]
        for i, person in enumerate(people):
            for n in {large[i % len(large)], chance.choice(large)}:
                teams[n] += (person.email,)
        for n in here:
            if SOLD[n].small or SOLD[n].kind is not Kind.TIME:
                teams[n] = tuple(person.email for person in chance.sample(people, 3))
    return teams


def _parts(chance: random.Random, sold: Sold, first: date, last: date) -> tuple[Part, ...]:
    if sold.kind is Kind.FIXED:
        amount = Decimal(chance.randrange(180, 640) * 100) + Decimal("0.50")
        dates = (first.replace(day=15), last, last + timedelta(30))
        return tuple(Part(amount, due_on=due) for due in dates)
    if sold.kind is Kind.MILESTONE:
        names = ("Concept accepted", "Pilot live")
        return tuple(Part(Decimal(chance.randrange(240, 900) * 100 + sold.above), name=name) for name in names)
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
        if deal.office == "JP":
            amount = (amount * YEN_A_CENT * 100).quantize(Decimal(1))
        person, day = chance.choice(deal.team), chance.choice(workdays)
        found.append(Cost(number, deal.name, person, day, amount, category, f"{category} for {deal.name}"))
    return tuple(found)
