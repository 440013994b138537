"""The arithmetic of invoices against whole numbers and fractions; our UBL against our own check."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.currencies import minor_units
from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceLine
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from shared.einvoice.check_ubl import check_ubl
from shared.einvoice.compute import compute
from shared.einvoice.issued import Issued
from shared.einvoice.read_plain_invoice import read_plain_invoice
from shared.einvoice.read_ubl import read_ubl
from shared.einvoice.write_ubl import write_ubl
from shared.usecases.total_invoice import total_invoice
from tests.build import a_customer, the_policies
from tests.property.strategies import TAXES

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD", "CLF"])
RATES = st.sampled_from(["19", "19.0", "19.00", "7", "7.7", "25", "0.5", "5.5000"])


def texts(most: int, places: int, least: int = 0) -> st.SearchStrategy[str]:
    """Decimal numbers as texts, with up to so many places."""
    scaled = st.tuples(st.integers(least * 10**places, most * 10**places), st.integers(0, places))
    return scaled.map(lambda drawn: format(Decimal(drawn[0]).scaleb(-drawn[1]), "f"))


@st.composite
def taxes(draw: st.DrawFn) -> dict[str, Any]:
    category = draw(st.sampled_from(["S", "S", "S", "Z", "E", "AE", "K", "G"]))
    return {
        "tax_category": category,
        "tax_rate": draw(RATES) if category == "S" else draw(st.sampled_from(["0", "0.00"])),
    }


@st.composite
def plain_invoices(draw: st.DrawFn) -> dict[str, Any]:
    currency = draw(CURRENCIES)
    units = minor_units(currency)
    amounts = st.lists(texts(100, 4), max_size=3)
    lines = [
        {
            "id": str(number),
            "quantity": draw(texts(1000, 4, -1000)),
            "unit_price": draw(texts(1000, 4)),
            "price_base_quantity": draw(st.sampled_from(["1", "60", "3", "7", "100", "0.3"])),
            "allowances": draw(amounts),
            "charges": draw(amounts),
            **draw(taxes()),
        }
        for number in range(draw(st.integers(1, 8)))
    ]
    of_document = st.lists(
        st.tuples(texts(500, units), taxes()).map(lambda drawn: {"amount": drawn[0], **drawn[1]}), max_size=3
    )
    return {
        "currency": currency,
        "lines": lines,
        "document_allowances": draw(of_document),
        "document_charges": draw(of_document),
        "prepaid": draw(texts(1000, units)),
        "rounding": draw(texts(1, units, -1)),
    }


def computed(told: dict[str, Any]) -> dict[str, Any]:
    return compute(read_plain_invoice(json.dumps(told).encode()))


def nearest(value: Fraction, units: int) -> Fraction:
    """Half away from zero, in whole numbers."""
    scaled = abs(value) * 10**units
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**units)


def reference(told: dict[str, Any]) -> dict[str, Any]:
    """The same sums, straight from the rules' words."""
    units = minor_units(told["currency"])
    nets, groups = [], defaultdict(Fraction)
    for line in told["lines"]:
        worked = Fraction(line["unit_price"]) * Fraction(line["quantity"]) / Fraction(line["price_base_quantity"])
        charges = nearest(sum(map(Fraction, line["charges"]), Fraction()), units)
        allowances = nearest(sum(map(Fraction, line["allowances"]), Fraction()), units)
        nets.append(nearest(worked, units) + charges - allowances)
        groups[line["tax_category"], Fraction(line["tax_rate"])] += nets[-1]
    for sign, key in ((-1, "document_allowances"), (1, "document_charges")):
        for each in told[key]:
            groups[each["tax_category"], Fraction(each["tax_rate"])] += sign * Fraction(each["amount"])
    taken, added = (
        sum((Fraction(each["amount"]) for each in told[key]), Fraction())
        for key in ("document_allowances", "document_charges")
    )
    taxed = {key: (base, nearest(base * key[1] / 100, units)) for key, base in groups.items()}
    net = sum(nets, Fraction()) - taken + added
    gross = net + sum((tax for _, tax in taxed.values()), Fraction())
    return {
        "nets": nets,
        "groups": taxed,
        "tax_exclusive": net,
        "tax_inclusive": gross,
        "payable": gross - Fraction(told["prepaid"]) + Fraction(told["rounding"]),
    }  # fmt: skip


@given(plain_invoices())
def test_totals_are_those_of_the_rules_in_fractions(told: dict[str, Any]) -> None:
    found, expected = computed(told), reference(told)
    assert [Fraction(line["net"]) for line in found["lines"]] == expected["nets"]
    groups = {
        (g["category"], Fraction(g["rate"])): (Fraction(g["taxable"]), Fraction(g["tax"]))
        for g in found["tax_breakdown"]
    }
    assert groups == expected["groups"] and len(groups) == len(found["tax_breakdown"])
    for name in ("tax_exclusive", "tax_inclusive", "payable"):
        assert Fraction(found[name]) == expected[name]


