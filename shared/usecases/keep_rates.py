"""Which publications of a file are new. What was published once stays as it was, because invoices were made with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from shared.domain.exchange import FxRule, Publication, RateTable
from shared.faults import BusinessException


def new_publications(kept: RateTable, read: Sequence[Publication]) -> tuple[Publication, ...]:
    """Those of `read` on days that `kept` has nothing of; the same day with the same rates is left out.

    Raises BusinessException("fx_rate_changed") when a day's rate is not what was kept, naming currency and day: someone
    must look at it, nothing is written over.
    """
    known = {each.on: each for each in kept.days}
    for publication in read:
        if publication.on in known:
            _check_same(known[publication.on], publication)
    return tuple(each for each in read if each.on not in known)


def days_to_ask(on: date, rule: FxRule) -> list[date]:
    """The days whose publication may be used on `on`."""
    return [on - timedelta(days=age) for age in range(rule.max_age_days + 1)]


def _check_same(kept: Publication, read: Publication) -> None:
    for currency in sorted({*kept.per_euro, *read.per_euro}):
        was, now = kept.per_euro.get(currency), read.per_euro.get(currency)
        if was != now:
            raise BusinessException(
                "fx_rate_changed",
                source=kept.source,
                currency=currency,
                on=kept.on.isoformat(),
                kept=str(was) if was is not None else "no rate",
                read=str(now) if now is not None else "no rate",
            )
