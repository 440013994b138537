"""The tables tax_categories and tax_by_date through the code that bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceLine
from shared.domain.money import Money
from shared.domain.parties import Address, Customer, LegalEntity
from shared.domain.policies import Buyers, Policies, TaxPolicy, TaxRule
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException
from shared.usecases.check_policies import check_policies
from shared.usecases.decide_tax import decide_tax
from shared.usecases.total_invoice import total_invoice
from tests.build import the_policies
from tests.examples import tax_by_date, tax_categories

CURRENCY = {"DE": "EUR", "US": "USD", "JP": "JPY", "CH": "CHF"}
START = date(2007, 1, 1)


def rule(name: str, seller: str, buyer: str, told: str, reason: str | None = None, **changes: object) -> TaxRule:
    category, rate = told.split(" ")
    plain = TaxRule(name, seller, buyer, TaxCategory(category), Decimal(rate), START, reason=reason)
    return replace(plain, **changes)  # type: ignore[arg-type]


HALF_YEAR = {"valid_from": date(2020, 7, 1), "valid_to": date(2021, 1, 1)}
PRINTED = "printed matter"
RULES = (
    rule("de-training", "DE", "domestic", "E 0", "Exempt: vocational training", service="training"),
    rule("de-reduced-2020h2", "DE", "domestic", "S 5", service=PRINTED, **HALF_YEAR),
    rule("de-reduced", "DE", "domestic", "S 7", service=PRINTED),
    rule("de-domestic-2020h2", "DE", "domestic", "S 16", **HALF_YEAR),
    rule("de-domestic-2006", "DE", "domestic", "S 16", valid_from=date(2000, 1, 1), valid_to=START),
    rule("de-domestic", "DE", "domestic", "S 19"),
    rule("de-eu-business", "DE", "eu_business", "AE 0", "Reverse charge", code="VATEX-EU-AE"),
    rule("de-eu-consumer", "DE", "eu_consumer", "S 19"),
    rule("de-export", "DE", "rest_of_world", "G 0", "Export", service="goods export", code="VATEX-EU-G"),
    rule("de-switzerland", "DE", "rest_of_world", "O 0", "Taxed there", buyer_country="CH", code="VATEX-EU-O"),
    rule("de-rest-of-world", "DE", "rest_of_world", "O 0", "Not taxable here", code="VATEX-EU-O"),
    rule("us-domestic", "US", "domestic", "O 0", "No sales tax"),
    *(rule(f"us-{buyer.replace('_', '-')}", "US", buyer, "O 0", "Taxed there") for buyer in ("eu_business",)),
    rule("us-eu-consumer", "US", "eu_consumer", "O 0", "Not taxed"),
    rule("us-rest-of-world", "US", "rest_of_world", "O 0", "Not taxed"),
    rule("jp-zero", "JP", "domestic", "Z 0", service="land transport abroad"),
    rule("jp-domestic", "JP", "domestic", "S 10"),
    *(
        rule(f"jp-{buyer.replace('_', '-')}", "JP", buyer, "O 0", "Used abroad")
        for buyer in ("eu_business", "eu_consumer", "rest_of_world")
    ),
)


def policies(buyers: Buyers = Buyers.MIXED) -> Policies:
    return replace(the_policies(), tax_rules=RULES, tax_policies=(TaxPolicy("DE", buyers=buyers),))


def seller(told: str) -> LegalEntity:
    country = told[:2]
    number = "" if "without number" in told else f"{country}999999999"
    return LegalEntity(country, "Firm", country, CURRENCY[country], "Europe/Berlin", number)


def buyer(told: str) -> Customer:
    country = "" if told == "nowhere" else told[:2]
    number = f"{country}123" if "with number" in told else None
    address = Address("Street 1", "City", "1", "", country)
    return Customer(f"cus-{told}", ExternalRef("salesforce", "account", told), told, address, number, "EUR")


@pytest.mark.parametrize("row", tax_categories.ROWS, ids=lambda row: f"{row['seller']}-{row['customer']}-{row['why']}")
def test_a_tax_is_decided_as_the_table_says(row: dict[str, str]) -> None:
    book = policies(Buyers.BUSINESS if "only business" in row["seller"] else Buyers.MIXED)
    asked = {"on": date(2026, 11, 3), "service": row["service"]}
    ship_to = buyer(row["ship_to"]) if row["ship_to"] else None

    def decide() -> TaxDecision:
        return decide_tax(book, seller(row["seller"]), buyer(row["customer"]), ship_to=ship_to, **asked)  # type: ignore[arg-type]

    if not row["category"]:
        with pytest.raises(BusinessException, match="tax_undetermined") as refusal:
            decide()
        assert refusal.value.facts["missing"] == row["result"]
        return
    told = decide()
    assert (told.category.value, str(told.rate), told.code or "", told.rule) == (
        row["category"],
        row["rate"],
        row["code"],
        row["result"],
    )
    assert bool(told.reason) == (row["category"] not in "SZ")


@pytest.mark.parametrize("row", tax_by_date.ROWS, ids=lambda row: f"{row['on']} {row['service']}")
def test_the_rate_of_the_invoice_date_is_charged(row: dict[str, str]) -> None:
    def decide() -> TaxDecision:
        return decide_tax(
            policies(), seller("DE"), buyer("DE"), on=date.fromisoformat(row["on"]), service=row["service"]
        )

    if not row["rate"]:
        with pytest.raises(BusinessException, match="tax_undetermined"):
            decide()
        return
    net = Money(Decimal(row["net"]), "EUR")
    line = InvoiceLine("1", "w", "l", "p", "x", Decimal(1), "each", net.amount, Decimal(1), net, decide())
    totals = total_invoice([line])
    told = [str(line.tax.rate), str(totals.tax.amount), str(totals.gross.amount)]
    assert told == [row["rate"], row["tax"], row["gross"]]


def test_the_table_of_the_examples_passes_finances_own_check() -> None:
    entities = tuple(seller(country) for country in ("DE", "US", "JP"))
    over = {"EUR": Decimal(1), "USD": Decimal(1), "JPY": Decimal(1)}
    book = replace(policies(), legal_entities=entities, approval_over=over)
    assert check_policies(book) == ()
