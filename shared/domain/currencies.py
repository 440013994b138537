"""ISO 4217 minor units. Source: ISO 4217 list of 2024-06-25, as noted in docs/billing.md."""

from __future__ import annotations

_ZERO = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_FOUR = frozenset("CLF UYW".split())
_NONE = frozenset("XAG XAU XPD XPT XBA XBB XBC XBD XDR XSU XUA XTS XXX".split())


def minor_units(currency: str) -> int:
    """Decimals of one currency. Raises ValueError for a code that is no three-letter code or has no minor unit."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper() or not currency.isalpha():
        raise ValueError(f"currency: {currency!r} is not an ISO 4217 code of three capital letters")
    if currency in _NONE:
        raise ValueError(f"currency: {currency} has no minor unit, amounts cannot be billed in it")
    if currency in _ZERO:
        return 0
    if currency in _THREE:
        return 3
    return 4 if currency in _FOUR else 2
