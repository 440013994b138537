"""What a new account holds: three subsidiaries, currencies, terms, items, tax codes, accounts, open periods."""

from __future__ import annotations

from sandbox.kit.clock import MovedClock
from sandbox.netsuite.book import Book, Record, Unit
from sandbox.netsuite.clock import instant_text
from sandbox.netsuite.periods import year_periods

_YEARS = range(2023, 2030)
_CURRENCIES = (
    ("US Dollar", "USD", "1", "2"),
    ("Euro", "EUR", "1.10", "2"),
    ("British Pound", "GBP", "1.28", "2"),
    ("Swiss Franc", "CHF", "1.15", "2"),
    ("Japanese Yen", "JPY", "0.0065", "0"),
)
_TERMS = (("Due on receipt", 0), ("Net 14", 14), ("Net 30", 30), ("Net 60", 60))
_ITEMS = (
    ("serviceSaleItem", "Consulting", "Consulting services by time"),
    ("serviceSaleItem", "Project Management", "Project management by time"),
    ("serviceSaleItem", "Fixed Fee", "Fixed-fee instalment"),
    ("serviceSaleItem", "Milestone", "Milestone reached"),
    ("nonInventorySaleItem", "Expenses", "Rebilled expenses"),
)
_TAX_CODES = (
    ("S-DE", "19", "2", "German VAT, standard rate"),
    ("R-DE", "7", "2", "German VAT, reduced rate"),
    ("Z-DE", "0", "2", "German VAT, zero rate"),
    ("RC-DE", "0", "2", "Reverse charge, customer in another EU country"),
    ("EXPORT-DE", "0", "2", "Outside the EU"),
    ("EXEMPT-US", "0", "1", "No US sales tax on services"),
)
_LATER_TAX_CODES = (
    ("S-JP", "10", "3", "Japanese consumption tax, standard rate"),
    ("OUT-JP", "0", "3", "Outside Japanese consumption tax"),
)
"""Made after the items, whose ids they share: an account that others know by id gains codes at the end."""
_ACCOUNTS = (
    ("1000", "Checking", "Bank"),
    ("1100", "Accounts Receivable", "AcctRec"),
    ("1110", "Undeposited Funds", "OthCurrAsset"),
    ("4000", "Services Revenue", "Income"),
)


def seed(book: Book, clock: MovedClock) -> None:
    """Fills an empty account; one that has subsidiaries is left alone."""
    if any(True for _ in book.all("subsidiary")):
        return
    stamp = instant_text(clock.now())
    with book.unit() as unit:
        for name, symbol, rate, places in _CURRENCIES:
            base = symbol == "USD"
            row = {
                "name": name,
                "symbol": symbol,
                "exchangeRate": rate,
                "currencyPrecision": places,
                "isBaseCurrency": base,
            }
            _add(unit, "currency", row, stamp)
        _add(unit, "subsidiary", _subsidiary("US", "1", None), stamp)
        _add(unit, "subsidiary", _subsidiary("DE", "2", "1"), stamp)
        _add(unit, "subsidiary", _subsidiary("JP", "5", "1"), stamp)
        for name, days in _TERMS:
            _add(unit, "term", {"name": name, "daysUntilNetDue": days, "dateDriven": False}, stamp)
        for number, name, kind in _ACCOUNTS:
            _add(unit, "account", {"acctNumber": number, "acctName": name, "acctType": kind}, stamp)
        _add_taxes(unit, stamp)
        for kind, name, text in _ITEMS:
            item_type = "Service" if kind.startswith("service") else "NonInvtPart"
            _add(
                unit,
                kind,
                {"itemId": name, "displayName": name, "salesDescription": text, "itemType": item_type},
                stamp,
            )
        _add_tax_codes(unit, _LATER_TAX_CODES, stamp)
        for year in _YEARS:
            for period in year_periods(year):
                unit.put("accountingPeriod", period | {"lastModifiedDate": stamp})


def _subsidiary(name: str, currency: str, parent: str | None) -> Record:
    row: Record = {"name": name, "country": name, "currency": {"id": currency, "recordType": "currency"}}
    if parent:
        row["parent"] = {"id": parent, "recordType": "subsidiary"}
    return row | {"legalName": f"{name} legal entity", "isElimination": False}


def _add_taxes(unit: Unit, stamp: str) -> None:
    _add(unit, "taxType", {"name": "US Sales Tax", "country": "US"}, stamp)
    _add(unit, "taxType", {"name": "VAT_DE", "country": "DE"}, stamp)
    _add(unit, "taxType", {"name": "Consumption Tax_JP", "country": "JP"}, stamp)
    _add_tax_codes(unit, _TAX_CODES, stamp)


def _add_tax_codes(unit: Unit, codes: tuple[tuple[str, str, str, str], ...], stamp: str) -> None:
    for name, rate, tax_type, text in codes:
        row = {"itemId": name, "rate": rate, "description": text, "taxType": {"id": tax_type, "recordType": "taxType"}}
        _add(unit, "salesTaxItem", row, stamp)


def _add(unit: Unit, kind: str, row: Record, stamp: str) -> None:
    unit.put(kind, {"id": unit.next_id(kind), **row, "isInactive": False, "lastModifiedDate": stamp})
