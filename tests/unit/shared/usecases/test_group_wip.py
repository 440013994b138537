import random
from dataclasses import replace
from datetime import date

import pytest

from shared.domain.project import ProjectStatus
from shared.domain.wip import WipItem
from shared.usecases.apply_source import reversal_of
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.group_wip import Grouped, group_wip
from tests.build import OCTOBER, a_card, a_contract, a_project, a_rate, eur, time_item, usd


def grouped(*items: WipItem, **changes: object) -> Grouped:
    return group_wip(items, a_contract(**changes), [a_project()], through=OCTOBER)


def reasons(result: Grouped) -> dict[str, str]:
    return {left.wip_id: left.reason for left in result.left}


def test_due_items_of_one_contract_stand_in_one_group() -> None:
    one, two = time_item("t-1"), time_item("t-2", worked_on=OCTOBER)
    result = grouped(two, one)
    ((group, items),) = result.groups.items()
    assert (group.contract_id, group.currency, group.purchase_order) == ("con-1", "EUR", "PO-7")
    assert (items, result.left) == ([one, two], [])


def test_the_order_of_items_decides_nothing() -> None:
    items = [time_item(f"t-{n}", worked_on=date(2026, 10, 1 + n % 5), minutes=10 + n) for n in range(30)]
    shuffled = random.Random(1).sample(items, len(items))
    assert grouped(*items) == grouped(*shuffled)


def test_currencies_never_stand_on_one_invoice() -> None:
    foreign = replace(time_item("t-2"), value=usd("150.00"))
    assert [group.currency for group in grouped(time_item(), foreign).groups] == ["EUR", "USD"]


def test_work_after_the_period_stays_for_the_next() -> None:
    later = time_item(worked_on=date(2026, 11, 1))
    assert reasons(grouped(later)) == {later.wip_id: "later_period"}


def test_late_work_of_an_earlier_period_goes_along() -> None:
    late = time_item(worked_on=date(2026, 8, 31))
    assert grouped(late).left == []


def test_claimed_work_is_never_grouped_again() -> None:
    taken = replace(time_item(), claimed_by="inv-9")
    assert reasons(grouped(taken)) == {taken.wip_id: "already_claimed"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": ProjectStatus.SETTING_UP}, "project_not_active"),
        ({"status": ProjectStatus.BLOCKED}, "project_not_active"),
        ({"on_hold": True}, "billing_hold"),
    ],
)
def test_work_of_a_project_that_may_not_be_billed_is_left(change: dict[str, object], reason: str) -> None:
    item = time_item()
    result = group_wip([item], a_contract(), [a_project(**change)], through=OCTOBER)
    assert (result.groups, reasons(result)) == ({}, {item.wip_id: reason})


def test_work_of_an_unknown_project_is_left() -> None:
    item = time_item()
    assert reasons(group_wip([item], a_contract(), [], through=OCTOBER)) == {item.wip_id: "project_not_active"}


def test_a_closed_project_gets_its_last_invoice() -> None:
    closed = a_project(status=ProjectStatus.CLOSED)
    assert group_wip([time_item()], a_contract(), [closed], through=OCTOBER).left == []


@pytest.mark.parametrize("missing", [None, ""])
def test_without_the_contracts_number_nothing_is_invoiced(missing: str | None) -> None:
    item = time_item()
    assert reasons(grouped(item, reference=missing)) == {item.wip_id: "missing_contract_reference"}


def test_a_correction_that_leaves_less_than_nothing_waits_for_a_credit_memo() -> None:
    billed = time_item(minutes=120)
    reversal, new = reversal_of(billed, 2), time_item(sequence=2, minutes=60)
    assert reasons(grouped(reversal, new)) == {reversal.wip_id: "negative_invoice", new.wip_id: "negative_invoice"}


def test_a_correction_downward_goes_on_an_invoice_that_stays_positive() -> None:
    billed = time_item(minutes=120)
    items = [reversal_of(billed, 2), time_item(sequence=2, minutes=60), time_item("t-2", minutes=180)]
    ((_, taken),) = grouped(*items).groups.items()
    assert sum(item.value.amount for item in taken) == 300


def test_an_item_and_its_reversal_go_together() -> None:
    item = time_item()
    reversal, new = reversal_of(item, 2), time_item(sequence=2, minutes=90)
    ((_, taken),) = grouped(new, reversal, item).groups.items()
    assert taken == [item, reversal, new]
    assert cancelled_pairs(taken) == {item.wip_id, reversal.wip_id}


@pytest.mark.parametrize("free", [True, False])
def test_what_sums_to_nothing_waits_for_something_with_a_price(free: bool) -> None:
    free_work = [time_item(card=a_card(a_rate(amount="0")))]
    taken_back = [time_item(), reversal_of(time_item(), 2)]
    items = free_work if free else taken_back
    assert set(reasons(grouped(*items)).values()) == {"nothing_to_bill"}
    ((_, taken),) = grouped(*items, time_item("t-2")).groups.items()
    assert len(taken) == len(items) + 1
    assert sum(item.value.amount for item in taken) == eur("150").amount
