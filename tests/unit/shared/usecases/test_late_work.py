from dataclasses import replace
from datetime import date

import pytest

from shared.domain.wip import WipKind
from shared.usecases.late_work import billed_from, is_late, late_rule
from tests.build import a_contract, time_item
from tests.examples.late_entries import ROWS


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['schedule']} {row['worked_on']} {row['days_of_the_policy']}"
)
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    contract = a_contract(billing_schedule=row["schedule"])
    period_end = date.fromisoformat(row["period_end"])
    days = None if row["days_of_the_policy"] == "none" else int(row["days_of_the_policy"])
    item = time_item(worked_on=date.fromisoformat(row["worked_on"]), card=_card_of_all_times())
    late = is_late(item, billed_from(contract.billing_schedule, contract, period_end))
    rule = late_rule(contract, period_end, days, ())
    held = rule is not None and rule.holds(item)
    assert ("yes" if late else "no", "when agreed" if held else "yes") == (row["late"], row["billed"])


def test_what_somebody_agreed_to_is_billed() -> None:
    contract, item = a_contract(), time_item(worked_on=date(2026, 3, 2))
    rule = late_rule(contract, date(2026, 10, 31), 30, {item.wip_id})
    assert rule is not None and not rule.holds(item)
    assert rule.holds(time_item("t-2", worked_on=date(2026, 3, 2)))


def test_an_instalment_is_never_late() -> None:
    instalment = replace(time_item(worked_on=date(2026, 3, 2)), kind=WipKind.INSTALMENT)
    assert not is_late(instalment, date(2026, 10, 1))


def _card_of_all_times():  # type: ignore[no-untyped-def]
    from tests.build import a_card, a_rate

    return a_card(a_rate(valid_from=date(2020, 1, 1)))
