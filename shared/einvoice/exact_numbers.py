"""Decimal numbers as people and programs write them into documents: exact, plain, of a size that stays exact."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = 15
"""At most so many before the point and so many after it: past any amount, and every product of three stays exact."""

_USUAL = re.compile(rf"-?\d{{1,{DIGITS}}}(?:\.\d{{1,{DIGITS}}})?", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_EXPONENT = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d{1,9}", re.ASCII)
_COMMA = re.compile(r"([+-]?\d+),(\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_GROUPED_POINTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+", re.ASCII)
_SHOWN = 40


def exact_number(text: str) -> Decimal:
    """Plain decimal notation: 12.5, -3, +0.10, .5; no exponent, no blank, no digit grouping.

    Raises ValueError with words that follow a place: '"12,5" is not a decimal number: write 12.5'.
    """
    if _USUAL.fullmatch(text):
        return Decimal(text)
    if _PLAIN.fullmatch(text) is None:
        raise ValueError(f"{quoted(text)} is not a decimal number{_instead(text)}")
    whole, _, part = text.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > DIGITS or len(part.rstrip("0")) > DIGITS:
        raise ValueError(f"{quoted(text)} has more than {DIGITS} digits before or after the point")
    return Decimal(text)


def decimals(number: Decimal) -> int:
    """Digits after the point that count: 1.50 has one, 100 none."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(number: Decimal) -> str:
    """Without exponent and without zeros that say nothing: 25.00 is 25."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def quoted(text: str) -> str:
    """On one line, in ASCII, not longer than a line."""
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return '"' + "".join(_escaped(letter) for letter in shown) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() and letter.isascii() else f"\\u{ord(letter):04x}"


def _instead(text: str) -> str:
    if _EXPONENT.fullmatch(text):
        number = Decimal(text)
        return f": write {number:f}, without exponent" if abs(number.adjusted()) <= DIGITS else ": no exponents"
    if _GROUPED_POINTS.fullmatch(text):
        return f": write {text.replace('.', '').replace(',', '.')}"
    if comma := _COMMA.fullmatch(text):
        pointed = f"{comma[1]}.{comma[2]}"
        return f": write {pointed}" if not _GROUPED.fullmatch(text) else f": write {pointed} or {comma[1]}{comma[2]}"
    if _GROUPED.fullmatch(text):
        return f": write {text.replace(',', '')}"
    if text.strip() != text and _PLAIN.fullmatch(text.strip()):
        return f": write {text.strip()}, without blanks"
    return ": write it like 12.5" if text else ": it is empty"
