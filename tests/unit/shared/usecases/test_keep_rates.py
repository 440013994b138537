from __future__ import annotations

from datetime import date

import pytest

from shared.domain.exchange import RateTable
from shared.faults import BusinessException
from shared.usecases.keep_rates import days_to_ask, new_publications
from tests.rates import book_rule, published

KEPT = RateTable.of("ecb", [published("2026-04-13", USD="1.1684", JPY="186.10")])


def test_a_day_that_is_kept_is_left_out_and_others_are_new() -> None:
    again = published("2026-04-13", USD="1.1684", JPY="186.1")
    later = published("2026-04-14", USD="1.17")
    assert new_publications(KEPT, [again, later]) == (later,)


@pytest.mark.parametrize(
    ("read", "currency", "was", "now"),
    [
        (published("2026-04-13", USD="1.1685", JPY="186.10"), "USD", "1.1684", "1.1685"),
        (published("2026-04-13", USD="1.1684"), "JPY", "186.10", "no rate"),
        (published("2026-04-13", USD="1.1684", JPY="186.10", GBP="0.87"), "GBP", "no rate", "0.87"),
    ],
)
def test_a_changed_rate_is_a_question_and_nothing_is_new(read: object, currency: str, was: str, now: str) -> None:
    with pytest.raises(BusinessException, match="fx_rate_changed") as refusal:
        new_publications(KEPT, [published("2026-04-14", USD="1.17"), read])  # type: ignore[list-item]
    facts = refusal.value.facts
    assert (facts["currency"], facts["on"], facts["kept"], facts["read"]) == (currency, "2026-04-13", was, now)


def test_the_days_asked_are_those_the_rule_allows() -> None:
    assert days_to_ask(date(2026, 4, 13), book_rule(2)) == [date(2026, 4, 13), date(2026, 4, 12), date(2026, 4, 11)]
