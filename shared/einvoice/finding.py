"""What a rule says about a document."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal

from shared.einvoice.exact_numbers import plain
from shared.einvoice.ubl_document import Figure

_EXACT = Context(prec=120)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Finding:
    """broken: False for a note, such as a difference that the published validator tolerates."""

    rule: str
    place: str
    found: str
    expected: str
    words: str
    broken: bool = True

    def __str__(self) -> str:
        head = "" if self.broken else "note: "
        return f"{head}{self.rule} {self.place}: found {self.found}, expected {self.expected} ({self.words})"


def shown(value: Figure | Decimal | None) -> str:
    """Amounts with two decimals at least, as people write them."""
    if value is None:
        return "nothing"
    number = value.value if isinstance(value, Figure) else value
    text = plain(number)
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')}" if len(part) < 2 else text


def to_cents(value: Decimal) -> Decimal:
    """As the published rules round: half toward plus infinity. For sums of cents it changes nothing."""
    return _EXACT.add(value, Decimal("0.005")).quantize(_CENT, ROUND_FLOOR, _EXACT)


def total(figures: list[Figure | None]) -> Decimal:
    whole = Decimal("0.00")
    for figure in figures:
        if figure:
            whole = _EXACT.add(whole, figure.value)
    return whole
