"""What is refused is refused with its place, everything at once."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from shared.einvoice.exact_json import LARGEST
from shared.einvoice.faulty import Faulty
from shared.einvoice.read_plain_invoice import read_plain_invoice

LINE = {"id": "1", "quantity": "1", "unit_price": "10.00", "tax_category": "S", "tax_rate": "19"}


def an_invoice(line: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {"currency": "EUR", "lines": [LINE | (line or {})]} | changes


def faults_of(told: Any) -> tuple[str, ...]:
    with pytest.raises(Faulty) as refused:
        read_plain_invoice(told if isinstance(told, bytes) else json.dumps(told).encode())
    return refused.value.faults


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("12,5", '"12,5" is not a decimal number: write 12.5'),
        ("1,234", '"1,234" is not a decimal number: write 1.234 or 1234'),
        ("1,234.56", '"1,234.56" is not a decimal number: write 1234.56'),
        ("1.234,56", '"1.234,56" is not a decimal number: write 1234.56'),
        ("1e3", '"1e3" is not a decimal number: write 1000, without exponent'),
        ("1e-999999999", '"1e-999999999" is not a decimal number: no exponents'),
        ("NaN", '"NaN" is not a decimal number: write it like 12.5'),
        ("-Infinity", '"-Infinity" is not a decimal number: write it like 12.5'),
        ("1_000", '"1_000" is not a decimal number: write it like 12.5'),
        ("\u0661", '"\\u0661" is not a decimal number: write it like 12.5'),
        (" 12.5", '" 12.5" is not a decimal number: write 12.5, without blanks'),
        ("", '"" is not a decimal number: it is empty'),
        ("1" * 16, '"1111111111111111" has more than 15 digits before or after the point'),
        ("0." + "1" * 16, '"0.1111111111111111" has more than 15 digits before or after the point'),
        ("9" * 5000, f'"{"9" * 40}..." has more than 15 digits before or after the point'),
        (True, 'true: expected a text like "12.5"'),
        ([], 'an array: expected a text like "12.5"'),
        ("-0.01", "-0.01 is negative: credit by a negative quantity (BR-27)"),
    ],
)
def test_a_number_that_is_none_is_told_with_what_would_be_right(written: Any, words: str) -> None:
    assert faults_of(an_invoice({"unit_price": written})) == (f"lines[0].unit_price: {words}",)


@pytest.mark.parametrize("number", ["12.5", "1e400", "1e-400", "NaN", "Infinity", "-Infinity", "1" * 5000])
def test_a_json_number_is_refused_for_it_may_have_been_rounded_already(number: str) -> None:
    body = json.dumps(an_invoice({"quantity": "?"})).replace('"?"', number).encode()
    words = f'the JSON number {number[:40]}: write it as text, "{number[:40]}"'
    assert faults_of(body) == (f"lines[0].quantity: {words}",)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"tax_category": "X"}, 'tax_category: "X" is none of S, Z, E, AE, K, G, O, L, M'),
        ({"tax_category": ""}, "tax_category: empty"),
        ({"tax_category": None}, "tax_category: missing"),
        ({"tax_rate": None}, "tax_rate: missing"),
        ({"tax_rate": "-1"}, "tax_rate: -1 is negative"),
        ({"tax_rate": "0.00"}, "tax_rate: 0, but category S has a rate above 0: Z, E or another is meant (BR-S-05)"),
        ({"tax_category": "Z"}, "tax_rate: 19, but category Z carries no tax: write 0 (BR-Z-05)"),
        ({"tax_category": "K"}, "tax_rate: 19, but category K carries no tax: write 0 (BR-IC-05)"),
        ({"tax_category": "O"}, "tax_rate: 19, but category O carries no tax: write 0 (BR-O-05)"),
        ({"tax_category": "AE", "tax_rate": None}, "tax_rate: missing"),
        ({"price_base_quantity": "0"}, "price_base_quantity: 0 must be more than zero (PEPPOL-EN16931-R121)"),
        ({"allowances": ["1", "x"]}, 'allowances[1]: "x" is not a decimal number: write it like 12.5'),
        ({"charges": {}}, 'charges: expected an array of amounts like ["12.50"], found an object'),
        ({"id": 7}, 'id: the JSON number 7: write it as text, "7"'),
        ({"id": "  "}, "id: empty"),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_place(line: dict[str, Any], fault: str) -> None:
    assert faults_of(an_invoice(line)) == (f"lines[0].{fault}",)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        (b"", "input: empty, expected one JSON object"),
        (b"{", "input: not JSON: line 1, column 2: Expecting property name enclosed in double quotes"),
        (b"\xff\xfe{}", "input: not UTF-8: byte 0 is 0xff"),
        (b"[" * 100_000, "input: not an invoice: nested too deeply"),
        (b" " * (LARGEST + 1), "input: larger than 100 MB"),
        ([1], "input: expected one JSON object, found an array"),
        (an_invoice(lines=[]), "lines: empty: an invoice has at least one line (BR-16)"),
        (an_invoice(lines=None), "lines: missing"),
        (an_invoice(lines="1"), 'lines: expected an array of objects, found the text "1"'),
        (an_invoice(lines=[LINE, 3]), "lines[1]: expected an object, found the JSON number 3"),
        (an_invoice(lines=[LINE, LINE]), 'lines[1].id: "1" is the id of lines[0], too'),
        (
            an_invoice(currency="XAU"),
            'currency: "XAU" is no currency of ISO 4217 that is billed in: write EUR, USD or another',
        ),
        (
            an_invoice(currency="eur"),
            'currency: "eur" is no currency of ISO 4217 that is billed in: write EUR, USD or another',
        ),
        (an_invoice(prepaid="1.005"), "prepaid: 1.005 has more than the currency's 2 decimals (BR-DEC-16)"),
        (an_invoice(rounding="0.001"), "rounding: 0.001 has more than the currency's 2 decimals (BR-DEC-17)"),
        (b'{"currency": "EUR", "currency": "EUR", "lines": [%s]}' % json.dumps(LINE).encode(), "currency: given twice"),
    ],
)
def test_a_document_that_is_wrong_is_told(told: Any, fault: str) -> None:
    assert faults_of(told) == (fault,)


def test_all_faults_are_told_at_once_each_on_one_line() -> None:
    told = an_invoice({"quantity": "1,5", "qty\n": "2"}, document_charges=[{"amount": "0.001", "tax_category": "Q"}])
    known = "id, quantity, unit_price, price_base_quantity, allowances, charges, tax_category, tax_rate"
    assert faults_of(told) == (
        f"lines[0].qty\\u000a: unknown field, known are {known}",
        'lines[0].quantity: "1,5" is not a decimal number: write 1.5',
        "document_charges[0].amount: 0.001 has more than the currency's 2 decimals (BR-DEC-05)",
        'document_charges[0].tax_category: "Q" is none of S, Z, E, AE, K, G, O, L, M',
        "document_charges[0].tax_rate: missing",
    )


@pytest.mark.parametrize("beside", [{"amount": "1", "tax_category": "S", "tax_rate": "19"}])
def test_what_is_outside_the_scope_of_tax_stands_alone(beside: dict[str, str]) -> None:
    told = an_invoice({"tax_category": "O", "tax_rate": None}, document_allowances=[beside])
    words = "S beside O of lines[0]: O stands alone on its invoice (BR-O-11 to BR-O-14)"
    assert faults_of(told) == (f"document_allowances[0].tax_category: {words}",)


def test_what_may_be_left_out_may_be_null_or_absent() -> None:
    bare = read_plain_invoice(json.dumps(an_invoice()).encode())
    nulls = {"price_base_quantity": None, "allowances": None, "charges": None}
    told = an_invoice(nulls, document_allowances=None, document_charges=[], prepaid=None, rounding=None)
    assert read_plain_invoice(b"\xef\xbb\xbf" + json.dumps(told).encode()) == bare
    assert bare.lines[0].price_base_quantity == Decimal(1) and bare.prepaid == 0
