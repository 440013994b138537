"""Codes that UBL documents carry: units (UN/ECE Recommendation 20), electronic address schemes (EAS) of VAT numbers."""

from __future__ import annotations

UNITS = {"minute": "MIN", "hour": "HUR", "day": "DAY", "month": "MON", "each": "C62", "kilometre": "KMT"}
ONE = "C62"
"""One of anything: for units without a code of their own."""

VAT_SCHEMES = {
    "AT": "9914", "BE": "9925", "BG": "9926", "CH": "9927", "CY": "9928", "CZ": "9929", "DE": "9930", "EE": "9931",
    "ES": "9920", "FI": "0213", "FR": "9957", "GB": "9932", "GR": "9933", "HR": "9934", "HU": "9910", "IE": "9935",
    "IT": "0211", "LI": "9936", "LT": "9937", "LU": "9938", "LV": "9939", "MT": "9943", "NL": "9944", "PL": "9945",
    "PT": "9946", "RO": "9947", "SE": "9955", "SI": "9949", "SK": "9950",
}  # fmt: skip
"""Country of a VAT number -> scheme under which it is an address in the Peppol network."""


def country_of_vat_number(number: str) -> str | None:
    """Its first two letters, as BR-CO-09 wants them; Greece writes EL. None: not written as a VAT number."""
    prefix = number[:2]
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and number[2:].isalnum()):
        return None
    return "GR" if prefix == "EL" else prefix
