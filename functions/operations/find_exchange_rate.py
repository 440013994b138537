"""`billweave fx rate`: which rates would convert one currency into another on a day, by finance's rule; writes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from shared.domain.exchange import FxUse
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.convert_money import rate_between
from shared.usecases.keep_rates import days_to_ask


class FindExchangeRate(Input):
    """on: the day that the rule of `use` looks at. amount: what to convert."""

    from_currency: str = Field(pattern=r"^[A-Z]{3}$")
    to_currency: str = Field(pattern=r"^[A-Z]{3}$")
    on: date
    use: FxUse = FxUse.BOOK
    amount: Decimal = Decimal(1)


@process_step(FindExchangeRate, wire=AwsPorts.from_env)
def handler(command: FindExchangeRate, ports: Ports) -> dict[str, object]:
    """Rates and amounts as text. Raises BusinessException("fx_rule_missing" | "fx_rate_missing" |
    "fx_currency_not_quoted").
    """
    rule = ports.policies.current().fx_rule(command.use)
    if rule is None:
        raise BusinessException("fx_rule_missing", use=command.use.value)
    table = ports.exchange_rates.published(rule.source, days_to_ask(command.on, rule))
    fx = rate_between(command.from_currency, command.to_currency, command.on, table, rule)
    converted = fx.apply(Money(command.amount, command.from_currency)).rounded()
    return {
        "rule": fx.rule,
        "source": fx.source,
        "direction": fx.direction,
        "asked_on": fx.asked_on.isoformat(),
        "published_on": fx.published_on.isoformat(),
        "from_per_euro": str(fx.from_per_euro),
        "to_per_euro": str(fx.to_per_euro),
        "amount": f"{command.amount} {command.from_currency}",
        "converted": f"{converted.amount} {converted.currency}",
    }
