"""The enterprise that the tenant is customized for: company codes with their sales organizations, and what they sell.

A sales organization has its company code's number; each sells through channel 10, division 00.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Company(NamedTuple):
    """`taxes`: product tax classification -> percent, for customers who pay it."""

    code: str
    country: str
    currency: str
    taxes: dict[str, Decimal]


COMPANIES = {
    one.code: one
    for one in (
        Company("1710", "US", "USD", {"1": Decimal(0), "2": Decimal(0)}),
        Company("1010", "DE", "EUR", {"1": Decimal(19), "2": Decimal(7)}),
        Company("1510", "JP", "JPY", {"1": Decimal(10), "2": Decimal(8)}),
    )
}
CHANNEL, DIVISION = "10", "00"
CURRENCIES = frozenset({"USD", "EUR", "GBP", "CHF", "JPY"})
TERMS = {"0001": 0, "NT14": 14, "NT30": 30, "NT45": 45, "NT60": 60, "NT90": 90}
"""Payment terms -> days net."""
MATERIALS = {
    "P001": "Consulting by time",
    "P002": "Project management by time",
    "F001": "Fixed fee",
    "M001": "Milestone",
    "E001": "Expenses",
    "A001": "Adjustment",
}
COST_CENTERS = {"10101601": "1010", "17101601": "1710", "15101601": "1510"}
PROFILES = frozenset(f"YP{number:02}" for number in range(1, 11))
EU = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())
TAX_CATEGORY = "TTX1"
RECEIVABLES, REVENUE, OUTPUT_TAX, BANK = "12100000", "41000000", "22000000", "11001000"