@given(plain_invoices())
def test_the_identities_of_en_16931_hold_in_what_is_written(told: dict[str, Any]) -> None:
    found = {name: value if isinstance(value, list) else Decimal(value) for name, value in computed(told).items()}
    assert found["sum_of_line_net"] == sum(Decimal(line["net"]) for line in found["lines"])
    assert found["allowance_total"] == sum(Decimal(each["amount"]) for each in told["document_allowances"])
    assert found["charge_total"] == sum(Decimal(each["amount"]) for each in told["document_charges"])
    assert found["tax_exclusive"] == found["sum_of_line_net"] - found["allowance_total"] + found["charge_total"]
    assert found["tax_exclusive"] == sum(Decimal(group["taxable"]) for group in found["tax_breakdown"])
    assert found["tax_total"] == sum(Decimal(group["tax"]) for group in found["tax_breakdown"])
    assert found["tax_inclusive"] == found["tax_exclusive"] + found["tax_total"]
    assert found["payable"] == found["tax_inclusive"] - found["prepaid"] + found["rounding"]


@given(plain_invoices())
def test_every_amount_is_written_with_the_currencys_decimals_and_no_minus_nothing(told: dict[str, Any]) -> None:
    found, units = computed(told), minor_units(told["currency"])
    amounts = [value for name, value in found.items() if isinstance(value, str)]
    amounts += [line["net"] for line in found["lines"]]
    amounts += [group[name] for group in found["tax_breakdown"] for name in ("taxable", "tax")]
    for amount in amounts:
        assert len(amount.partition(".")[2]) == units and (Decimal(amount) or not amount.startswith("-"))


@given(plain_invoices(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_total(told: dict[str, Any], chance: Any) -> None:
    shuffled = {key: list(rows) if isinstance(rows, list) else rows for key, rows in told.items()}
    for key in ("lines", "document_allowances", "document_charges"):
        chance.shuffle(shuffled[key])
    one, other = computed(told), computed(shuffled)
    assert {k: v for k, v in one.items() if k != "lines"} == {k: v for k, v in other.items() if k != "lines"}


@st.composite
def issued(draw: st.DrawFn) -> Issued:
    """An invoice or credit memo as pricing makes it: time in minutes, things at a price, reversals."""
    currency = draw(st.sampled_from(["EUR", "USD", "JPY"]))
    outside = (TaxDecision(TaxCategory.OUTSIDE_SCOPE, Decimal(0), "Not taxable", "abroad"),)
    decisions = draw(st.sampled_from([TAXES, outside]))
    lines = []
    for number in range(draw(st.integers(1, 12))):
        unit, base = draw(st.sampled_from([("minute", 60), ("each", 1), ("day", 1)]))
        price = Money(Decimal(draw(st.integers(0, 10**7))).scaleb(-2), currency)
        quantity = Decimal(draw(st.integers(-(10**4), 10**4)))
        net = price.times(quantity, Decimal(base)).rounded()
        told = (Decimal(quantity), unit, price.amount, Decimal(base), net, draw(st.sampled_from(decisions)))
        lines.append(InvoiceLine(str(number + 1), f"w{number}", "l", "p", draw(st.text(max_size=20)), *told))
    document = InvoiceDocument(
        invoice_id="inv",
        legal_entity_id="DE01",
        customer_id="cus-1",
        contract_id="con-1",
        contract_reference="C-1",
        project_id="prj-1",
        purchase_order=draw(st.sampled_from([None, "PO-7"])),
        currency=currency,
        issued_on=date(2026, 10, 31),
        due_on=date(2026, 11, 30),
        period_end=date(2026, 10, 31),
        lines=tuple(lines),
        totals=total_invoice(lines),
        kind=draw(st.sampled_from(InvoiceKind)),
        reason=draw(st.none() | st.text(max_size=20)),
    )
    told_twice = Issued("INV1", document, the_policies().legal_entities[0], a_customer())
    tax_in = Money(document.totals.tax.amount * 11, "SEK").rounded()
    return replace(told_twice, tax_in=draw(st.sampled_from([None, tax_in])))


@given(issued())
def test_what_we_write_as_ubl_breaks_no_rule_and_needs_no_tolerance(told: Issued) -> None:
    body = write_ubl(told)
    assert check_ubl(read_ubl(body)) == []
    assert write_ubl(told) == body


@given(issued())
def test_our_own_invoices_have_the_totals_that_anybodys_would_have(told: Issued) -> None:
    document = told.document
    rows = [
        {
            "id": line.line_id,
            "quantity": str(line.quantity),
            "unit_price": str(line.unit_price),
            "price_base_quantity": str(line.price_base_quantity),
            "tax_category": line.tax.category.value,
            "tax_rate": None if line.tax.category is TaxCategory.OUTSIDE_SCOPE else str(line.tax.rate),
        }
        for line in document.lines
    ]
    found = computed({"currency": document.currency, "lines": rows})
    assert (found["tax_exclusive"], found["tax_total"]) == (
        str(document.totals.net.amount),
        str(document.totals.tax.amount),
    )
    assert found["payable"] == str(document.totals.gross.amount)
