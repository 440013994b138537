"""The lists behind the seed: companies with their tax set-up, chart of accounts, items and codes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple


class Company(NamedTuple):
    """`areas`: (code, name, percent by group), the first is what a new customer gets. `group`: of accounts and items."""

    name: str
    title: str
    country: str
    currency: str
    tax: str
    areas: tuple[tuple[str, str, Mapping[str, str]], ...]
    groups: tuple[tuple[str, str], ...]
    group: str


_NOTHING = {"VAT19": "0", "VAT7": "0", "VAT0": "0", "REVERSE": "0", "EXPORT": "0"}
_NO_CT = {"CT10": "0", "CT8": "0", "OUTSIDE": "0"}
COMPANIES = (
    Company("US", "US legal entity", "US", "USD", "Sales Tax",
            (("US", "United States", {"TAXABLE": "8.25", "NONTAXABLE": "0"}),),
            (("NONTAXABLE", "Services, not taxable"), ("TAXABLE", "Taxable goods")), "NONTAXABLE"),
    Company("DE", "DE legal entity", "DE", "EUR", "VAT",
            (("DOMESTIC", "Domestic customers",
              {"VAT19": "19", "VAT7": "7", "VAT0": "0", "REVERSE": "0", "EXPORT": "0"}),
             ("EU", "Customers in the EU", _NOTHING), ("EXPORT", "Customers outside the EU", _NOTHING)),
            (("VAT19", "Standard rate"), ("VAT7", "Reduced rate"), ("VAT0", "Zero rate"),
             ("REVERSE", "Reverse charge"), ("EXPORT", "Outside the EU")), "VAT19"),
    Company("JP", "JP legal entity", "JP", "JPY", "VAT",
            (("DOMESTIC", "Domestic customers", {"CT10": "10", "CT8": "8", "OUTSIDE": "0"}),
             ("EXPORT", "Customers abroad", _NO_CT)),
            (("CT10", "Consumption tax, standard"), ("CT8", "Consumption tax, reduced"), ("OUTSIDE", "Outside the tax")),
            "CT10"),
)  # fmt: skip
CURRENCIES = (
    ("USD", "US Dollar", 2),
    ("EUR", "Euro", 2),
    ("GBP", "British Pound", 2),
    ("CHF", "Swiss Franc", 2),
    ("JPY", "Japanese Yen", 0),
)
RATES = {
    "USD": Decimal(1),
    "EUR": Decimal("1.10"),
    "GBP": Decimal("1.28"),
    "CHF": Decimal("1.15"),
    "JPY": Decimal("0.0065"),
}
"""US dollars for one unit."""
ACCOUNTS = (
    ("10100", "Checking account", "Assets", True),
    ("12100", "Accounts receivable", "Assets", False),
    ("13350", "Unbilled receivables", "Assets", True),
    ("22300", "Tax payable", "Liabilities", True),
    ("23700", "Deferred revenue", "Liabilities", True),
    ("40100", "Income, consulting services", "Income", True),
    ("40200", "Income, fixed fees", "Income", True),
    ("40250", "Income, milestones", "Income", True),
    ("40300", "Income, rebilled expenses", "Income", True),
    ("40900", "Discounts granted", "Income", True),
    ("60100", "Cost of services", "Cost of Goods Sold", True),
)
ITEMS = (
    ("CONSULTING", "Consulting services by time", "40100"),
    ("PROJECTMGMT", "Project management by time", "40100"),
    ("FIXEDFEE", "Fixed-fee instalment", "40200"),
    ("MILESTONE", "Milestone reached", "40250"),
    ("EXPENSES", "Rebilled expenses", "40300"),
)
TERMS = (
    ("0D", "Due on receipt", "0D"),
    ("14D", "Net 14 days", "14D"),
    ("30D", "Net 30 days", "30D"),
    ("60D", "Net 60 days", "60D"),
    ("1M", "One month", "1M"),
)
METHODS = (("BANK", "Bank transfer"), ("CHECK", "Check"))
UNITS = (("HOUR", "Hour", "HUR"), ("DAY", "Day", "DAY"), ("PCS", "Piece", "EA"))
DIMENSIONS = (("DEPARTMENT", "Department"), ("PROJECT", "Project"))
COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF
CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH
GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW
KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG
NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN
SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT
ZA ZM ZW
"""
