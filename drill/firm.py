"""A firm's days, from a seed: contracts of several kinds, work, corrections, late ones, a hold, credits, a write-off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from drill.operator import asked
from drill.vendors import workspace_of
from drill.world import World
from events.contract_signed.v1 import SignedInstalment, SignedLine
from events.envelope import AnyEnvelope
from events.invoice_paid.v1 import InvoicePaid
from events.terms import CapTerms, RetainerTerms, Terms
from events.values import Amount, Ref
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice, InvoiceKind, InvoiceStatus
from tests.stories import a_card, a_contract, a_milestone, a_party, an_entry, an_expense, event, usd

KINDS = ("plain", "capped", "fixed", "milestone", "retainer", "large")
Act = Callable[[World], None]


@dataclass(frozen=True)
class Phase:
    """Told in any order; then, when all is quiet, people act, one after the other."""

    at: datetime
    events: tuple[AnyEnvelope, ...] = ()
    acts: tuple[Act, ...] = ()


@dataclass
class Job:
    """One contract and the work under it. entries: the newest version told of each, by id."""

    number: int
    kind: str
    entries: dict[str, int] = field(default_factory=dict)

    @property
    def contract_id(self) -> str:
        return f"contract-{self.number}"

    @property
    def project_id(self) -> str:
        return derived_id("project", self.contract_id)

    @property
    def workspace(self) -> Ref:
        return Ref(system="kantata", kind="workspace", id=workspace_of(self.project_id))

    @property
    def lines(self) -> tuple[SignedLine, ...]:
        """Every contract's instalments have ids of their own: each is billed under its id, once."""
        return tuple(
            line.model_copy(
                update={
                    "instalments": tuple(
                        part.model_copy(update={"instalment_id": f"{self.number}-{part.instalment_id}"})
                        for part in line.instalments
                    )
                }
            )
            for line in LINES[self.kind]
        )

    def signed(self) -> AnyEnvelope:
        return a_contract(
            contract_id=self.contract_id,
            ref=Ref(system="salesforce", kind="opportunity", id=f"006{self.number}"),
            opportunity_id=f"opportunity-{self.number}",
            project_name=f"Job {self.number}",
            reference=f"C-2026-{self.number:03}",
            customer=a_party().model_copy(
                update={"customer_id": f"customer-{1 + self.number % 2}", "name": f"Client {1 + self.number % 2}"}
            ),
            lines=self.lines,
        )

    def card(self) -> AnyEnvelope:
        told = a_card(
            rate_card_id=f"card-{self.number}",
            project_refs=(self.workspace,),
            ref=Ref(system="kantata", kind="rate_card", id=str(self.number)),
        )
        return event(told.data, f"card-{self.number}", 1)

    def entry(self, number: int, minutes: int, on: date) -> AnyEnvelope:
        """A new entry, or the next version of one; minutes 0: withdrawn."""
        entry = str(10_000 * self.number + number)
        version = self.entries[entry] = self.entries.get(entry, 0) + 1
        state = "approved" if minutes else "withdrawn"
        ref = Ref(system="kantata", kind="time_entry", id=entry)
        return an_entry(entry, version, ref=ref, project_ref=self.workspace, minutes=minutes, state=state, worked_on=on)

    def expense(self, number: int, amount: str) -> AnyEnvelope:
        expense = str(10_000 * self.number + 5_000 + number)
        ref = Ref(system="kantata", kind="expense", id=expense)
        return an_expense(expense, ref=ref, project_ref=self.workspace, value=usd(amount))

    def milestone(self) -> AnyEnvelope:
        stone = f"stone-{self.number}"
        ref = Ref(system="kantata", kind="milestone", id=str(900 + self.number))
        return event(a_milestone(milestone_id=stone, ref=ref, project_ref=self.workspace).data, stone, 1)


def time_line(terms: Terms | None = None) -> SignedLine:
    return SignedLine(
        line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000"), terms=terms
    )


