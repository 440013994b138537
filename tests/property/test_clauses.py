"""Clauses in any order: a cap is never exceeded, a balance never negative, batching changes no discount."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.terms import Cap, Discount, LineTerms, OverCap, Prepaid, Retainer, Tier, TierBasis
from shared.domain.wip import WipItem
from shared.usecases.clause_items import counts
from shared.usecases.clause_period import last_day
from shared.usecases.cut_item import cut_id, cut_item
from shared.usecases.due_fees import fee_periods
from shared.usecases.hold_over_cap import check_caps, hold_over_cap
from shared.usecases.retainer_cover import fee_left, valid_for
from shared.usecases.tiered_discount import tiered_discount
from tests.build import eur
from tests.clauses import LINE, Play, hours, month, net_of

CENTS = st.integers(-200_000, 500_000).map(lambda cents: str(Decimal(cents) / 100))
WORTH = st.integers(1, 500_000).map(lambda cents: str(Decimal(cents) / 100))
MONTHS = [f"2026-{number:02}" for number in range(1, 7)]
TIERS = Discount(
    (Tier(eur("0"), Decimal("2.5")), Tier(eur("3000.00"), Decimal("7.25")), Tier(eur("9000.00"), Decimal(11))),
    TierBasis.TO_DATE,
)


@given(st.lists(CENTS, min_size=1, max_size=8), st.data())
def test_the_discount_of_all_is_that_of_the_whole_however_it_was_batched(worth: list[str], data: st.DataObject) -> None:
    """Some of the invoices are rejected and billed again at the end."""
    play, again = Play(LineTerms(discount=TIERS)), []
    for place, each in enumerate(worth):
        items = play.work(each, on=date(2026, 1, 5))
        play.bill(items, date(2026, 1, 31), f"inv-{place}")
        if data.draw(st.booleans()):
            play.drop(f"inv-{place}")
            again += items
    if again:
        play.bill(again, date(2026, 1, 31), "inv-again")
    given_all = play.ledger.total(LINE, "EUR", lambda each: each.discount)
    assert given_all == tiered_discount(TIERS, Money(sum(map(Decimal, worth), Decimal(0)), "EUR"))


class Run:
    """Billing runs of one capped line: what is open, what was billed, what was cut."""

    def __init__(self, cap: Cap) -> None:
        self.play = Play(LineTerms(cap=cap))
        self.cap, self.open, self.sources, self.number = cap, {}, {}, 0  # type: ignore[var-annotated]

    def bill(self) -> None:
        due = list(self.open.values())
        held: set[str] = set()
        for over in hold_over_cap(due, self.play.contract, self.play.ledger):
            held |= {item.wip_id for item in over.items}
            if over.cut:
                key = cut_id(over.cut.item.wip_id, over.cut.reason)
                source, less, more = cut_item(over.cut, self.sources.get(key))
                self.sources[key] = source
                self.open |= {less.wip_id: less, more.wip_id: more}
                held.add(more.wip_id)
        items = [item for item in self.open.values() if item.wip_id not in held]
        if not items:
            return
        check_caps(items, self.play.contract, self.play.ledger)
        self.number += 1
        self.play.bill(items, date(2026, 1, 31), f"inv-{self.number}")
        self.billed = items
        self.open = {wip_id: item for wip_id, item in self.open.items() if wip_id in held}

    def used(self) -> Decimal:
        if self.cap.value:
            return self.play.ledger.total(LINE, "EUR", lambda each: each.counted).amount
        return self.play.ledger.minutes(LINE)

    def reject_last(self) -> None:
        self.play.drop(f"inv-{self.number}")
        self.open |= {item.wip_id: item for item in self.billed}


STEPS = st.lists(st.one_of(st.integers(1, 600), st.just("bill"), st.just("reject")), min_size=1, max_size=14)


@given(STEPS, st.booleans())
def test_a_cap_is_never_exceeded_filled_when_there_is_work_and_nothing_is_lost(
    steps: list[object], timed: bool
) -> None:
    cap = Cap(OverCap.HARD, minutes=700) if timed else Cap(OverCap.HARD, value=eur("1234.56"))
    size = Decimal(700) if timed else Decimal("1234.56")
    run, everything, rejectable = Run(cap), [], False
    for place, step in enumerate(steps):
        if step == "bill":
            before = run.number
            run.bill()
            rejectable = run.number > before
        elif step == "reject" and rejectable:
            run.reject_last()
            rejectable = False
        elif isinstance(step, int):
            item = hours(f"w-{place}", step, date(2026, 1, 1 + place), "137.77")
            run.open[item.wip_id] = item
            everything.append(item)
        assert run.used() <= size
    run.bill()
    approved = sum((measure(item, cap) for item in everything), Decimal(0))
    assert run.used() == min(size, approved)
    worth = sum((item.value.amount for item in everything), Decimal(0))
    counted = run.play.ledger.total(LINE, "EUR", lambda each: each.counted).amount
    assert worth == counted + sum((item.value.amount for item in run.open.values()), Decimal(0))


def measure(item: WipItem, cap: Cap) -> Decimal:
    assert counts(item, cap)
    return item.value.amount if cap.value else item.valuation.quantity


@given(
    st.lists(st.tuples(st.sampled_from(MONTHS), CENTS, st.booleans()), min_size=1, max_size=10),
    st.sampled_from([0, 1, 2, None]),
)
def test_a_retainer_balances_and_never_covers_more_than_there_is(
    work: list[tuple[str, str, bool]], carry: int | None
) -> None:
    """Work of any month on invoices in any order; some are rejected."""
    retainer = Retainer(eur("1000.00"), carry_periods=carry)
    play = Play(LineTerms(retainer=retainer))
    for place, (name, worth, rejected) in enumerate(work):
        items = play.work(worth, on=month(name).replace(day=7))
        clauses = play.bill(items, last_day(play.contract, month(name)), f"inv-{place}")
        if Decimal(worth) > 0:
            assert 0 <= net_of(items, clauses) <= Decimal(worth)
        if rejected:
            play.drop(f"inv-{place}")
    covers = [(line.period, cover) for line in play.ledger.of_line(LINE) for cover in line.covered]
    due = fee_periods(play.contract, retainer, date(2026, 6, 30))
    left = fee_left(due, retainer, [cover for _, cover in covers], {})
    assert all(valid_for(play.contract, retainer, cover.fee_period, period) for period, cover in covers)
    used = sum((cover.value.amount for _, cover in covers), Decimal(0))
    assert len(due) * Decimal("1000.00") == used + sum((value.amount for value in left.values()), Decimal(0))
    assert all(value.amount >= 0 for value in left.values())


@given(st.lists(st.tuples(WORTH, st.booleans()), min_size=1, max_size=8))
def test_a_deposit_is_never_drawn_below_nothing(work: list[tuple[str, bool]]) -> None:
    play = Play(LineTerms(prepaid=Prepaid(eur("2000.00"), date(2026, 1, 1), eur("500.00"))))
    for place, (worth, rejected) in enumerate(work):
        through = last_day(play.contract, month(MONTHS[place % 6]))
        items = [*play.due(through), *play.work(worth, on=through)]
        clauses = play.bill(items, through, f"inv-{place}")
        assert net_of(items, clauses) >= 0
        if rejected:
            play.drop(f"inv-{place}")
        drawn = play.ledger.total(LINE, "EUR", lambda each: each.drawn)
        assert Decimal(0) <= drawn.amount <= sum(each.amount for each in play.deposits)


def test_a_cut_is_a_source_worth_nothing() -> None:
    (over,) = hold_over_cap(
        [hours("w-1", 600, date(2026, 1, 5))],
        Play(LineTerms(cap=Cap(OverCap.HARD, minutes=60))).contract,
        Play(LineTerms()).ledger,
    )
    assert over.cut
    source, less, more = cut_item(over.cut, None)
    assert isinstance(source, SourceRecord) and source.value == eur("0") == less.value + more.value
