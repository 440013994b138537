"""Certinia's conventions: ids of 18 characters, numbers with their currency beside them, days without a zone.

Source: docs/connectors/certinia.md, "Conventions".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from events.values import Amount, Person, Ref
from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import moment
from shared.domain.identity import canonical_id

Row = Mapping[str, Any]


def value(row: Row, name: str) -> Any:
    """By API name; SOQL takes any case, but an answer has the declared one."""
    if name in row:
        return row[name]
    return next((each for key, each in row.items() if key.lower() == name.lower()), None)


def parent(row: Row, name: str) -> Row:
    """A related record's fields; empty where there is none, or none that may be seen."""
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def ref(kind: str, id_: object) -> Ref:
    return Ref(system=SYSTEM, kind=kind, id=record_id(str(id_)))


def number(given: object) -> Decimal:
    """Raises ValueError for what is none."""
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise ValueError(f"no number: {given!r}")
    return Decimal(given)


def amount(given: object, currency: object) -> Amount:
    return Amount(amount=number(given), currency=str(currency))


def currency_of(row: Row, settings: CertiniaSettings) -> str:
    return str(row["CurrencyIsoCode"]) if settings.multi_currency else settings.default_currency


def minutes(hours: object) -> int:
    """Hours have two decimals, so 1.83 is the 110 minutes that somebody entered: the nearest whole one."""
    return int((number(hours) * 60).to_integral_value(ROUND_HALF_UP))


def person(scope: str, id_: object, found: Row) -> Person:
    """The name falls back to the id: a resource who may not be seen still worked."""
    who = record_id(str(id_))
    name = str(found.get("Name") or f"resource {who}")
    return Person(person_id=canonical_id(scope, SYSTEM, "resource", who), ref=ref("resource", who), name=name)


def changed_at(row: Row, *parents: str) -> datetime:
    """The newest change of the record and of those above it that say how it counts."""
    rows = [row, *(parent(row, name) for name in parents)]
    return max(moment(each["SystemModstamp"]) for each in rows if each.get("SystemModstamp"))