def fee_line(*parts: str) -> SignedLine:
    days = (date(2026, 3, 31), date(2026, 4, 30))
    instalments = tuple(
        SignedInstalment(instalment_id=f"i-{number}", due_on=day, value=usd(part))
        for number, (day, part) in enumerate(zip(days, parts, strict=True))
    )
    total = str(sum(Decimal(part) for part in parts))
    return SignedLine(
        line_id="l-fee", kind="fixed_fee", description="Support", value=usd(total), instalments=instalments
    )


LINES: dict[str, tuple[SignedLine, ...]] = {
    "plain": (time_line(),),
    "capped": (time_line(Terms(cap=CapTerms(over="hard", value=usd("1000")))),),
    "fixed": (time_line(), fee_line("500.00", "250.01")),
    "milestone": (
        time_line(),
        SignedLine(line_id="l-stone", kind="milestone", description="Go-live", value=usd("2500"), milestone="Go-live"),
    ),
    "retainer": (time_line(Terms(retainer=RetainerTerms(fee=usd("300"), carry_periods=1))),),
    "large": (fee_line("60000.00", "100.00"),),
}


def days_of(seed: int, *, races: bool = False) -> list[Phase]:
    """Two months of the firm. races: several people start the same billing run while late work comes in."""
    if races:
        return racing_days(seed)
    chance = Random(seed)
    kinds = chance.sample(KINDS, chance.randint(2, 3)) + ["plain"]
    jobs = [Job(number, kind) for number, kind in enumerate(kinds, 1)]
    timed = [job for job in jobs if job.kind != "large"]
    return [
        Phase(at(3, 2), tuple(signing(chance, jobs, timed))),
        Phase(at(3, 20), tuple(march(chance, jobs, timed)), tuple(hold(jobs[-1], True))),
        Phase(at(4, 1), acts=(billing(date(2026, 3, 31), "first"),)),
        Phase(at(4, 2), acts=(payments(jobs[0]),)),
        Phase(at(4, 10), tuple(april(chance, timed)), (*hold(jobs[-1], False), *repairs(chance, timed))),
        Phase(at(5, 1), acts=(billing(date(2026, 4, 30), "second"),)),
        Phase(at(5, 4), acts=(billing(date(2026, 4, 30), "third"),)),
    ]


IN_ANY_ORDER = ("plain", "fixed", "milestone", "large")
"""Kinds whose sums do not depend on which invoice takes which work."""


def racing_days(seed: int) -> list[Phase]:
    """What is billed in the end is the same however the work is spread over invoices, so sums are compared."""
    chance = Random(seed)
    kinds = chance.sample(IN_ANY_ORDER, 2) + ["plain"]
    jobs = [Job(number, kind) for number, kind in enumerate(kinds, 1)]
    timed = [job for job in jobs if job.kind != "large"]
    first, second = date(2026, 3, 31), date(2026, 4, 30)
    return [
        Phase(at(3, 2), tuple(signing(chance, jobs, timed))),
        Phase(at(3, 20), tuple(march(chance, jobs, timed))),
        Phase(at(4, 1), acts=(at_once(*(billing(first, run) for run in "abc"), telling(trickle(chance, timed))),)),
        Phase(at(4, 2), acts=(payments(jobs[0]),)),
        Phase(at(5, 1), acts=(at_once(billing(second, "d"), billing(second, "e")), billing(second, "f"))),
    ]


def trickle(chance: Random, timed: list[Job]) -> list[AnyEnvelope]:
    """Late work of March, told while the runs are under way."""
    late = [
        job.entry(number, 10 * chance.randint(1, 48), date(2026, 3, 29)) for job in timed for number in range(40, 46)
    ]
    return late + april(chance, timed)


def at_once(*acts: Act) -> Act:
    def act(world: World) -> None:
        for each in acts:
            each(world)

    return act


def telling(events: list[AnyEnvelope]) -> Act:
    return lambda world: [world.deliver(told.as_json()) for told in events] and None


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def signing(chance: Random, jobs: list[Job], timed: list[Job]) -> list[AnyEnvelope]:
    """Some work is told before its project stands."""
    early = [job.entry(1, 15 * chance.randint(1, 30), date(2026, 3, 2)) for job in timed]
    return [*(job.signed() for job in jobs), *(job.card() for job in timed), *early]


