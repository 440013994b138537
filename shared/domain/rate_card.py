"""Rate card: what an hour costs, by whose work it is and where it was agreed, with effective dates; its versions kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache, cached_property

from shared.domain.identity import ExternalRef
from shared.domain.money import Money


@dataclass(frozen=True, slots=True)
class Named:
    """What work is, and what a rate may be for; None on a rate matches any.

    person, assignment, task: ids as their system has them. project, contract, customer: canonical ids. role, region:
    by name, as the card spells them.
    """

    person: str | None = None
    assignment: str | None = None
    task: str | None = None
    role: str | None = None
    project: str | None = None
    contract: str | None = None
    customer: str | None = None
    region: str | None = None


NAMES: tuple[str, ...] = tuple(field.name for field in fields(Named))
"""Most telling first: of two rates agreed at one place, the first name that only one of them has decides for it."""

WORK, CONTRACT, CUSTOMER, ANYWHERE = 3, 2, 1, 0
_THIS_WORK = frozenset({"assignment", "task", "project"})
_PLACES = ("assignment", "task", "project", "contract", "customer")


@dataclass(frozen=True, slots=True)
class Rate:
    """One price. valid_from/valid_to: half-open [from, to) in dates of work; valid_to None: until further notice.

    The currency is that of the price: a card may hold a rate in several, and work takes the one of its contract.
    """

    rate_id: str
    rate_per_hour: Money
    valid_from: date
    valid_to: date | None = None
    role: str | None = None
    person: str | None = None
    project: str | None = None
    assignment: str | None = None
    task: str | None = None
    contract: str | None = None
    customer: str | None = None
    region: str | None = None

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def names(self) -> tuple[str, ...]:
        """Those it has, in the order of NAMES."""
        return tuple(name for name in NAMES if getattr(self, name) is not None)


def specificity(names: Sequence[str]) -> tuple[int, ...]:
    """Greater is more specific; a total order of all sets of names.

    First where it was agreed: for this work (assignment, task or project), else its contract, else its customer, else
    anywhere. Then the names in the order of NAMES: having one goes before not having it.
    Source: docs/billing.md, "Which rate".
    """
    had = set(names)
    if had & _THIS_WORK:
        place = WORK
    else:
        place = CONTRACT if "contract" in had else CUSTOMER if "customer" in had else ANYWHERE
    return (place, *(name in had for name in NAMES))


@cache
def level_of(names: tuple[str, ...]) -> str:
    """The level in words, kept on the WIP item: "person_and_role_on_project", "role_on_customer", "card_default"."""
    who = "_and_".join(name for name in ("person", "role") if name in names)
    where = "_and_".join(name for name in _PLACES if name in names)
    words = "_on_".join(part for part in (who, where) if part)
    if "region" in names:
        words = f"{words}_in_region" if words else "region"
    return words or "card_default"


RatesByKey = dict[tuple[str | None, ...], list[Rate]]
"""By currency and what the rate names, in the order of its level's names."""


@dataclass(frozen=True)
class RateCard:
    """version: of the card as a whole, moves with every change; kept on each WIP item. recorded_at: when we learned it
    (UTC), None for a card from before that was kept.

    Without slots, so that the index is made once per version however many entries are valued by it.
    """

    rate_card_id: str
    ref: ExternalRef
    name: str
    currency: str
    version: str
    rates: tuple[Rate, ...]
    recorded_at: datetime | None = None

    @cached_property
    def index(self) -> tuple[tuple[tuple[str, ...], RatesByKey], ...]:
        """(names, rates by currency and those names), most specific level first; only levels the card has."""
        levels: dict[tuple[str, ...], RatesByKey] = {}
        for rate in self.rates:
            names = rate.names
            key = (rate.rate_per_hour.currency, *(getattr(rate, name) for name in names))
            levels.setdefault(names, {}).setdefault(key, []).append(rate)
        return tuple((names, levels[names]) for names in sorted(levels, key=specificity, reverse=True))

    @cached_property
    def currencies(self) -> frozenset[str]:
        return frozenset(rate.rate_per_hour.currency for rate in self.rates) or frozenset({self.currency})


def known_at(versions: Sequence[RateCard], at: datetime) -> RateCard | None:
    """The version of one card that was the newest one we knew at that moment; None before the first.

    versions: all of the card, in the order we learned them.
    """
    known = [card for card in versions if card.recorded_at is None or card.recorded_at <= at]
    return known[-1] if known else None
