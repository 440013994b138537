"""Which countries tax as one area. Source: EU membership since 2020-02-01 (without the United Kingdom)."""

from __future__ import annotations

EU_COUNTRIES = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
"""ISO 3166-1 alpha-2. Greece is GR here, though its tax numbers begin with EL."""
