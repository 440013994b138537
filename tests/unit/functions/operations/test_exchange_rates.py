"""Rates are loaded once per day and looked up by finance's rule."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from functions.operations import find_exchange_rate, load_exchange_rates
from shared.faults import BusinessException
from tests.fakes.policies import some_policies
from tests.fakes.ports import FakePorts
from tests.rates import book_rule

FILE = "Date,USD,JPY,RUB,\n2026-04-14,1.17,186.5,N/A,\n2026-04-13,1.1684,186.1,N/A,\n"


@pytest.fixture
def ports() -> FakePorts:
    return FakePorts(policies=replace(some_policies(), fx_rules=(book_rule(),)))


def load(ports: FakePorts, text: str = FILE) -> dict[str, Any]:
    command = load_exchange_rates.LoadExchangeRates(content=base64.b64encode(text.encode()), requested_by="Dana")
    return load_exchange_rates.handler.step(command, ports)


def rate(ports: FakePorts, **changes: Any) -> dict[str, Any]:
    asked = {"from_currency": "USD", "to_currency": "JPY", "on": date(2026, 4, 13), "amount": "1000.00"}
    return find_exchange_rate.handler.step(find_exchange_rate.FindExchangeRate(**(asked | changes)), ports)


def test_a_file_is_loaded_once_and_kept_as_it_came(ports: FakePorts) -> None:
    first = load(ports)
    assert (first["days"], first["new"], first["first"], first["last"]) == (2, 2, "2026-04-13", "2026-04-14")
    assert ports.documents.get(str(first["file"])) == FILE.encode()
    assert load(ports)["new"] == 0


def test_a_longer_history_adds_only_what_is_new(ports: FakePorts) -> None:
    load(ports)
    assert load(ports, FILE + "2026-04-10,1.16,185,N/A,\n")["new"] == 1


def test_a_changed_rate_writes_nothing_at_all(ports: FakePorts) -> None:
    load(ports)
    with pytest.raises(BusinessException, match="fx_rate_changed"):
        load(ports, "Date,USD,JPY,\n2026-04-15,1.2,187,\n2026-04-13,1.1685,186.1,\n")
    assert ("ecb", date(2026, 4, 15)) not in ports.exchange_rates.rows


def test_a_rate_is_told_with_all_that_made_it(ports: FakePorts) -> None:
    load(ports)
    told = rate(ports)
    assert told["converted"] == "159278 JPY"
    assert (told["direction"], told["published_on"], told["rule"]) == (
        "USD to EUR to JPY",
        "2026-04-13",
        "ecb-invoice-date",
    )
    assert (told["from_per_euro"], told["to_per_euro"]) == ("1.1684", "186.1")


def test_a_day_without_publication_shows_whose_rate_it_takes(ports: FakePorts) -> None:
    load(ports)
    assert rate(ports, on=date(2026, 4, 19))["published_on"] == "2026-04-14"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"on": date(2026, 5, 19)}, "fx_rate_missing"),
        ({"from_currency": "RUB"}, "fx_currency_not_quoted"),
        ({"use": "rate_card"}, "fx_rule_missing"),
    ],
)
def test_what_cannot_be_told_is_refused_by_name(ports: FakePorts, changes: dict[str, Any], code: str) -> None:
    load(ports)
    with pytest.raises(BusinessException, match=code):
        rate(ports, **changes)
