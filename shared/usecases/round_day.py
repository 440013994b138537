"""Time rounded per person and day: what the day's entries lack to its rounded total, as items beside them.

An entry is valued at the minutes worked; the day's rounding is a source record of its own per price, and follows from the
entries that stand, whatever came when. Argued in docs/decisions/0016-a-days-rounding-is-its-own-source.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain.identity import derived_id
from shared.domain.money import Money
from shared.domain.terms import RoundScope, TimeRounding
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.usecases.round_minutes import share_of_day

RULE = "time_rounding"
CLAUSE = "time_rounding.person_day"


@dataclass(frozen=True, slots=True)
class DayRounding:
    """source_id: of one person-day and price, the same for ever. wanted: its item, None where nothing is rounded."""

    source_id: str
    wanted: WipItem | None


def round_day(items: Sequence[WipItem], rounding: TimeRounding | None) -> tuple[DayRounding, ...]:
    """One per price of the day, in order of price; also for prices that nothing stands at any more.

    items: all that share one `day_id`, open, claimed and taken back, in any order. The minutes that stand are summed per
    source, rounded as a whole, and the difference is shared over the sources in proportion (share_of_day). `wanted`
    carries sequence 0: who records it gives it the next one.
    Source: docs/billing.md, "Rounding of time".
    """
    timed = [item for item in items if item.valuation.unit == "minute"]
    worked: dict[tuple[str, Decimal], int] = {}
    for item in timed:
        key = (item.source_id, item.valuation.unit_price.amount)
        worked[key] = worked.get(key, 0) + int(item.valuation.quantity)
    minutes = {source: count for (source, _), count in _standing(worked)}
    whole_day = rounding is not None and rounding.scope is RoundScope.PERSON_DAY
    shares = share_of_day(minutes, rounding) if rounding and whole_day else dict.fromkeys(minutes, 0)
    added: dict[Decimal, int] = {}
    for (source, price), _ in _standing(worked):
        added[price] = added.get(price, 0) + shares[source]
    prices = sorted({price for _, price in worked})
    total = sum(minutes.values())
    return tuple(_rounding(timed, price, added.get(price, 0), total, sum(shares.values())) for price in prices)


def _standing(worked: dict[tuple[str, Decimal], int]) -> Iterable[tuple[tuple[str, Decimal], int]]:
    """A source stands at one price at a time; what was taken back sums to nothing."""
    return [(key, count) for key, count in sorted(worked.items()) if count > 0]


def _rounding(items: Sequence[WipItem], price: Decimal, minutes: int, worked: int, rounded: int) -> DayRounding:
    like = min((item for item in items if item.valuation.unit_price.amount == price), key=lambda each: each.wip_id)
    day = like.day_id or ""
    source_id = derived_id(RULE, day, f"{price.normalize():f}", like.value.currency)
    if minutes == 0:
        return DayRounding(source_id, None)
    valuation = Valuation(
        quantity=Decimal(minutes),
        unit="minute",
        unit_price=Money(price, like.value.currency),
        per=like.valuation.per,
        rule=RULE,
        clauses=(CLAUSE,),
    )
    words = f"{like.worked_on.isoformat()}, {like.person}: {worked} minutes of the day billed as {worked + rounded}"
    wanted = WipItem(
        wip_id="",
        kind=WipKind.ADJUSTMENT,
        legal_entity_id=like.legal_entity_id,
        customer_id=like.customer_id,
        contract_id=like.contract_id,
        line_id=like.line_id,
        project_id=like.project_id,
        source_id=source_id,
        source_sequence=0,
        description=words,
        person=like.person,
        role=None,
        worked_on=like.worked_on,
        value=valuation.value,
        valuation=valuation,
        approved_at=None,
    )
    return DayRounding(source_id, wanted)
