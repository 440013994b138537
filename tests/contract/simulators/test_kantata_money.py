"""Expenses, invoices in Kantata, payments and the billing schedule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.kantata_account import Account, Firm, firm, results

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def made(kantata: Account) -> Firm:
    return firm(kantata)


def _approved(made: Firm, count: int) -> list[str]:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], count)
    made.account.approve(made.workspace["id"], entries)
    return [e["id"] for e in entries]


def _invoice(made: Firm, **values: Any) -> dict[str, Any]:
    return made.account.make(
        "invoice", "invoices?include=time_entries", workspace_id=made.workspace["id"], payment_schedule=30, **values
    )


def _expense(made: Firm, token: str | None = None, **values: Any) -> dict[str, Any]:
    spent = {"date": "2026-03-04", "amount_in_cents": 4210, "category": "Travel"} | values
    return made.account.make("expense", "expenses", token, workspace_id=made.workspace["id"], **spent)


def test_invoicing_marks_entries_and_cancelling_frees_them(made: Firm) -> None:
    ids = _approved(made, 3)
    invoice = _invoice(made, time_entry_ids=ids[:2], invoice_date="2026-03-31")
    assert (invoice["time_entry_ids"], invoice["balance_in_cents"]) == (ids[:2], 30000)
    assert (invoice["due_date"], invoice["title"]) == ("2026-04-30", "Invoice #1")
    assert {r["id"] for r in made.account.rows("time_entries", invoiced="true")} == set(ids[:2])
    assert made.account.rows(f"time_entries/{ids[0]}", include="invoice")[0]["invoice_id"] == invoice["id"]
    cancelled = results(made.account.ok("PUT", f"invoices/{invoice['id']}/cancel"))[0]
    assert cancelled["status"] == "cancelled"
    assert made.account.get("time_entries", uninvoiced="true")["count"] == 3


def test_an_entry_is_on_one_invoice_only(made: Firm) -> None:
    ids = _approved(made, 1)
    _invoice(made, time_entry_ids=ids)
    body = {"invoice": {"workspace_id": made.workspace["id"], "payment_schedule": 30, "time_entry_ids": ids}}
    status, answer = made.account.refused("POST", "invoices", json=body)
    assert status == 422 and "already been invoiced" in answer["errors"][0]["message"]


def test_time_must_be_approved_to_be_invoiced(made: Firm) -> None:
    entry = made.account.entries(made.workspace["id"], made.consultants[0]["id"])[0]
    body = {"invoice": {"workspace_id": made.workspace["id"], "payment_schedule": 30, "time_entry_ids": [entry["id"]]}}
    status, answer = made.account.refused("POST", "invoices", json=body)
    assert status == 422 and "must be approved" in answer["errors"][0]["message"]


def test_an_invoice_needs_something_to_bill_and_a_project(made: Firm) -> None:
    empty = {"workspace_id": made.workspace["id"], "payment_schedule": 30}
    assert made.account.refused("POST", "invoices", json={"invoice": empty})[0] == 422
    status, answer = made.account.refused("POST", "invoices", json={"invoice": {"time_entry_ids": [1]}})
    assert (status, answer["errors"][0]["field"]) == (422, "workspace_id")


def test_put_replaces_the_list(made: Firm) -> None:
    ids = _approved(made, 3)
    invoice = _invoice(made, time_entry_ids=ids[:2])
    path = f"invoices/{invoice['id']}?include=time_entries"
    changed = results(made.account.ok("PUT", path, json={"invoice": {"time_entry_ids": ids[1:]}}))[0]
    assert changed["time_entry_ids"] == ids[1:]
    assert [r["id"] for r in made.account.rows("time_entries", uninvoiced="x")] == [ids[0]]
    kept = results(made.account.ok("PUT", path, json={"invoice": {"message": "Thank you"}}))[0]
    assert (kept["time_entry_ids"], kept["message"]) == (ids[1:], "Thank you")


def test_only_drafts_are_deleted(made: Firm) -> None:
    ids = _approved(made, 2)
    live, draft = _invoice(made, time_entry_ids=ids[:1]), _invoice(made, time_entry_ids=ids[1:], draft=True)
    assert made.account.refused("DELETE", f"invoices/{live['id']}")[0] == 422
    made.account.ok("DELETE", f"invoices/{draft['id']}")
    assert [r["id"] for r in made.account.rows("time_entries", uninvoiced="true")] == [ids[1]]
    assert draft["title"].startswith("Draft Invoice #")


def test_items_are_written_in_main_units_and_read_in_small_ones(kantata: Account, made: Firm) -> None:
    body = kantata.ok("POST", "invoices?include=additional_items", json={"invoice": {
        "workspace_id": made.workspace["id"], "payment_schedule": 0,
        "additional_items": [{"notes": "Licence", "amount": 150.25}],
    }})  # fmt: skip
    assert [i["amount_in_cents"] for i in body["additional_items"].values()] == [15025]
    yen = kantata.make("workspace", "workspaces", title="Tokyo", creator_role="maven", currency="JPY")
    body = kantata.ok("POST", "invoices?include=fixed_fee_items", json={"invoice": {
        "workspace_id": yen["id"], "payment_schedule": 0, "fixed_fee_items": [{"notes": "Fee", "amount": 500}],
    }})  # fmt: skip
    assert [i["amount_in_cents"] for i in body["fixed_fee_items"].values()] == [500]
    assert results(body)[0]["balance_in_cents"] == 500


def test_payments_reduce_the_balance_until_it_is_paid(made: Firm) -> None:
    invoice = _invoice(made, time_entry_ids=_approved(made, 2))
    pay = {"workspace_id": made.workspace["id"], "invoice_id": invoice["id"]}
    first = made.account.make("external_payment", "external_payments", **pay, amount_in_cents=10000)
    assert (first["invoice_id"], first["amount_in_cents"]) == (invoice["id"], 10000)
    part = made.account.rows(f"invoices/{invoice['id']}")[0]
    assert (part["status"], part["balance_in_cents"]) == ("new", 20000)
    over = {"external_payment": pay | {"amount_in_cents": 20001}}
    assert made.account.refused("POST", "external_payments", json=over)[0] == 422
    made.account.make("external_payment", "external_payments", **pay)
    paid = made.account.rows(f"invoices/{invoice['id']}")[0]
    assert (paid["status"], paid["balance_in_cents"]) == ("accepted payment", 0)
    assert made.account.refused("PUT", f"invoices/{invoice['id']}/cancel")[0] == 422


def test_invoice_numbers_are_numbers(made: Firm) -> None:
    ids = _approved(made, 2)
    assert _invoice(made, time_entry_ids=ids[:1], user_invoice_number=4711)["user_invoice_number"] == 4711
    assert made.account.get("invoices/next_invoice_number") == {"next_invoice_number": "4712"}
    body = {"invoice": {"workspace_id": made.workspace["id"], "payment_schedule": 1, "time_entry_ids": ids[1:],
                        "user_invoice_number": "INV1001"}}  # fmt: skip
    assert made.account.refused("POST", "invoices", json=body)[0] == 422


def test_invoice_ids_may_be_integers(made: Firm) -> None:
    invoice = _invoice(made, time_entry_ids=_approved(made, 1))
    made.account.settings(integer_invoice_ids=True)
    body = made.account.get("invoices")
    assert body["results"][0]["id"] == invoice["id"] and body["invoices"][invoice["id"]]["id"] == int(invoice["id"])


def test_an_invoice_takes_its_external_reference_inline(made: Firm) -> None:
    reference = {"service_name": "erp-x", "service_model": "Invoice", "service_model_ref": "INV1001"}
    invoice = _invoice(made, time_entry_ids=_approved(made, 1), external_reference=reference)
    found = made.account.rows("invoices", external_reference_service_model_ref="INV1001", include="external_references")
    assert [row["id"] for row in found] == [invoice["id"]] and len(found[0]["external_reference_ids"]) == 1


def test_those_without_financial_access_see_no_invoices(made: Firm) -> None:
    invoice = _invoice(made, time_entry_ids=_approved(made, 1))
    ann = made.consultants[0]["token"]
    assert made.account.get("invoices", ann)["count"] == 0
    assert made.account.get("invoices", made.manager["token"])["count"] == 1
    assert made.account.refused("PUT", f"invoices/{invoice['id']}/cancel", ann)[0] == 404


def test_expenses_say_is_billable_and_hide_approved(made: Firm) -> None:
    expense = _expense(made)
    assert expense["is_billable"] is True and "billable" not in expense and "approved" not in expense
    assert (expense["category"], expense["amount_in_cents"]) == ("Travel", 4210)
    made.account.settings(expense_approved_field=True)
    assert made.account.rows("expenses")[0]["approved"] is False


def test_expense_reports_approve_expenses(made: Firm) -> None:
    ann = made.consultants[0]
    expenses = [_expense(made, ann["token"]), _expense(made, ann["token"])]
    report = made.account.make(
        "expense_report_submission", "expense_report_submissions", ann["token"], workspace_id=made.workspace["id"],
        title="March", line_item_ids=[e["id"] for e in expenses],
    )  # fmt: skip
    assert (report["type"], report["line_item_total_in_cents"]) == ("ExpenseReportSubmission", 8420)
    path = f"expense_report_submissions/{report['id']}"
    made.account.ok("PUT", f"{path}/approve", made.manager["token"], json={"resolution": {"description": "ok"}})
    rows = made.account.rows("expenses", approved="false", include="active_submission")
    assert {row["active_submission_id"] for row in rows} == {report["id"]} and len(rows) == 2
    shown = made.account.rows(path, include="resolutions", all_on_account="true")[0]
    assert (shown["status"], len(shown["resolution_ids"])) == ("approved", 1)
    assert made.account.refused("PUT", f"expenses/{expenses[0]['id']}", json={"expense": {"notes": "x"}})[0] == 422
    made.account.ok("PUT", f"{path}/cancel", made.manager["token"], json={})
    assert made.account.get("expenses", approved="true")["count"] == 0


def test_expense_reports_of_others_show_only_when_asked(made: Firm) -> None:
    expense = _expense(made, made.consultants[0]["token"])
    made.account.make("expense_report_submission", "expense_report_submissions", made.consultants[0]["token"],
                      workspace_id=made.workspace["id"], title="M", line_item_ids=[expense["id"]])  # fmt: skip
    assert made.account.get("expense_report_submissions")["count"] == 0
    assert made.account.get("expense_report_submissions", all_on_account="true")["count"] == 1


def test_billing_milestones_are_invoiced_and_freed(made: Firm) -> None:
    wid = made.workspace["id"]
    story = made.account.make("story", "stories", title="Go live", workspace_id=wid, story_type="milestone")
    plan = made.account.make("billing_milestone", "billing_milestones", workspace_id=wid, title="50 %",
                             amount_in_cents=500000, billing_type="upon_completion", story_id=story["id"])  # fmt: skip
    invoice = _invoice(made, billing_milestone_ids=[plan["id"]])
    assert invoice["balance_in_cents"] == 500000
    row = made.account.rows(f"billing_milestones/{plan['id']}", include="invoices")[0]
    assert row["invoice_ids"] == [invoice["id"]]
    change = {"billing_milestone": {"amount_in_cents": 1}}
    assert made.account.refused("PUT", f"billing_milestones/{plan['id']}", json=change)[0] == 422
    made.account.ok("PUT", f"invoices/{invoice['id']}/cancel")
    made.account.ok("PUT", f"billing_milestones/{plan['id']}", json=change)
