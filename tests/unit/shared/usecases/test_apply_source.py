from dataclasses import replace
from datetime import date

import pytest

from shared.domain.identity import ExternalRef
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.usecases.apply_source import apply_source
from tests.build import a_card, a_contract, a_rate, eur, time_item, usd

REF = ExternalRef("kantata", "time_entry", "t-1")


def deliver(
    previous: SourceRecord | None, current: WipItem | None, wanted: WipItem | None, sequence: int
) -> tuple[SourceRecord, tuple[WipItem, ...]]:
    return apply_source(
        previous,
        current,
        wanted,
        source_id="t-1",
        ref=REF,
        sequence=sequence,
        contract=a_contract(),
        project_id="prj-1",
    )


def first(**changes: object) -> tuple[SourceRecord, WipItem]:
    record, (item,) = deliver(None, None, time_item(sequence=10, **changes), 10)
    return record, item


def test_a_new_record_makes_its_item() -> None:
    record, item = first()
    assert (record.wip_id, record.value, record.sequence) == (item.wip_id, eur("150.00"), 10)
    assert item == time_item(sequence=10)


def test_a_correction_is_a_reversal_and_a_new_item() -> None:
    record, old = first()
    record, (reversal, new) = deliver(record, old, time_item(sequence=20, minutes=90), 20)
    assert (reversal.value, reversal.valuation.quantity, reversal.reverses) == (eur("-150.00"), -60, old.wip_id)
    assert reversal.valuation.unit_price == eur("150.00")
    assert reversal.worked_on == old.worked_on
    assert (new.value, new.reverses) == (eur("225.00"), None)
    assert (record.wip_id, record.value, record.sequence) == (new.wip_id, eur("225.00"), 20)


def test_a_reversal_of_billed_work_is_open() -> None:
    record, old = first()
    _, (reversal, _) = deliver(record, replace(old, claimed_by="inv-1"), time_item(sequence=20, minutes=90), 20)
    assert reversal.claimed_by is None


def test_a_withdrawn_record_leaves_a_reversal_alone_and_is_worth_nothing() -> None:
    record, old = first()
    record, (reversal,) = deliver(record, old, None, 20)
    assert reversal.value == eur("-150.00")
    assert (record.wip_id, record.value) == (None, eur("0"))


def test_a_record_withdrawn_before_it_was_ever_seen_makes_nothing() -> None:
    record, items = deliver(None, None, None, 10)
    assert (record.wip_id, record.value, items) == (None, eur("0"), ())


def test_a_withdrawn_record_may_come_back() -> None:
    record, old = first()
    record, _ = deliver(record, old, None, 20)
    record, (new,) = deliver(record, None, time_item(sequence=30), 30)
    assert (record.wip_id, new.value, new.reverses) == (new.wip_id, eur("150.00"), None)


@pytest.mark.parametrize("sequence", [9, 10])
def test_an_older_or_the_same_version_changes_nothing(sequence: int) -> None:
    record, old = first()
    assert deliver(record, old, time_item(sequence=sequence, minutes=999), sequence) == (record, ())


@pytest.mark.parametrize(
    "change", [{"task": "Another word"}, {"approver": "Somebody else"}, {"card": a_card(version="v8")}]
)
def test_a_version_that_changes_no_money_moves_the_sequence_only(change: dict[str, object]) -> None:
    record, old = first()
    again, items = deliver(record, old, time_item(sequence=20, **change), 20)
    assert (again.sequence, again.wip_id, again.value, items) == (20, old.wip_id, old.value, ())


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": 61},
        {"worked_on": date(2026, 10, 6)},
        {"person": "Bob Lee"},
        {"card": a_card(a_rate(amount="151.00"))},
    ],
)
def test_a_version_that_the_customer_would_notice_is_rebilled(change: dict[str, object]) -> None:
    record, old = first()
    assert len(deliver(record, old, time_item(sequence=20, **change), 20)[1]) == 2


def test_the_value_withdrawn_is_zero_in_the_currency_it_was_known_in() -> None:
    record, old = first()
    foreign = replace(record, value=usd("150.00"))
    assert deliver(foreign, replace(old, value=usd("150.00")), None, 20)[0].value == usd("0")


def test_the_item_that_stands_now_must_be_given() -> None:
    record, _ = first()
    with pytest.raises(ValueError, match="needs the item"):
        deliver(record, None, None, 20)
