"""What the firm sold: customer, kind of contract, its clauses, and what goes wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sandbox.firm.clauses import PLAIN, Clauses, ExpenseClause
from sandbox.firm.offices import CLIENTS
from sandbox.firm.shape import Client, Kind, Twist


@dataclass(frozen=True)
class Sold:
    """small: looked after by a few people beside their larger work. above: how much more its parts cost than others'.
    together: the customer wants one invoice for all of its contracts that say so."""

    name: str
    client: Client
    kind: Kind
    twist: Twist = Twist.NONE
    clauses: Clauses = PLAIN
    small: bool = False
    above: int = 0
    together: bool = False


def _ceiling(amount: int) -> Clauses:
    """A framework agreement's, far above a month: it is checked with every invoice and crosses none."""
    return Clauses(soft_cap=Decimal(amount))


FRAMEWORK, FRAMEWORK_YEN = _ceiling(5_000_000), _ceiling(700_000_000)
EXPENSES = (
    ExpenseClause("Travel", mark_up=Decimal("7.5")),
    ExpenseClause("Meals", per_diem=Decimal(28)),
    ExpenseClause(limit=Decimal(150)),
)
TIERS = ((Decimal(0), Decimal(3)), (Decimal(15_000), Decimal(8)))

SOLD = (
    Sold("Yard management", CLIENTS[0], Kind.TIME, clauses=FRAMEWORK),
    Sold("Patient portal", CLIENTS[1], Kind.TIME, Twist.HOLD, FRAMEWORK),
    Sold("Grid forecasting", CLIENTS[2], Kind.TIME, clauses=FRAMEWORK),
    Sold("Claims platform", CLIENTS[3], Kind.TIME, Twist.NO_REFERENCE, FRAMEWORK),
    Sold("Plant scheduling", CLIENTS[4], Kind.TIME, clauses=FRAMEWORK),
    Sold("Quality records", CLIENTS[5], Kind.FIXED),
    Sold("Network planning", CLIENTS[6], Kind.TIME, clauses=FRAMEWORK),
    Sold("Fleet telematics", CLIENTS[0], Kind.MILESTONE, Twist.UNAPPROVED),
    Sold("Billing review", CLIENTS[3], Kind.FIXED),
    Sold("Dock sensors", CLIENTS[0], Kind.TIME, clauses=Clauses(hard_cap=Decimal(20_000)), small=True),
    Sold("Care pathways", CLIENTS[1], Kind.TIME, clauses=Clauses(soft_cap=Decimal(25_000)), small=True),
    Sold("Advisory desk", CLIENTS[2], Kind.TIME, clauses=Clauses(retainer=Decimal(15_000)), small=True),
    Sold("Cold chain", CLIENTS[4], Kind.TIME, clauses=Clauses(deposit=Decimal(10_000)), small=True),
    Sold("Terminal automation", CLIENTS[7], Kind.TIME, Twist.ERP_REFUSES, FRAMEWORK),
    Sold("Batch traceability", CLIENTS[8], Kind.TIME, clauses=FRAMEWORK, together=True),
    Sold("Meter roll-out", CLIENTS[9], Kind.FIXED),
    Sold("Lens configurator", CLIENTS[10], Kind.TIME, clauses=FRAMEWORK),
    Sold("Core banking study", CLIENTS[11], Kind.MILESTONE),
    Sold("Port community system", CLIENTS[7], Kind.MILESTONE, above=240_000),
    Sold("Lab support", CLIENTS[8], Kind.TIME, clauses=Clauses(tiers=TIERS), small=True, together=True),
    Sold("Tariff helpdesk", CLIENTS[9], Kind.TIME, clauses=Clauses(minimum=Decimal(90_000)), small=True),
    Sold("Workshop tooling", CLIENTS[10], Kind.TIME, clauses=Clauses(expenses=EXPENSES), small=True),
    Sold("Warehouse robotics", CLIENTS[12], Kind.TIME, clauses=FRAMEWORK_YEN),
    Sold("Vessel planning", CLIENTS[13], Kind.TIME, clauses=Clauses(tiers=((Decimal(0), Decimal("2.5")),))),
)
