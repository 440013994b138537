"""What a deal says about how it is invoiced: schedule, grouping, purchase orders. Pure.

Source: docs/connectors/salesforce.md, "Settings".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from events.terms import PurchaseOrderTerms
from functions.connectors.salesforce.settings import SalesforceSettings
from shared.domain.contract import Grouping
from shared.faults import BusinessException
from shared.usecases.parse_schedule import canonical_words, parse_schedule

Row = Mapping[str, Any]
_YES = {"true": True, "yes": True, "separate": True, "false": False, "no": False, "together": False}


def schedule_of(row: Row, settings: SalesforceSettings, starts_on: date) -> str:
    """In our spelling; monthly where the deal says nothing. Raises BusinessException("contract_mismatch")."""
    words = canonical_words(str(row.get(settings.deal.billing_schedule) or "monthly"))
    parse_schedule(words, starts_on=starts_on)
    return words


def grouping_of(row: Row, settings: SalesforceSettings) -> Grouping:
    told = str(row.get(settings.deal.grouping) or Grouping.CONTRACT).lower()
    if told not in set(Grouping):
        raise _mismatch(row, f"invoice grouping {told!r}", ", ".join(Grouping))
    return Grouping(told)


def separate_expenses_of(row: Row, settings: SalesforceSettings) -> bool:
    told = str(row.get(settings.deal.separate_expenses) or False).lower()
    if told not in _YES:
        raise _mismatch(row, f"separate expenses {told!r}", ", ".join(_YES))
    return _YES[told]


def purchase_orders_of(row: Row, settings: SalesforceSettings) -> tuple[PurchaseOrderTerms, ...]:
    """A JSON list of {"number", "limit": {"amount", "currency"}, "expires_on"} in the field that is named for it."""
    told = row.get(settings.deal.purchase_orders)
    if not told:
        return ()
    try:
        return TypeAdapter(tuple[PurchaseOrderTerms, ...]).validate_json(str(told))
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _mismatch(row, f"purchase orders at {place}: {first['msg']}", "number, limit, expires_on") from exc


def _mismatch(row: Row, why: str, allowed: str) -> BusinessException:
    return BusinessException("contract_mismatch", opportunity=str(row["Id"]), why=why, allowed=allowed)
