"""Published rates for tests: those that tests/examples/exchange_rates.py tells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.domain.exchange import FxDate, FxRule, FxUse, Publication, RateTable


def published(on: str, **per_euro: str) -> Publication:
    return Publication("ecb", date.fromisoformat(on), {name: Decimal(rate) for name, rate in per_euro.items()})


def the_rates() -> RateTable:
    return RateTable.of(
        "ecb",
        [
            published("2026-04-13", USD="1.1684", GBP="0.87058", JPY="186.10", KWD="0.35981"),
            published("2025-12-24", USD="1.1787", GBP="0.87275", JPY="183.81", BGN="1.9558"),
            published("2025-12-29", USD="1.1766", GBP="0.87175", JPY="184.05"),
        ],
    )


def book_rule(max_age_days: int = 7) -> FxRule:
    return FxRule("ecb-invoice-date", FxUse.BOOK, "ecb", FxDate.INVOICE_DATE, max_age_days)


def card_rule(max_age_days: int = 7) -> FxRule:
    return FxRule("ecb-work-date", FxUse.RATE_CARD, "ecb", FxDate.WORK_DATE, max_age_days)