def march(chance: Random, jobs: list[Job], timed: list[Job]) -> list[AnyEnvelope]:
    told = []
    for job in timed:
        for number in range(2, 2 + chance.randint(2, 4)):
            told.append(job.entry(number, 10 * chance.randint(1, 48), date(2026, 3, 2 + number)))
        told.append(job.entry(2, 10 * chance.randint(0, 48), date(2026, 3, 4)))
    plain = jobs[-1]
    told += [plain.expense(1, "80.00"), plain.expense(2, f"{chance.randint(1, 99)}.15")]
    return told + [job.milestone() for job in jobs if job.kind == "milestone"]


def april(chance: Random, timed: list[Job]) -> list[AnyEnvelope]:
    """Late work of March, corrections of what is billed, work of April."""
    told = []
    for job in timed:
        told.append(job.entry(20, 10 * chance.randint(1, 48), date(2026, 3, 30)))
        told.append(job.entry(3, 10 * chance.randint(0, 48), date(2026, 3, 5)))
        told.append(job.entry(30, 10 * chance.randint(1, 48), date(2026, 4, 7)))
        told.append(job.entry(31, 10 * chance.randint(1, 48), date(2026, 4, 8)))
    return told


def hold(job: Job, held: bool) -> list[Act]:
    def act(world: World) -> None:
        fields = {"level": "contract", "subject_id": job.contract_id, "held": held, "by": "Ann", "reason": "Dispute"}
        asked(world, "hold_billing", f"{job.contract_id} {held}", **fields)

    return [act]


def billing(through: date, run: str) -> Act:
    def act(world: World) -> None:
        world.billed_through = through
        fields = {"legal_entity_id": "US", "through": through, "run": run, "requested_by": "Ann Accountant"}
        asked(world, "start_billing", run, **fields)

    return act


def repairs(chance: Random, timed: list[Job]) -> list[Act]:
    credited, given_up = chance.choice(timed[:-1] or timed), chance.choice(timed)
    percent = chance.choice((None, None, Decimal(25)))

    def credit(world: World) -> None:
        if invoices := posted(world, credited):
            fields: dict[str, Any] = {"invoice": invoices[0].invoice_id, "reason": "Wrong rate", "submitter": "Ann"}
            asked(world, "request_credit", credited.contract_id, request_id="r-1", percent=percent, **fields)

    def write_off(world: World) -> None:
        source = world.fake.wip.source(str(10_000 * given_up.number + 30))
        if source and source.wip_id:
            fields = {"by": "Ann", "reason": "goodwill", "items": (source.wip_id,), "percent": Decimal(50)}
            asked(world, "write_off", given_up.contract_id, request_id="w-1", **fields)

    return [write_off, credit]


def posted(world: World, job: Job) -> list[Invoice]:
    """Of this contract, invoices of time first."""
    rows = (each for each in world.fake.invoices.rows.values() if each.group.contract_id == job.contract_id)
    booked = (each for each in rows if each.kind is InvoiceKind.INVOICE)
    found = [each for each in booked if each.status in (InvoiceStatus.POSTED, InvoiceStatus.PAID)]
    return sorted(found, key=lambda each: (each.group.billing_schedule != "monthly", each.invoice_id))


def payments(job: Job) -> Act:
    """The customer pays; the poll sees it, and sees it again."""

    def act(world: World) -> None:
        for invoice in posted(world, job):
            world.deliver(paid(invoice).as_json())
            world.deliver(paid(invoice).as_json())

    return act


def paid(invoice: Invoice) -> AnyEnvelope:
    assert invoice.totals and invoice.erp_ref
    currency = invoice.totals.gross.currency
    data = InvoicePaid(
        invoice_id=invoice.invoice_id,
        erp_ref=Ref(system="netsuite", kind="invoice", id=invoice.erp_ref.id),
        erp_number=invoice.erp_number or "",
        state="paid",
        paid=Amount(amount=invoice.totals.gross.amount, currency=currency),
        open=Amount(amount=Decimal(0), currency=currency),
        seen_on=date(2026, 4, 2),
    )
    return event(data, invoice.invoice_id, 7, invoice.group.contract_id)
