"""Invoices, payments, credit memos, sales orders, periods and tax: what people and integrations do with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.netsuite_account import Account, detail

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate


def numbers(netsuite: Account, invoice: str) -> tuple[Any, ...]:
    row = netsuite.read(f"invoice/{invoice}")
    return row["status"]["id"], row["amountPaid"], row["amountRemaining"]


def test_amounts_are_given_or_quantity_times_rate_rounded_half_up(netsuite: Account) -> None:
    netsuite.customer()
    made = netsuite.invoice("I", {"quantity": 1.5, "rate": 33.35}, {"quantity": 3, "rate": 10, "amount": 29.99})
    shown = netsuite.read(f"invoice/{made}", expandSubResources="true")
    assert [row["amount"] for row in shown["item"]["items"]] == [50.03, 29.99]
    assert (shown["subtotal"], shown["taxTotal"], shown["total"]) == (80.02, 0, 80.02)
    assert shown["amountRemaining"] == 80.02


def test_amounts_keep_every_digit_on_the_wire(netsuite: Account) -> None:
    netsuite.customer()
    made = netsuite.invoice("I", {"amount": "12345678901.10"})
    assert '"total":12345678901.10' in netsuite.record("GET", f"invoice/{made}").text


def test_a_currency_without_cents_rounds_to_whole_units(netsuite: Account) -> None:
    yen = netsuite.rows("SELECT id FROM currency WHERE symbol = 'JPY'")[0]["id"]
    netsuite.customer(currency={"id": yen})
    made = netsuite.invoice("I", {"quantity": 1.5, "rate": 333})
    assert netsuite.read(f"invoice/{made}")["total"] == 500


def test_numbers_dates_terms_and_periods_are_filled_in(netsuite: Account) -> None:
    netsuite.customer(terms={"id": "3"})
    first, second = netsuite.invoice("I-1"), netsuite.invoice("I-2", dueDate="2026-12-24")
    shown = netsuite.read(f"invoice/{first}")
    assert (shown["tranId"], shown["dueDate"]) == ("INV1001", "2026-11-30")
    assert shown["postingPeriod"]["refName"] == "Oct 2026"
    assert (shown["terms"]["refName"], shown["currency"]["refName"]) == ("Net 30", "US Dollar")
    other = netsuite.read(f"invoice/{second}")
    assert (other["tranId"], other["dueDate"]) == ("INV1002", "2026-12-24")


def test_a_given_number_is_kept_and_a_taken_one_refused(netsuite: Account) -> None:
    netsuite.customer()
    netsuite.invoice("I-1", tranId="US-2026-1")
    answer = netsuite.record("POST", "invoice", netsuite.invoice_body(tranId="US-2026-1"))
    assert (answer.status_code, detail(answer)["o:errorCode"]) == (400, "DUP_RCRD")


def test_an_invoice_belongs_to_its_customers_books(netsuite: Account) -> None:
    netsuite.customer(subsidiary="2")
    netsuite.customer("CUST-2", subsidiary="1")
    netsuite.write("PUT", "job/eid:J-2", {"companyName": "Other's", "parent": {"externalId": "CUST-2"}})
    for wrong in ({"subsidiary": {"id": "1"}}, {"currency": {"id": "1"}}, {"job": {"externalId": "J-2"}}):
        answer = netsuite.record("POST", "invoice", netsuite.invoice_body(**wrong))
        assert (answer.status_code, detail(answer)["o:errorCode"]) == (400, "INVALID_KEY_OR_REF"), wrong
    made = netsuite.invoice("I")
    assert netsuite.read(f"invoice/{made}")["subsidiary"]["refName"] == "DE"
    assert netsuite.read(f"invoice/{made}")["currency"]["refName"] == "Euro"


def test_lines_need_an_item_and_an_amount(netsuite: Account) -> None:
    netsuite.customer()
    answer = netsuite.record("POST", "invoice", netsuite.invoice_body({"quantity": 1}))
    assert detail(answer)["o:errorPath"] == "item.items[0].amount"
    empty = netsuite.record("POST", "invoice", {"entity": {"externalId": "CUST-1"}})
    assert detail(empty)["o:errorCode"] == "USER_ERROR"


def test_given_tax_details_are_the_documents_tax(netsuite: Account) -> None:
    netsuite.customer(subsidiary="2")
    tax = {"taxDetailsReference": "L1", "taxCode": {"id": netsuite.tax_code("S-DE")}, "taxType": {"id": "2"}}
    tax |= {"taxBasis": 100.03, "taxRate": 19, "taxAmount": 19.01}
    fields = {"taxDetailsOverride": True, "taxDetails": {"items": [tax]}}
    made = netsuite.invoice("I", {"amount": 100.03, "taxDetailsReference": "L1"}, **fields)
    shown = netsuite.read(f"invoice/{made}", expandSubResources="true")
    assert (shown["subtotal"], shown["taxTotal"], shown["total"]) == (100.03, 19.01, 119.04)
    assert shown["taxDetails"]["items"][0]["taxCode"]["refName"] == "S-DE"
    fields["taxDetails"]["items"][0]["taxDetailsReference"] = "L9"
    answer = netsuite.record("POST", "invoice", netsuite.invoice_body({"amount": 1}, **fields))
    assert detail(answer)["o:errorPath"] == "taxDetails.items[0].taxDetailsReference"


def test_a_tax_code_on_a_line_or_for_the_subsidiary_is_calculated(netsuite: Account) -> None:
    netsuite.customer(subsidiary="2")
    standard, reduced = netsuite.tax_code("S-DE"), netsuite.tax_code("R-DE")
    lines = ({"amount": 100.03, "taxCode": {"id": standard}}, {"amount": 10})
    assert netsuite.read(f"invoice/{netsuite.invoice('I-1', *lines)}")["taxTotal"] == 19.01
    netsuite.sim("POST", "settings", {"automatic_tax": {"2": reduced}})
    assert netsuite.read(f"invoice/{netsuite.invoice('I-2', *lines)}")["taxTotal"] == 19.71


def test_payments_at_the_bank_move_an_invoice_to_part_paid_and_paid(netsuite: Account) -> None:
    netsuite.customer()
    made = netsuite.invoice("I")
    assert numbers(netsuite, made) == ("A", 0, 1500)
    netsuite.sim("POST", "payments", {"external_id": "I", "amount": "1000.50"})
    assert numbers(netsuite, made) == ("A", 1000.5, 499.5)
    assert netsuite.sim("POST", "payments", {"invoice_id": made}).json()["invoice"]["status"] == "B"
    assert numbers(netsuite, made) == ("B", 1500, 0)
    again = netsuite.sim("POST", "payments", {"invoice_id": made})
    assert again.status_code == 400 and "not open" in again.json()["error"]


def test_a_payment_over_the_api_applies_to_several_invoices(netsuite: Account) -> None:
    netsuite.customer()
    one, two = netsuite.invoice("I-1"), netsuite.invoice("I-2")
    apply = [{"doc": {"id": one}, "apply": True}, {"doc": {"externalId": "I-2"}, "apply": True, "amount": 200}]
    body = {"customer": {"externalId": "CUST-1"}, "payment": 2000, "apply": {"items": apply}}
    payment = netsuite.write("PUT", "customerPayment/eid:P-1", body)
    shown = netsuite.read(f"customerPayment/{payment}")
    assert (shown["applied"], shown["unapplied"], shown["tranId"]) == (1700, 300, "PYMT1001")
    assert numbers(netsuite, one) == ("B", 1500, 0) and numbers(netsuite, two) == ("A", 200, 1300)
    netsuite.write("PUT", "customerPayment/eid:P-1", body)
    assert numbers(netsuite, two) == ("A", 200, 1300)
    assert netsuite.record("DELETE", f"customerPayment/{payment}").status_code == 204
    assert numbers(netsuite, one) == ("A", 0, 1500) and numbers(netsuite, two) == ("A", 0, 1500)


def test_more_than_due_or_anothers_invoice_cannot_be_paid(netsuite: Account) -> None:
    netsuite.customer()
    netsuite.customer("CUST-2")
    made = netsuite.invoice("I")
    for customer, amount in (("CUST-1", 1500.01), ("CUST-2", 10)):
        apply = {"items": [{"doc": {"id": made}, "amount": amount}]}
        body = {"customer": {"externalId": customer}, "payment": 5000, "apply": apply}
        assert detail(netsuite.record("POST", "customerPayment", body))["o:errorCode"] == "USER_ERROR"
    assert numbers(netsuite, made) == ("A", 0, 1500)


def test_a_paid_invoice_keeps_its_customer(netsuite: Account) -> None:
    netsuite.customer()
    netsuite.customer("CUST-2")
    made = netsuite.invoice("I")
    netsuite.sim("POST", "payments", {"invoice_id": made, "amount": 1})
    answer = netsuite.record("PATCH", f"invoice/{made}", {"entity": {"externalId": "CUST-2"}})
    assert detail(answer)["o:errorCode"] == "USER_ERROR"


def test_a_credit_memo_from_an_invoice_settles_it(netsuite: Account) -> None:
    netsuite.customer()
    made = netsuite.invoice("I", {"quantity": 10, "rate": 150}, {"amount": 100})
    part = {"externalId": "CM-1", "item": {"items": [{"orderLine": 1, "quantity": 2}]}}
    memo = netsuite.write("POST", f"invoice/{made}/!transform/creditMemo", part)
    shown = netsuite.read(f"creditMemo/{memo}", expandSubResources="true")
    assert (shown["total"], shown["unapplied"], shown["status"]["id"]) == (300, 0, "B")
    assert shown["apply"]["items"][0]["amount"] == 300 and shown["createdFrom"]["id"] == made
    assert numbers(netsuite, made) == ("A", 300, 1300)
    whole = netsuite.write("POST", "invoice/eid:I/!transform/creditMemo")
    shown = netsuite.read(f"creditMemo/{whole}")
    assert (shown["total"], shown["applied"], shown["unapplied"]) == (1600, 1300, 300)
    assert numbers(netsuite, made) == ("B", 1600, 0)


def test_a_payment_by_transform_takes_what_is_open(netsuite: Account) -> None:
    netsuite.customer()
    made = netsuite.invoice("I")
    netsuite.write("POST", f"invoice/{made}/!transform/customerPayment", {"payment": 500, "externalId": "P-1"})
    netsuite.write("POST", f"invoice/{made}/!transform/customerPayment")
    assert numbers(netsuite, made) == ("B", 1500, 0)


def test_a_repeated_transform_makes_invoices_until_all_is_billed(netsuite: Account) -> None:
    netsuite.customer()
    item = {"item": {"id": netsuite.item()}}
    lines = [item | {"quantity": 10, "rate": 100}, item | {"quantity": 1, "rate": 50}]
    order = netsuite.write("POST", "salesOrder", {"entity": {"externalId": "CUST-1"}, "item": {"items": lines}})
    url = f"salesOrder/{order}/!transform/invoice"
    dated = {"tranDate": "2026-10-31"}
    first = netsuite.write("POST", url, dated | {"item": {"items": [{"orderLine": 1, "quantity": 4}]}})
    second = netsuite.write("POST", url, dated)
    assert first != second
    assert [netsuite.read(f"invoice/{i}")["total"] for i in (first, second)] == [400, 650]
    assert netsuite.read(f"salesOrder/{order}")["status"]["id"] == "G"
    third = netsuite.record("POST", url, dated)
    assert (third.status_code, detail(third)["o:errorCode"]) == (400, "USER_ERROR")
    netsuite.record("DELETE", f"invoice/{second}")
    assert netsuite.read(f"salesOrder/{order}")["status"]["id"] == "F"


def test_an_external_id_in_a_transform_makes_the_repeat_collide(netsuite: Account) -> None:
    netsuite.customer()
    lines = [{"item": {"id": netsuite.item()}, "quantity": 10, "rate": 100}]
    order = netsuite.write("POST", "salesOrder", {"entity": {"externalId": "CUST-1"}, "item": {"items": lines}})
    body = {"externalId": "B-1", "item": {"items": [{"orderLine": 1, "quantity": 4}]}}
    netsuite.write("POST", f"salesOrder/{order}/!transform/invoice", body)
    again = netsuite.record("POST", f"salesOrder/{order}/!transform/invoice", body)
    assert detail(again)["o:errorCode"] == "DUP_RCRD"
    assert netsuite.read("invoice")["totalResults"] == 1


def test_a_closed_period_refuses_postings_with_a_text_only(netsuite: Account) -> None:
    netsuite.customer()
    made = netsuite.invoice("I-1")
    assert netsuite.sim("POST", "periods/close", {"period": "2026-10"}).json()["closed"] is True
    for answer in (
        netsuite.record("PUT", "invoice/eid:I-2", netsuite.invoice_body()),
        netsuite.record("PATCH", f"invoice/{made}", {"item": {"items": [{"line": 1, "quantity": 1}]}}),
        netsuite.record("DELETE", f"invoice/{made}"),
        netsuite.record("PATCH", f"invoice/{made}", {"tranDate": "2026-11-02"}),
    ):
        assert answer.status_code == 400
        assert set(detail(answer)) == {"detail", "o:errorCode"} and detail(answer)["o:errorCode"] == "USER_ERROR"
        assert "closed accounting period" in detail(answer)["detail"]
    assert netsuite.record("PATCH", f"invoice/{made}", {"memo": "no books touched"}).status_code == 204
    paid = netsuite.sim("POST", "payments", {"invoice_id": made, "date": "2026-11-05"})
    assert paid.status_code == 201
    assert netsuite.rows("SELECT closed FROM accountingperiod WHERE periodname = 'Oct 2026'") == [{"closed": "T"}]
    netsuite.sim("POST", "periods/open", {"period": "2026-10"})
    assert netsuite.record("PUT", "invoice/eid:I-2", netsuite.invoice_body()).status_code == 204


def test_with_approval_routing_an_invoice_starts_pending(netsuite: Account) -> None:
    netsuite.sim("POST", "settings", {"invoice_approval_routing": True})
    netsuite.customer()
    made = netsuite.invoice("I")
    assert netsuite.read(f"invoice/{made}")["status"]["id"] == "D"
    assert netsuite.sim("POST", "payments", {"invoice_id": made}).status_code == 400
    netsuite.write("PATCH", f"invoice/{made}", {"approvalStatus": {"id": "2"}})
    assert numbers(netsuite, made)[0] == "A"
    netsuite.write("PATCH", f"invoice/{made}", {"approvalStatus": {"id": "3"}})
    assert numbers(netsuite, made)[0] == "E"


def test_what_others_depend_on_cannot_be_deleted(netsuite: Account) -> None:
    customer = netsuite.customer()
    made = netsuite.invoice("I")
    netsuite.sim("POST", "payments", {"invoice_id": made, "amount": "1"})
    for path in (f"customer/{customer}", f"invoice/{made}"):
        assert detail(netsuite.record("DELETE", path))["o:errorCode"] == "USER_ERROR"


def test_read_only_totals_cannot_be_written(netsuite: Account) -> None:
    netsuite.customer()
    made = netsuite.invoice("I", total=1, amountRemaining=0, status={"id": "B"})
    assert numbers(netsuite, made) == ("A", 0, 1500)


def test_foreign_currency_gets_a_rate_to_the_subsidiarys(netsuite: Account) -> None:
    euro = netsuite.rows("SELECT id FROM currency WHERE symbol = 'EUR'")[0]["id"]
    netsuite.customer(currency={"id": euro})
    assert netsuite.read(f"invoice/{netsuite.invoice('I-1')}")["exchangeRate"] == 1.1
    assert netsuite.read(f"invoice/{netsuite.invoice('I-2', exchangeRate=1.2)}")["exchangeRate"] == 1.2
