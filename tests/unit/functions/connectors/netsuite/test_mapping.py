"""Bodies for NetSuite: only fields of the notes, exact amounts, settings instead of code."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from functions.connectors.netsuite.mapping import customer_body, invoice_body, job_body, posted, status_of
from functions.connectors.netsuite.settings import NetSuiteSettings, TaxMode
from shared.adapters.exact_json import exact_json
from shared.domain.identity import ExternalRef
from shared.domain.invoice import LineOrigin
from shared.faults import BusinessException, Poison
from tests.contract.connectors.documents import OUTSIDE, STANDARD, document, line
from tests.contract.connectors.test_netsuite_commands import customer, project

TIME = ExternalRef("kantata", "time_entry", "1")
SETTINGS = NetSuiteSettings(
    subsidiaries={"DE": "2", "US": "1"},
    items={"time": "27", "expense": "31", "milestone": "30", "instalment": "29", "default": "28"},
    terms={"30": "3"},
    tax_codes={"DE:S/19": {"code": "21", "type": "2"}},
)


def test_an_invoice_names_everything_by_our_ids_or_by_settings() -> None:
    of_invoice = document([line("33.33", "EUR", STANDARD, TIME)])
    body = invoice_body(of_invoice, "4", SETTINGS)
    assert body["entity"] == {"externalId": f"{of_invoice.customer_id}-DE"}
    assert (body["job"], body["currency"]) == ({"externalId": of_invoice.project_id}, {"id": "4"})
    assert (body["subsidiary"], body["terms"]) == ({"id": "2"}, {"id": "3"})
    assert (body["tranDate"], body["dueDate"], body["otherRefNum"]) == ("2026-10-31", "2026-11-30", "PO-77")


@pytest.mark.parametrize(
    ("source", "item"),
    [
        (TIME, "27"),
        (ExternalRef("kantata", "expense", "1"), "31"),
        (ExternalRef("kantata", "milestone", "1"), "30"),
        (ExternalRef("kantata", "retainer", "1"), "28"),
        (None, "29"),
    ],
)
def test_a_line_is_sold_as_the_item_of_its_source(source: ExternalRef | None, item: str) -> None:
    (sent,) = invoice_body(document([line("1.00", "EUR", STANDARD, source)]), "4", SETTINGS)["item"]["items"]
    assert sent["item"] == {"id": item}


@pytest.mark.parametrize(("origin", "item"), [("discount", "40"), ("covered", "41"), ("minimum", "28")])
def test_a_line_of_a_clause_has_its_own_item_or_the_default(origin: str, item: str) -> None:
    own = SETTINGS.model_copy(update={"items": SETTINGS.items | {"discount": "40", "covered": "41"}})
    of_clause = line("-5.00", "EUR", STANDARD, None, origin=LineOrigin(origin))
    (sent,) = invoice_body(document([of_clause]), "4", own)["item"]["items"]
    assert sent["item"] == {"id": item}


def test_minutes_are_sent_as_hours_to_five_decimals_beside_the_exact_amount() -> None:
    (sent,) = invoice_body(document([line("33.33", "EUR", STANDARD, TIME)]), "4", SETTINGS)["item"]["items"]
    assert (sent["quantity"], sent["rate"], sent["amount"]) == (Decimal("0.83333"), Decimal("40.00"), Decimal("33.33"))


def test_amounts_are_json_numbers_to_the_digit() -> None:
    text = exact_json(invoice_body(document([line("33.30", "EUR", STANDARD, TIME)]), "4", SETTINGS)).decode()
    assert '"amount":33.30' in text and '"quantity":0.83333' in text
    assert json.loads(text)["memo"] == "C-2026-7, work to 2026-10-31"


def test_tax_goes_as_details_or_as_a_code_per_line_or_not_at_all() -> None:
    of_invoice = document([line("33.33", "EUR", STANDARD, TIME)])
    details = invoice_body(of_invoice, "4", SETTINGS)
    code = invoice_body(of_invoice, "4", SETTINGS.model_copy(update={"tax_mode": TaxMode.CODE}))
    none = invoice_body(of_invoice, "4", SETTINGS.model_copy(update={"tax_mode": TaxMode.NONE}))
    (detail,) = details["taxDetails"]["items"]
    assert details["taxDetailsOverride"] is True
    assert detail["taxDetailsReference"] == details["item"]["items"][0]["taxDetailsReference"]
    assert (detail["taxCode"], detail["taxType"], detail["taxAmount"]) == ({"id": "21"}, {"id": "2"}, Decimal("6.33"))
    assert code["item"]["items"][0]["taxCode"] == {"id": "21"} and "taxDetails" not in code
    assert "taxCode" not in none["item"]["items"][0] and "taxDetails" not in none


def test_what_settings_do_not_name_is_a_business_exception() -> None:
    of_invoice = document([line("1.00", "EUR", STANDARD, TIME)])
    bare = NetSuiteSettings(subsidiaries={}, items={})
    for settings, code in (
        (bare, "erp_subsidiary_unmapped"),
        (bare.model_copy(update={"subsidiaries": {"DE": "2"}}), "erp_item_unmapped"),
        (SETTINGS.model_copy(update={"tax_codes": {}}), "erp_tax_code_unmapped"),
    ):
        with pytest.raises(BusinessException) as refused:
            invoice_body(of_invoice, "4", settings)
        assert refused.value.code == code


def test_a_line_outside_the_scope_of_tax_needs_no_code() -> None:
    of_invoice = document([line("1.00", "USD", OUTSIDE, TIME)], legal_entity="US")
    assert invoice_body(of_invoice, "1", SETTINGS)["taxDetails"] == {"items": []}


def test_a_customer_and_a_job_use_fields_of_the_notes_only() -> None:
    known = {"companyName", "isPerson", "subsidiary", "currency", "vatRegNumber", "addressBook"}
    assert set(customer_body(customer().customer, "DE", "4", SETTINGS)) == known
    job = job_body(project(ends_on=date(2026, 12, 31)), "4", SETTINGS.model_copy(update={"job_billing_type": "-3"}))
    assert set(job) == {
        "companyName", "parent", "subsidiary", "currency", "startDate", "projectedEndDate", "jobBillingType",
    }  # fmt: skip


RECORD = {"id": "7", "tranId": "INV7", "subtotal": Decimal("1.50"), "taxTotal": 0, "total": Decimal("1.50")}


def test_totals_are_read_back_exactly() -> None:
    result = posted({**RECORD, "tranDate": "2026-10-31", "dueDate": "2026-11-30"}, "EUR")
    assert (result.net, result.tax, result.gross, result.number) == (Decimal("1.50"), 0, Decimal("1.50"), "INV7")


def test_a_missing_tax_total_is_the_difference() -> None:
    record = {**RECORD, "taxTotal": None, "total": Decimal("1.79"), "tranDate": "2026-10-31"}
    assert posted(record, "EUR").tax == Decimal("0.29")


@pytest.mark.parametrize("field", ["id", "tranId", "subtotal", "total", "tranDate"])
def test_an_invoice_without_a_total_or_number_is_poison(field: str) -> None:
    record = {name: value for name, value in {**RECORD, "tranDate": "2026-10-31"}.items() if name != field}
    with pytest.raises(Poison):
        posted(record, "EUR")


def test_a_status_is_read_from_both_shapes() -> None:
    assert (status_of({"status": {"id": "V"}}), status_of({"status": "B"}), status_of({})) == ("V", "B", "")


def test_an_external_id_may_hold_plain_characters_only() -> None:
    with pytest.raises(ValueError, match="pattern"):
        NetSuiteSettings(subsidiaries={"US|1": "1"}, items={})
