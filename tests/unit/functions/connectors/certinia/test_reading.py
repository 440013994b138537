"""Certinia's conventions: minutes of hundredths of an hour, exact numbers, names in any case."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.connectors.certinia.invoiced_lines import own_work
from functions.connectors.certinia.pull_projects import hold_reason
from functions.connectors.certinia.query import splits, time_dates
from functions.connectors.certinia.reading import minutes, number, value
from functions.connectors.certinia.settings import CertiniaSettings, HoldRule
from functions.platforms.salesforce.soql import MOST_IDS
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceLine
from tests.contract.connectors.documents import OUTSIDE, line


@given(st.integers(0, 24 * 60))
def test_whole_minutes_come_back_from_hours_of_two_decimals(worked: int) -> None:
    assert minutes((Decimal(worked) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)) == worked


@pytest.mark.parametrize("given", [True, None, "8", 8.0])
def test_what_is_no_exact_number_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="no number"):
        number(given)


def test_a_field_is_found_in_the_case_it_was_declared_in() -> None:
    row = {"pse__Exclude_From_Billing__c": True}
    assert value(row, "pse__Exclude_from_Billing__c") is True
    assert value(row, "pse__Other__c") is None


@pytest.mark.parametrize(
    ("row", "rule", "reason"),
    [
        ({"pse__Exclude_From_Billing__c": True}, HoldRule(), "Excluded from billing"),
        ({"pse__Exclude_From_Billing__c": False}, HoldRule(), None),
        ({"pse__Exclude_From_Billing__c": True}, HoldRule(checkbox=""), None),
        ({"pse__Project_Status__c": "Red"}, HoldRule(checkbox="", statuses=("red",)), "Red"),
        ({"pse__Project_Status__c": "Green"}, HoldRule(checkbox="", statuses=("red",)), None),
    ],
)
def test_a_hold_is_what_the_deployment_says_it_is(row: dict[str, object], rule: HoldRule, reason: str | None) -> None:
    assert hold_reason(row, rule) == reason


def of(id_: str, net: str, kind: str = "time_entry", system: str = "certinia") -> InvoiceLine:
    return line(net, "USD", OUTSIDE, ExternalRef(system, kind, id_))


def test_what_an_invoice_bills_is_told_once_by_its_object_and_without_what_it_takes_back() -> None:
    lines = [
        of("a", "10"),
        of("a", "5"),
        of("b", "7"),
        of("b", "-7"),
        of("c", "9", "expense"),
        of("d", "1", "milestone"),
    ]
    others = [of("e", "3", system="kantata"), of("f", "3", "fee"), line("500.00", "USD", OUTSIDE, None)]
    assert own_work([*lines, *others]) == {
        "pse__Timecard__c": ["a"],
        "pse__Expense__c": ["c"],
        "pse__Milestone__c": ["d"],
    }


def test_an_org_of_one_currency_is_not_asked_for_currencies() -> None:
    assert "CurrencyIsoCode" in splits("Id != null", CertiniaSettings())
    assert "CurrencyIsoCode" not in splits("Id != null", CertiniaSettings(multi_currency=False))


def test_no_formula_field_is_read() -> None:
    asked = splits("Id != null", CertiniaSettings())
    assert "Eligible" not in asked and "Billing_Event" not in asked


def test_a_query_of_many_ids_fits_into_a_url() -> None:
    from urllib.parse import quote

    ids = [f"a2EXX000000{n:04d}AAA" for n in range(MOST_IDS)]
    assert len(quote(time_dates(ids), safe="")) < 15_000
