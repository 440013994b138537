"""One rate card of Kantata -> rate_card.changed.

A version holds from its effective date until the next version's, half-open. Rates are whole subunits of the card's
currency. The version's default rate is a rate for any role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from events.envelope import AnyEnvelope
from events.rate_card_changed.v1 import CardRate, RateCardChanged
from functions.connectors.kantata.client import Row
from functions.connectors.kantata.mapping import SOURCE, event_of
from functions.connectors.kantata.reading import instant, ref
from functions.connectors.kantata.settings import SYSTEM
from shared.domain.currencies import minor_units
from shared.domain.identity import canonical_id, derived_id

ALWAYS = date(2000, 1, 1)
"""The start of a version without an effective date."""


@dataclass(frozen=True)
class Version:
    """in_set: the version of the card's set, which holds the effective date. rates: of `rate_card_roles`. role_names: by
    role id."""

    row: Row
    in_set: Row
    rates: tuple[Row, ...]
    role_names: dict[str, str]

    @property
    def starts_on(self) -> date:
        text = self.row.get("effective_date") or self.in_set.get("effective_date")
        return date.fromisoformat(str(text)) if text else ALWAYS

    @property
    def published(self) -> bool:
        return bool(self.in_set.get("active", True))


@dataclass(frozen=True)
class Card:
    """title: of the card's set. workspaces: ids of the projects of ours that it prices."""

    row: Row
    title: str
    versions: tuple[Version, ...]
    workspaces: tuple[str, ...]


def rate_card_event(card: Card, scope: str, *, above: int = 0) -> AnyEnvelope:
    """above: the sequence told last. A change that moves no change time, such as a project taken off the card, still gets
    a higher one. Raises KeyError or ValueError for a card that cannot be read."""
    card_id = canonical_id(scope, SYSTEM, "rate_card", str(card.row["id"]))
    data = RateCardChanged(
        rate_card_id=card_id,
        ref=ref("rate_card", card.row["id"]),
        name=card.title,
        currency=str(card.row["currency"]),
        rates=tuple(_rates(card)),
        project_refs=tuple(ref("workspace", workspace) for workspace in card.workspaces),
    )
    changed_at = max(instant(row["updated_at"]) for row in _rows(card) if row.get("updated_at"))
    event = event_of(data, card_id, card.row, scope, at=changed_at)
    if event.sequence > above:
        return event
    number = above + 1
    event_id = derived_id("event", data.event_type, card_id, str(number))
    return event.model_copy(update={"id": event_id, "sequence": number, "source": SOURCE})


def _rows(card: Card) -> Iterator[Row]:
    yield card.row
    for version in card.versions:
        yield version.row
        yield version.in_set
        yield from version.rates


def _rates(card: Card) -> Iterator[CardRate]:
    """Of two versions with one effective date the later made one holds."""
    unit = Decimal(1).scaleb(-minor_units(str(card.row["currency"])))
    by_start = {
        version.starts_on: version
        for version in sorted(card.versions, key=lambda version: int(version.row["id"]))
        if version.published
    }
    starts = sorted(by_start)
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else None
        for rate_id, role, subunits in _version_rates(by_start[start]):
            yield CardRate(
                rate_id=rate_id,
                rate_per_hour=Decimal(subunits) * unit,
                valid_from=start,
                valid_to=end,
                role=role,
            )


def _version_rates(version: Version) -> Iterator[tuple[str, str | None, int]]:
    """(rate id, role, subunits). A rate of 0 is none: Kantata shows 0 where nothing was set."""
    for row in version.rates:
        role_id = str(row["role_id"])
        if row.get("rate"):
            yield f"{version.row['id']}:{role_id}", version.role_names.get(role_id, role_id), int(row["rate"])
    if version.row.get("default_rate"):
        yield f"{version.row['id']}:any", None, int(version.row["default_rate"])
