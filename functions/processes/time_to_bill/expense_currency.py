"""An expense in another currency than its contract: converted where finance says so, else refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from functions.processes.place import Place
from shared.domain.exchange import FxUse
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.convert_money import rate_between
from shared.usecases.keep_rates import days_to_ask


def cost_in_contract_currency(
    found: Place, cost: Money, incurred_on: date, value: Callable[[Money], WipItem | None], ports: Ports
) -> WipItem | None:
    """value: makes the item of a cost. It is asked first as things are: only a mismatch is converted, by the day on which
    the expense was incurred, and rounded once, with its mark-up. The item keeps the rates and what was paid.

    Raises BusinessException("currency_mismatch") where the policies have no rule for expenses, "fx_rate_missing" or
    "fx_currency_not_quoted" where there is no rate of the day.
    """
    try:
        return value(cost)
    except BusinessException as refusal:
        rule = ports.policies.current().fx_rule(FxUse.EXPENSE)
        if refusal.code != "currency_mismatch" or rule is None:
            raise
    table = ports.exchange_rates.published(rule.source, days_to_ask(incurred_on, rule))
    fx = rate_between(cost.currency, found.contract.currency, incurred_on, table, rule)
    item = value(fx.apply(cost))
    return item and replace(item, valuation=replace(item.valuation, fx=fx, card_price=cost))
