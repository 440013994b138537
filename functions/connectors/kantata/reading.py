"""Kantata's conventions: times with a Pacific offset, amounts in the currency's subunits, ids as text or integer.

Source: docs/connectors/kantata.md, "Conventions".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from events.values import Amount, Person, Ref
from functions.connectors.kantata.settings import SYSTEM
from shared.domain.identity import canonical_id

Row = Mapping[str, Any]


def instant(text: object) -> datetime:
    """ISO 8601 with any offset -> aware UTC. Raises ValueError."""
    moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"a time without offset: {text}")
    return moment.astimezone(UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970: the sequence of what changed at this moment."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def amount(subunits: object, row: Row) -> Amount:
    """Subunits over `currency_base_unit`: 100 for USD, 1 for JPY. Raises KeyError or ValueError."""
    base = Decimal(str(row["currency_base_unit"]))
    if base <= 0:
        raise ValueError("currency_base_unit")
    return Amount(amount=Decimal(str(subunits)) / base, currency=str(row["currency"]))


def ref(kind: str, id_: object) -> Ref:
    return Ref(system=SYSTEM, kind=kind, id=str(id_))


def person(scope: str, user_id: object, user: Row) -> Person:
    """The name falls back to the id: a user who may not be seen still worked."""
    name = str(user.get("full_name") or f"user {user_id}")
    return Person(person_id=canonical_id(scope, SYSTEM, "user", str(user_id)), ref=ref("user", user_id), name=name)
