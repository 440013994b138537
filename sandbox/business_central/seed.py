"""What a new tenant holds: three companies with currencies, chart of accounts, items, tax set-up, dimensions."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import NamedTuple

from sandbox.business_central.book import Book, Record
from sandbox.business_central.clock import Clock
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.seed_lists import (
    ACCOUNTS,
    COMPANIES,
    COUNTRIES,
    CURRENCIES,
    DIMENSIONS,
    ITEMS,
    METHODS,
    RATES,
    TERMS,
    UNITS,
    Company,
)

_SPACE = uuid.UUID("6f0c4a52-6f3e-4e53-9d8c-5b1d6a1f8a11")


def fixed_id(*parts: str) -> str:
    """The same in every new tenant, so that settings can name it."""
    return str(uuid.uuid5(_SPACE, "/".join(parts)))


def companies() -> dict[str, str]:
    return {company.name: fixed_id(company.name) for company in COMPANIES}


class _Planter(NamedTuple):
    book: Book
    company: str
    stamp: str

    def plant(self, kind: str, key: str, **values: object) -> Record:
        entity = ENTITIES[kind]
        record = entity.blank() | values | {"id": fixed_id(self.company, kind, key), "_company": self.company}
        if entity.modified:
            record[entity.modified] = self.stamp
        return self.book.put(kind, record)


def seed(book: Book, clock: Clock) -> None:
    """Fills an empty tenant; one that has companies is left alone."""
    if book.all("companies", ""):
        return
    stamp = clock.stamp()
    with book.transaction():
        for company in COMPANIES:
            company_id = fixed_id(company.name)
            shown = {"name": company.name, "displayName": company.title, "systemVersion": "25.0"}
            blank = ENTITIES["companies"].blank()
            book.put("companies", blank | shown | {"id": company_id, "_company": ""})
            _company(_Planter(book, company_id, stamp), company)


def _company(planter: _Planter, company: Company) -> None:
    local = company.currency
    planter.plant("companyInformation", "", displayName=company.title, country=company.country, currencyCode=local)
    planter.plant("generalLedgerSetup", "", localCurrencyCode=local)
    for code, name, decimals in CURRENCIES:
        precision = Decimal(1).scaleb(-decimals)
        places = f"{decimals}:{decimals}"
        facts = {"amountDecimalPlaces": places, "amountRoundingPrecision": precision, "_decimals": decimals}
        planter.plant("currencies", code, code=code, displayName=name, symbol=code, **facts)
        if code != local:
            rate = {
                "exchangeRateAmount": Decimal(100),
                "relationalExchangeRateAmount": RATES[code] * 100 / RATES[local],
            }
            planter.plant("currencyExchangeRates", code, currencyCode=code, startingDate="2020-01-01", **rate)
    _coded(planter)
    _tax(planter, company)
    for number, name, category, direct in ACCOUNTS:
        facts = {"category": category, "directPosting": direct, "_tax_group": company.group}
        planter.plant("accounts", number, number=number, displayName=name, accountType="Posting", **facts)
    for number, name, account in ITEMS:
        facts = {"type": "Service", "baseUnitOfMeasureCode": "HOUR", "_account": account, "_tax_group": company.group}
        group = {"taxGroupCode": company.group, "taxGroupId": fixed_id(planter.company, "taxGroups", company.group)}
        planter.plant("items", number, number=number, displayName=name, **facts, **group)
    for code, name in DIMENSIONS:
        planter.plant("dimensions", code, code=code, displayName=name)
    bank = {"balancingAccountNumber": "10100", "balancingAccountId": fixed_id(planter.company, "accounts", "10100")}
    planter.plant("journals", "GENERAL", code="DEFAULT", displayName="Default journal", templateDisplayName="GENERAL")
    planter.plant("customerPaymentJournals", "PAYMENT", code="PAYMENT", displayName="Customer payments", **bank)


def _coded(planter: _Planter) -> None:
    for code, name, formula in TERMS:
        planter.plant("paymentTerms", code, code=code, displayName=name, dueDateCalculation=formula)
    for code, name in METHODS:
        planter.plant("paymentMethods", code, code=code, displayName=name)
    for code, name, unit in UNITS:
        planter.plant("unitsOfMeasure", code, code=code, displayName=name, internationalStandardCode=unit)
    for code in COUNTRIES.split():
        planter.plant("countriesRegions", code, code=code, displayName=code)


def _tax(planter: _Planter, company: Company) -> None:
    """`_rates`: percent by tax group, of each area."""
    for place, (code, name, rates) in enumerate(company.areas):
        facts = {"taxType": company.tax, "_rates": dict(rates), "_default": place == 0}
        planter.plant("taxAreas", code, code=code, displayName=name, **facts)
    for code, name in company.groups:
        planter.plant("taxGroups", code, code=code, displayName=name, taxType=company.tax)
