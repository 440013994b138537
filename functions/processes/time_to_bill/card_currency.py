"""Work whose rate card is in another currency than its contract: converted where finance says so, else refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from functions.processes.place import Place
from shared.domain.exchange import FxUse
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.convert_card import card_in, told_of
from shared.usecases.keep_rates import days_to_ask


def in_contract_currency(
    found: Place, worked_on: date, value: Callable[[Place], WipItem | None], ports: Ports
) -> WipItem | None:
    """value: prices the work by the card of a place. It is asked first as things are: only a mismatch is converted.

    Raises BusinessException("currency_mismatch") where the policies have no rule for rate cards, "fx_rate_missing" or
    "fx_currency_not_quoted" where there is no rate of the day of work.
    """
    try:
        return value(found)
    except BusinessException as refusal:
        rule = ports.policies.current().fx_rule(FxUse.RATE_CARD)
        if refusal.code != "currency_mismatch" or rule is None or found.card is None:
            raise
    table = ports.exchange_rates.published(rule.source, days_to_ask(worked_on, rule))
    card, by_rate = card_in(found.card, found.contract.currency, worked_on, table, rule)
    item = value(replace(found, card=card))
    return item and told_of(item, found.card, by_rate)
