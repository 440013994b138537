"""Record types that others refer to: subsidiaries, currencies, terms, tax, accounts, periods, items."""

from __future__ import annotations

from sandbox.netsuite.choices import ITEM_TYPE, PRECISION
from sandbox.netsuite.fields import RecordType, choice, plain

ITEMS = ("serviceSaleItem", "serviceResaleItem", "nonInventorySaleItem", "nonInventoryResaleItem")

_STAMPS = plain("externalId lastModifiedDate:instant! isInactive:flag")
_NAMED = _STAMPS | plain("name subsidiary@subsidiary")
_SUBSIDIARY = _NAMED | plain(
    "currency@currency country:choice parent@subsidiary legalName federalIdNumber isElimination:flag tranPrefix"
)
_CURRENCY = (
    _STAMPS
    | plain("name symbol displaySymbol exchangeRate:number isBaseCurrency:flag")
    | {"currencyPrecision": choice(PRECISION)}
)
_TERM = _STAMPS | plain("name daysUntilNetDue:whole discountPercent:number daysUntilExpiry:whole dateDriven:flag")
_PERIOD = plain(
    "externalId lastModifiedDate:instant! periodName startDate:day endDate:day isYear:flag! isQuarter:flag! "
    "isAdjust:flag! isPosting:flag! closed:flag! closedOnDate:day! arLocked:flag! apLocked:flag! allLocked:flag! "
    "parent@accountingPeriod"
)
_ITEM = (
    _STAMPS
    | plain("itemId displayName salesDescription subsidiary@subsidiary rate:number incomeAccount@account taxSchedule")
    | {"itemType": choice(ITEM_TYPE, read_only=True)}
)

LISTS = [
    RecordType("subsidiary", "subsidiary", "name", _SUBSIDIARY, ("name", "currency")),
    RecordType("currency", "currency", "name", _CURRENCY, ("name", "symbol")),
    RecordType("term", "term", "name", _TERM, ("name",)),
    RecordType(
        "account",
        "account",
        "acctName",
        _STAMPS | plain("acctNumber acctName acctType:choice currency@currency"),
        ("acctName",),
    ),
    RecordType("department", "department", "name", _NAMED, ("name",)),
    RecordType("classification", "classification", "name", _NAMED, ("name",)),
    RecordType("location", "location", "name", _NAMED, ("name",)),
    RecordType("taxType", "taxType", "name", _STAMPS | plain("name country:choice"), ("name",)),
    RecordType(
        "salesTaxItem",
        "item",
        "itemId",
        _STAMPS | plain("itemId description rate:number taxType@taxType"),
        ("itemId", "rate"),
    ),
    RecordType("accountingPeriod", "accountingPeriod", "periodName", _PERIOD, writable=False),
    *(RecordType(name, "item", "itemId", _ITEM, ("itemId",)) for name in ITEMS),
]
