from datetime import date

import pytest

from shared.domain.billing_schedule import BillingSchedule, Cadence
from shared.faults import BusinessException
from shared.usecases.parse_schedule import ALLOWED, canonical_words, parse_schedule


@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        ("monthly", BillingSchedule(Cadence.MONTHLY)),
        ("Monthly, 25", BillingSchedule(Cadence.MONTHLY, cut_offs=(25,))),
        ("Weekly (Friday)", BillingSchedule(Cadence.WEEKLY, weekday=5)),
        ("weekly fri", BillingSchedule(Cadence.WEEKLY, weekday=5)),
        ("weekly", BillingSchedule(Cadence.WEEKLY, weekday=7)),
        ("Semi-Monthly", BillingSchedule(Cadence.SEMI_MONTHLY, cut_offs=(15, 31))),
        ("semimonthly 10 25", BillingSchedule(Cadence.SEMI_MONTHLY, cut_offs=(10, 25))),
        ("Quarterly", BillingSchedule(Cadence.QUARTERLY)),
        ("On Completion", BillingSchedule(Cadence.ON_COMPLETION)),
        ("On Milestone", BillingSchedule(Cadence.ON_COMPLETION)),
        ("on-demand", BillingSchedule(Cadence.ON_DEMAND)),
    ],
)
def test_words_of_a_contract_are_understood(words: str, schedule: BillingSchedule) -> None:
    assert parse_schedule(words) == schedule


def test_fortnights_count_from_the_start_of_the_contract() -> None:
    found = parse_schedule("Bi-weekly Friday", starts_on=date(2026, 10, 5))
    assert found == BillingSchedule(Cadence.BIWEEKLY, weekday=5, anchor=date(2026, 10, 5))


@pytest.mark.parametrize(
    "words",
    ["", "sometimes", "monthly_0", "monthly_32", "monthly_25_31", "weekly_noday", "weekly_5", "semi_monthly_15"]
    + ["semi_monthly_28_31", "semi_monthly_20_10", "quarterly_5", "on_demand_5", "weekly_friday_monday", "weekly_fr"],
)
def test_other_words_are_refused_with_what_is_allowed(words: str) -> None:
    with pytest.raises(BusinessException) as refused:
        parse_schedule(words)
    assert refused.value.code == "contract_mismatch"
    assert refused.value.facts["allowed"] == ALLOWED


def test_one_spelling_is_kept() -> None:
    assert [canonical_words(each) for each in ("Monthly", "Bi-Weekly FRIDAY", "semimonthly, 10/25")] == [
        "monthly",
        "biweekly_friday",
        "semi_monthly_10_25",
    ]
