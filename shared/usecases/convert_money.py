"""Money of one currency in another: A to euro to B by what was published, rounded once, or a clear no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.domain.exchange import ExchangeRate, FxRule, FxUsed, Publication, RateTable
from shared.domain.money import Money
from shared.faults import BusinessException


@dataclass(frozen=True, slots=True)
class Converted:
    """fx: None where nothing had to be converted."""

    value: Money
    fx: FxUsed | None


def convert(money: Money, to: str, on: date, table: RateTable, rule: FxRule) -> Converted:
    """`money` / rate of its currency x rate of `to`, half away from zero at the minor unit of `to`.

    on: the day that `rule.dated_by` names. The intermediate euro amount is not rounded and no inverse rate is used, so that
    1000.00 GBP at 0.87058 are 1148.66 EUR and never 1148.70.
    Raises BusinessException as `rate_between`.
    Source: docs/billing.md, "Currency".
    """
    if money.currency == to:
        return Converted(money.rounded(), None)
    fx = rate_between(money.currency, to, on, table, rule)
    return Converted(fx.apply(money).rounded(), fx)


def rate_between(from_currency: str, to_currency: str, on: date, table: RateTable, rule: FxRule) -> FxUsed:
    """The two rates of one publication: of `on`, or the last before it that is not older than the rule allows.

    A weekend or holiday has no publication. A currency that the publication leaves out has no rate that day: it was
    suspended or withdrawn, and an earlier rate of it is never used in its place.
    Raises BusinessException("fx_rate_missing" | "fx_currency_not_quoted"), naming currency and day.
    """
    facts = {"source": table.source, "rule": rule.rule, "on": on.isoformat()}
    published = table.last_on(on)
    if published is None or (on - published.on).days > rule.max_age_days:
        raise BusinessException(
            "fx_rate_missing",
            currency=to_currency if from_currency == "EUR" else from_currency,
            last_published_on=published.on.isoformat() if published else "",
            max_age_days=str(rule.max_age_days),
            **facts,
        )
    given, wanted = (_quoted(currency, published, table, facts) for currency in (from_currency, to_currency))
    return FxUsed(
        source=table.source,
        rule=rule.rule,
        asked_on=on,
        published_on=published.on,
        from_currency=from_currency,
        to_currency=to_currency,
        from_per_euro=given.per_euro,
        to_per_euro=wanted.per_euro,
    )


def _quoted(currency: str, published: Publication, table: RateTable, facts: dict[str, str]) -> ExchangeRate:
    rate = published.rate(currency)
    if rate is None:
        last = table.last_quoting(currency, published.on)
        raise BusinessException(
            "fx_currency_not_quoted",
            currency=currency,
            published_on=published.on.isoformat(),
            last_quoted_on=last.isoformat() if last else "",
            **facts,
        )
    return rate
