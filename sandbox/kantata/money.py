"""Amounts: integers of the currency's smallest unit, `base_unit` of them to one main unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sandbox.kantata.errors import invalid

# ISO code -> (symbol, units to one main unit). Currencies without minor units have 1.
CURRENCIES = {
    "USD": ("$", 100),
    "EUR": ("€", 100),
    "GBP": ("£", 100),
    "CHF": ("CHF", 100),
    "CAD": ("$", 100),
    "AUD": ("$", 100),
    "SEK": ("kr", 100),
    "PLN": ("zł", 100),
    "JPY": ("¥", 1),
    "KRW": ("₩", 1),
    "CLP": ("$", 1),
}


def currency_of(code: Any, field: str = "currency") -> str:
    """Raises 422 for a currency the account cannot use."""
    if str(code) not in CURRENCIES:
        raise invalid(field, f"Currency {code} is not supported")
    return str(code)


def units(amount: Any, currency: str, field: str) -> int:
    """Main units, as written on invoice items (150.00) -> smallest units, as read (15000)."""
    try:
        main = Decimal(str(amount))
    except InvalidOperation as exc:
        raise invalid(field, f"{field} is not a number") from exc
    if not main.is_finite():
        raise invalid(field, f"{field} is not a number")
    return int((main * CURRENCIES[currency][1]).quantize(Decimal(1), ROUND_HALF_UP))


def worth(minutes: int, rate: int) -> int:
    """Minutes at a rate per hour -> smallest units, half up. Integers only: this runs over every entry of a project."""
    return (minutes * rate * 2 + 60) // 120


def display(amount: int, currency: str) -> str:
    """1250000 USD -> "$12,500": for people only, cents shown when there are any."""
    symbol, base = CURRENCIES[currency]
    main = Decimal(abs(amount)) / base
    shown = f"{main:,.0f}" if main == main.to_integral_value() else f"{main:,.2f}"
    return f"{'-' if amount < 0 else ''}{symbol}{shown}"
