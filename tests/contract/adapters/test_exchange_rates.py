"""Exchange rates: one publication per source and day, written once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.exchange import Publication
from shared.faults import Transient

MONDAY = date(2026, 4, 13)


def said(on: date, usd: str = "1.1684") -> Publication:
    return Publication("ecb", on, {"USD": Decimal(usd), "JPY": Decimal("186.10")})


def test_what_was_published_comes_back_to_the_digit(ports: Any) -> None:
    ports.exchange_rates.add([said(MONDAY)])
    table = ports.exchange_rates.published("ecb", [MONDAY, MONDAY + timedelta(days=1)])
    assert table.days == (said(MONDAY),)
    assert str(table.days[0].per_euro["JPY"]) == "186.10"


def test_days_come_in_order_and_only_those_asked_for(ports: Any) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(130)]
    ports.exchange_rates.add([said(day) for day in reversed(days)])
    found = ports.exchange_rates.published("ecb", [*days[3:120], days[3]])
    assert [each.on for each in found.days] == days[3:120]
    assert ports.exchange_rates.published("other", days).days == ()


def test_a_day_is_never_written_over(ports: Any) -> None:
    ports.exchange_rates.add([said(MONDAY)])
    with pytest.raises(Transient, match="write_conflict"):
        ports.exchange_rates.add([said(MONDAY, "9.9")])
    assert ports.exchange_rates.published("ecb", [MONDAY]).days == (said(MONDAY),)
