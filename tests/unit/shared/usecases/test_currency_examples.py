"""The table zero_decimal_currency: minutes to WIP to lines to totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shared.domain.contract import ContractLine, LineKind
from shared.domain.money import Money
from shared.domain.parties import LegalEntity
from shared.domain.tax import TaxCategory
from shared.usecases.price_invoice import price_invoice
from tests.build import (
    OCTOBER,
    a_card,
    a_contract,
    a_customer,
    a_rate,
    a_tax_rule,
    an_invoice,
    the_policies,
    time_item,
)
from tests.examples import zero_decimal_currency


@pytest.mark.parametrize(
    "row", zero_decimal_currency.ROWS, ids=lambda row: f"{row['currency']} {row['rate']} {row['minutes']}"
)
def test_minutes_become_an_invoice_as_the_table_says(row: dict[str, str]) -> None:
    currency = row["currency"]
    estimate = ContractLine("l-time", LineKind.TIME_AND_MATERIALS, "Consulting", Money(Decimal(0), currency))
    contract = a_contract(currency=currency, lines=(estimate,))
    card = a_card(a_rate(rate_per_hour=Money(Decimal(row["rate"]), currency)), currency=currency)
    items = [
        time_item(f"t-{number}", contract=contract, card=card, minutes=int(minutes))
        for number, minutes in enumerate(row["minutes"].split(", "))
    ]
    entity = LegalEntity("DE01", "Firm", "DE", currency, "Europe/Berlin", "DE999999999")
    rule = replace(a_tax_rule("domestic", "domestic", "S", row["tax_rate"]), category=TaxCategory.STANDARD)
    plain = an_invoice()
    invoice, document = price_invoice(
        replace(plain, group=replace(plain.group, currency=currency)),
        items,
        contract=contract,
        customer=a_customer(),
        policies=replace(the_policies(), legal_entities=(entity,), tax_rules=(rule,)),
        issued_on=date(2026, 11, 3),
    )
    assert ", ".join(str(line.net.amount) for line in document.lines) == row["lines"]
    told = [str(each.amount) for each in (document.totals.net, document.totals.tax, document.totals.gross)]
    assert told == [row["net"], row["tax"], row["gross"]]
    assert invoice.period_end == OCTOBER and document.book is None
