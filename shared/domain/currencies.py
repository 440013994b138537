"""ISO 4217 minor units. Source: ISO 4217 list of 2024-06-25, as noted in docs/billing.md."""

from __future__ import annotations

_ZERO = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_FOUR = frozenset("CLF UYW".split())
_NONE = frozenset("XAG XAU XPD XPT XBA XBB XBC XBD XDR XSU XUA XTS XXX".split())

_TWO = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV
    MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL""".split()
)


def is_current(currency: str) -> bool:
    """Whether amounts can be billed in it today: listed, not withdrawn, and with a minor unit."""
    return currency in _TWO or currency in _ZERO or currency in _THREE or currency in _FOUR


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
