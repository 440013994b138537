"""Which days a changed card touches, and what stands of an item it prices anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.usecases.rerate import changed_from, rerate, rerate_plan, rerated
from tests.build import a_card, a_contract, a_rate, eur, time_item

JULY = date(2026, 7, 1)
NEW_YEAR = date(2026, 1, 1)


def test_a_rate_that_ends_and_another_that_follows_touch_the_days_from_then_on() -> None:
    before = a_card(a_rate("r-1"))
    now = a_card(a_rate("r-1", valid_to=JULY), a_rate("r-2", "160", valid_from=JULY))
    assert changed_from(before, now) == changed_from(now, before) == JULY


@pytest.mark.parametrize(
    ("rates", "first"),
    [
        ((a_rate("r-1"),), None),
        ((a_rate("another id"),), None),
        ((a_rate("r-1", "151"),), NEW_YEAR),
        ((), NEW_YEAR),
        ((a_rate("r-1"), a_rate("r-2", role="Junior", valid_from=JULY)), JULY),
        ((a_rate("r-1", valid_to=JULY),), JULY),
    ],
)
def test_a_change_touches_no_day_before_its_first(rates: tuple, first: date | None) -> None:  # type: ignore[type-arg]
    assert changed_from(a_card(a_rate("r-1")), replace(a_card(), rates=rates)) == first


def source_of(item: WipItem) -> SourceRecord:
    return SourceRecord(item.source_id, item.source_ref, 1, "con-1", "prj-1", "DE01", item.wip_id, item.value)  # type: ignore[arg-type]


def test_the_reversal_and_the_new_item_sum_to_the_difference() -> None:
    item = time_item(minutes=50)
    new = rerated(item, a_card(a_rate(amount="142.50"), version="v8"))
    assert new is not None
    after, (reversal, stands) = rerate(source_of(item), item, new)
    assert item.value + reversal.value == eur("0.00") and reversal.reverses == item.wip_id
    assert (stands.value, after.value, after.wip_id) == (eur("118.75"), eur("118.75"), stands.wip_id)
    assert (after.sequence, after.revision) == (1, 1)


def test_an_item_that_stands_no_more_is_not_priced_anew() -> None:
    item = time_item()
    new = rerated(item, a_card(a_rate(amount="142.50"), version="v8"))
    assert new is not None
    with pytest.raises(ValueError, match="does not stand"):
        rerate(replace(source_of(item), wip_id="another"), item, new)


def test_work_of_another_card_or_without_who_asked_keeps_its_rate() -> None:
    now = a_card(a_rate(amount="160"), version="v8")
    assert rerated(time_item(), replace(now, rate_card_id="card-2")) is None
    assert rerated(replace(time_item(), person_id=None), now) is None


def test_the_rate_is_asked_for_all_that_the_entry_named() -> None:
    item = time_item(task_id="s-5", region="Bavaria")
    assert (item.task_id, item.region, item.valuation.rule) == ("s-5", "Bavaria", "role")
    by_task = rerated(item, a_card(a_rate(), a_rate("t", "180", role=None, task="s-5"), version="v8"))
    by_region = rerated(item, a_card(a_rate("b", "175", region="Bavaria"), version="v8"))
    by_customer = rerated(item, a_card(a_rate("c", "120", customer=a_contract().customer_id), version="v8"))
    found = [each.valuation.rule for each in (by_task, by_region, by_customer) if each]
    assert found == ["task", "role_in_region", "role_on_customer"]


def test_credit_plus_rebill_of_a_plan_is_its_difference() -> None:
    items = [replace(time_item(f"t-{n}", minutes=n), claimed_by="inv-1") for n in range(1, 60)]
    before, now = a_card(), a_card(a_rate(amount="163.33"), version="v8")
    plan = rerate_plan(items, before, now)
    assert len(plan) == 59
    zero = Money.zero("EUR")
    credited, rebilled = (sum((getattr(line, name) for line in plan), zero) for name in ("credited", "rebilled"))
    assert sum((line.difference for line in plan), zero) == rebilled - credited
    assert credited == sum((item.value for item in items), zero)


def test_a_first_version_plans_nothing() -> None:
    assert rerate_plan([replace(time_item(), claimed_by="inv-1")], None, a_card(version="v8")) == ()
