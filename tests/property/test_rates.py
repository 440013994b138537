"""Rates: one order for every pair, the index answers as a plain search does, days cost the same in every order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.rate_card import NAMES, Named, Rate, level_of, specificity
from shared.domain.terms import LineTerms, Multipliers, RoundScope, RoundTo, TimeRounding
from shared.faults import BusinessException
from shared.usecases.multiplier_for import multiplier_for
from shared.usecases.rate_for import rate_for
from shared.usecases.round_day import round_day
from shared.usecases.round_minutes import round_minutes, share_of_day
from tests.build import a_card, eur

SETS = [names for size in range(len(NAMES) + 1) for names in combinations(NAMES, size)]
DAY = date(2026, 10, 5)
roundings = st.builds(
    TimeRounding, st.sampled_from([1, 5, 6, 10, 15, 30, 60]), st.sampled_from(RoundTo), st.just(RoundScope.PERSON_DAY)
)
entries = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(1, 600), max_size=8)


def test_all_sets_of_names_stand_in_one_order_and_have_words_of_their_own() -> None:
    assert len({specificity(names) for names in SETS}) == len({level_of(names) for names in SETS}) == len(SETS)


@given(st.sampled_from(SETS), st.sampled_from(NAMES))
def test_naming_one_thing_more_is_always_more_specific(names: tuple[str, ...], more: str) -> None:
    wider = tuple(name for name in NAMES if name in names or name == more)
    assert more in names or specificity(wider) > specificity(names)


values = st.sampled_from(["x", "y"])
works = st.builds(Named, **{name: st.none() | values for name in NAMES})


@st.composite
def rates(draw: st.DrawFn) -> tuple[Rate, ...]:
    names = st.fixed_dictionaries({name: st.none() | values for name in NAMES})
    drawn = draw(st.lists(st.tuples(names, st.integers(-40, 40), st.none() | st.integers(1, 60)), max_size=25))
    return tuple(
        Rate(
            f"r{number}",
            eur(str(100 + number)),
            DAY + timedelta(days=start),
            None if length is None else DAY + timedelta(days=start + length),
            **named,
        )
        for number, (named, start, length) in enumerate(drawn)
    )


@given(rates(), works)
def test_the_index_finds_what_a_search_through_all_rates_finds(card_rates: tuple[Rate, ...], work: Named) -> None:
    fit = [
        rate
        for rate in card_rates
        if rate.valid_on(DAY) and all(getattr(rate, name) == getattr(work, name) for name in rate.names)
    ]
    best = max((specificity(rate.names) for rate in fit), default=None)
    hits = [rate for rate in fit if specificity(rate.names) == best]
    try:
        found = [rate_for(replace(a_card(), rates=card_rates), work, currency="EUR", worked_on=DAY)[1]]
    except BusinessException as refusal:
        found = [] if refusal.code == "rate_overlap" else ([] if not hits else [hits[0]])
        assert len(hits) != 1 and refusal.code in ("rate_missing", "rate_overlap", "currency_mismatch")
        return
    assert found == hits


@given(st.integers(0, 1440), roundings)
def test_rounding_goes_to_the_unit_by_less_than_one(minutes: int, rounding: TimeRounding) -> None:
    billed, unit = round_minutes(minutes, rounding), rounding.minutes
    assert billed % unit == 0 and abs(billed - minutes) < unit
    assert {RoundTo.UP: billed >= minutes, RoundTo.DOWN: billed <= minutes}.get(rounding.to, True)
    assert rounding.to is not RoundTo.NEAREST or 2 * abs(billed - minutes) <= unit


@given(entries, roundings, st.randoms())
def test_shares_of_a_day_sum_to_its_rounding_in_every_order(
    worked: dict[str, int], rounding: TimeRounding, by: object
) -> None:
    shares = share_of_day(worked, rounding)
    shuffled = dict(sorted(worked.items(), key=lambda each: by.random()))  # type: ignore[attr-defined]
    assert share_of_day(shuffled, rounding) == shares
    assert sum(worked.values()) + sum(shares.values()) == round_minutes(sum(worked.values()), rounding)
    assert all(worked[source] + share >= 0 for source, share in shares.items())


ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/St_Johns",
)
CHANGES = (
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 9, 27),
)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(CHANGES) | st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(0, 23 * 60),
    st.integers(1, 12 * 60),
)
def test_a_shift_over_a_clock_change_is_its_elapsed_minutes_on_its_local_date(
    zone: str, day: date, starts: int, minutes: int
) -> None:
    """Local date and elapsed minutes, as the source tells them: the weekend is the worker's, the value has no gap."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=starts)
    begin = local.astimezone(UTC)
    ended = begin + timedelta(minutes=minutes)
    booked = begin.astimezone(ZoneInfo(zone)).date()
    factor, clause = multiplier_for(Multipliers(weekend=Decimal(2)), work_kind=None, worked_on=booked)
    assert (factor, clause) == ((Decimal(2), "multipliers.weekend") if booked.weekday() >= 5 else (Decimal(1), None))
    elapsed = int((ended - begin).total_seconds() // 60)
    assert elapsed == minutes and round_minutes(elapsed, TimeRounding(1, RoundTo.NEAREST)) == minutes


minute_lists = st.lists(st.tuples(st.integers(1, 300), st.sampled_from(["100.00", "142.50"])), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(minute_lists, roundings, st.data())
def test_a_days_rounding_follows_from_what_stands_alone(
    told: Sequence[tuple[int, str]], rounding: TimeRounding, data: st.DataObject
) -> None:
    from shared.usecases.apply_source import reversal_of
    from tests.build import a_contract, a_rate, time_item

    first, *rest = a_contract().lines
    contract = a_contract(lines=(replace(first, terms=LineTerms(time_rounding=rounding)), *rest))
    day = [
        time_item(f"t-{number}", contract=contract, minutes=minutes, card=a_card(a_rate(amount=price)))
        for number, (minutes, price) in enumerate(told)
    ]
    ghost = time_item("ghost", contract=contract, minutes=77)
    withdrawn = [ghost, reversal_of(ghost, 2)]
    plain = {each.source_id: each.wanted and each.wanted.value for each in round_day(day, rounding)}
    mixed = round_day(data.draw(st.permutations(day + withdrawn)), rounding)
    assert {each.source_id: each.wanted.value for each in mixed if each.wanted} == {k: v for k, v in plain.items() if v}
    added = sum((each.wanted.valuation.quantity for each in mixed if each.wanted), Decimal(0))
    worked = sum(minutes for minutes, _ in told)
    assert worked + added == round_minutes(worked, rounding)
