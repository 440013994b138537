"""Invoices in Kantata: they take time, expenses and billing milestones, and free them when cancelled.

Item amounts are written in main units (`amount` 150.00) and read in smallest units (`amount_in_cents` 15000).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.derived import expense_approved, time_approved
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import day, id_list, id_or_none, required, truth, whole
from sandbox.kantata.money import units, worth

_LISTS = {"time_entry_ids": "time_entries", "expense_ids": "expenses", "billing_milestone_ids": "billing_milestones"}
_ITEMS = {"fixed_fee_items": "fixed_fee_items", "additional_items": "additional_items"}
_TEXTS = ("message", "purchase_order", "project_code", "user_invoice_title")


def create(call: Call, body: Record) -> Record:
    workspaces = _workspaces(call, body)
    if not any(body.get(name) for name in (*_LISTS, *_ITEMS)):
        raise invalid("base", "An invoice needs at least one time entry, expense, fixed fee item, additional item or "
                              "billing milestone")  # fmt: skip
    required(body, "payment_schedule")
    currencies = {w["currency"] for w in workspaces}
    if len(currencies) > 1:
        raise invalid("workspace_ids", "Projects must have the same currency")
    on = day(body, "invoice_date") if body.get("invoice_date") else call.clock.today()
    record: Record = {
        "workspace_ids": [w["id"] for w in workspaces], "currency": currencies.pop(), "status": "new",
        "draft": truth(body.get("draft", False)), "invoice_date": on, "tax_rate": 0.0, "paid_in_cents": 0,
        "user_invoice_number": _number(call, body), "user_id": call.viewer.user_id, "recipient_id": None,
        "time_entry_ids": [], "expense_ids": [], "billing_milestone_ids": [],
    } | {name: body.get(name) for name in _TEXTS} | _terms(body, on)  # fmt: skip
    wanted = {name: _free(call, name, id_list(body, name), record, None) for name in _LISTS}
    made = call.insert("invoices", record | wanted | {"balance_in_cents": 0}, verb="")
    _add_items(call, made, body)
    made = call.book.get("invoices", made["id"]) or made
    made = made | {"balance_in_cents": _balance(call, made)}
    call.book.put("invoices", made)
    call.announce("invoices", "created", made)
    _hold(call, made, {name: ([], made[name]) for name in _LISTS})
    return made


def _workspaces(call: Call, body: Record) -> list[Record]:
    ids = id_list(body, "workspace_ids") or [i for i in [id_or_none(body, "workspace_id")] if i]
    if not ids:
        raise invalid("workspace_id", "Either workspace_id or workspace_ids is required")
    found = [call.linked("workspaces", i, "workspace_id") for i in ids]
    if not all(call.viewer.sees_money(w["id"]) for w in found):
        raise forbidden()
    return found


def next_number(call: Call) -> int:
    return max((row["user_invoice_number"] for row in call.book.all("invoices")), default=0) + 1


def _number(call: Call, body: Record) -> int:
    if body.get("user_invoice_number") in (None, ""):
        return next_number(call)
    return whole(body, "user_invoice_number", least=1)


def _terms(body: Record, on: str) -> Record:
    days = whole(body, "payment_schedule", least=0)
    due = day(body, "due_date") if body.get("due_date") else (date.fromisoformat(on) + timedelta(days)).isoformat()
    return {"payment_schedule": days, "due_date": due}


_APPROVED: dict[str, Callable[[Call, Record], bool]] = {
    "time_entry_ids": time_approved,
    "expense_ids": expense_approved,
    "billing_milestone_ids": lambda call, record: True,
}


def _free(call: Call, name: str, ids: list[str], invoice: Record, own: str | None) -> list[str]:
    """The ids, each of a project of the invoice, approved and on no other invoice. Raises 422 naming the first."""
    for record_id in ids:
        line = call.linked(_LISTS[name], record_id, name)
        if line["workspace_id"] not in invoice["workspace_ids"]:
            raise invalid(name, f"{record_id} belongs to another project")
        if line["invoice_id"] not in (None, own):
            raise invalid(name, f"{record_id} has already been invoiced")
        if not _APPROVED[name](call, line):
            raise invalid(name, f"{record_id} must be approved before it is invoiced")
    return ids


def _add_items(call: Call, invoice: Record, body: Record) -> None:
    for name, key in _ITEMS.items():
        for item in body.get(name) or []:
            required(item, "amount")
            story = call.linked("stories", item["story_id"], "story_id") if item.get("story_id") else None
            workspace = id_or_none(item, "workspace_id") or invoice["workspace_ids"][0]
            call.insert(key, {
                "invoice_id": invoice["id"], "notes": item.get("notes"), "currency": invoice["currency"],
                "amount_in_cents": units(item["amount"], invoice["currency"], "amount"),
                "taxable": truth(item.get("taxable", False)), "workspace_id": int(workspace),
                "story_id": int(story["id"]) if story else None,
            })  # fmt: skip


def _balance(call: Call, invoice: Record) -> int:
    entries = (call.known("time_entries", i) for i in invoice["time_entry_ids"])
    total = sum(worth(e["time_in_minutes"], e["rate_in_cents"]) for e in entries)
    for key, ids in (("expenses", "expense_ids"), ("billing_milestones", "billing_milestone_ids")):
        total += sum(call.known(key, i)["amount_in_cents"] for i in invoice[ids])
    for key in _ITEMS.values():
        total += sum(row["amount_in_cents"] for row in call.book.with_value(key, "invoice_id", invoice["id"]))
    return int(total) - int(invoice["paid_in_cents"])


def _hold(call: Call, invoice: Record, moves: dict[str, tuple[list[str], list[str]]]) -> None:
    """Frees the lines of the old list that are not on the new one, takes those that are new."""
    for name, (old, new) in moves.items():
        for record_id in old:
            if record_id not in new:
                _mark(call, name, record_id, None)
        for record_id in new:
            if record_id not in old:
                _mark(call, name, record_id, invoice["id"])


def _mark(call: Call, name: str, record_id: str, invoice_id: str | None) -> None:
    line = call.book.get(_LISTS[name], record_id)
    if line is None:
        return
    changes: Record = {"invoice_id": invoice_id}
    if name == "billing_milestone_ids":
        changes |= {"invoice_ids": [invoice_id] if invoice_id else [], "status": _billed(invoice_id)}
    call.update(_LISTS[name], line, changes)


def _billed(invoice_id: str | None) -> str:
    return "invoiced" if invoice_id else "not_invoiced"


def _check_money(call: Call, record: Record) -> None:
    if not all(call.viewer.sees_money(w) for w in record["workspace_ids"]):
        raise forbidden()


def update(call: Call, record: Record, body: Record) -> Record:
    """A list named in the body replaces the one there was."""
    _check_money(call, record)
    if record["status"] != "new":
        raise invalid("status", f"An invoice that is {record['status']} cannot be changed")
    changes: Record = {name: body[name] for name in _TEXTS if name in body}
    if "draft" in body:
        changes["draft"] = truth(body["draft"])
    if "user_invoice_number" in body:
        changes["user_invoice_number"] = whole(body, "user_invoice_number", least=1)
    if {"invoice_date", "payment_schedule", "due_date"} & body.keys():
        on = day(body, "invoice_date") if body.get("invoice_date") else record["invoice_date"]
        changes |= {"invoice_date": on} | _terms({"payment_schedule": record["payment_schedule"]} | body, on)
    lists = {name: _free(call, name, id_list(body, name), record, record["id"]) for name in _LISTS if name in body}
    for name, key in _ITEMS.items():
        if name in body:
            for row in call.book.with_value(key, "invoice_id", record["id"]):
                call.remove(key, row)
    _add_items(call, record, body)
    changed = record | changes | lists
    changed = call.update("invoices", record, changes | lists | {"balance_in_cents": _balance(call, changed)})
    _hold(call, changed, {name: (record[name], changed[name]) for name in lists})
    return changed


def cancel(call: Call, record: Record) -> Record:
    """Keeps the invoice, frees what was on it."""
    _check_money(call, record)
    if record["status"] != "new" or record["draft"]:
        raise invalid("status", "Only an active invoice that is not paid can be cancelled")
    changed = call.update("invoices", record, {"status": "cancelled", "balance_in_cents": 0})
    _hold(call, changed, {name: (record[name], []) for name in _LISTS})
    return changed


def delete(call: Call, record: Record) -> None:
    _check_money(call, record)
    if not record["draft"]:
        raise invalid("base", "Only draft invoices can be deleted; cancel this invoice instead")
    _hold(call, record, {name: (record[name], []) for name in _LISTS})
    call.remove("invoices", record)


def create_payment(call: Call, body: Record) -> Record:
    """A payment made elsewhere; without an amount, the whole balance. The invoice is paid when nothing is left."""
    required(body, "invoice_id", "workspace_id")
    invoice = call.linked("invoices", body["invoice_id"], "invoice_id")
    _check_money(call, invoice)
    if str(body["workspace_id"]) not in invoice["workspace_ids"]:
        raise invalid("workspace_id", "The invoice belongs to another project")
    if invoice["draft"] or invoice["status"] != "new":
        raise invalid("invoice_id", "The invoice cannot take a payment")
    balance = invoice["balance_in_cents"]
    amount = whole(body, "amount_in_cents", least=1) if body.get("amount_in_cents") not in (None, "") else balance
    if amount > balance:
        raise invalid("amount_in_cents", "Amount is more than the balance of the invoice")
    made = call.insert("external_payments", {
        "user_id": call.viewer.user_id, "amount_in_cents": amount, "message": body.get("message"),
        "invoice_id": invoice["id"], "workspace_id": str(body["workspace_id"]),
    })  # fmt: skip
    call.update("invoices", invoice, {
        "balance_in_cents": balance - amount, "paid_in_cents": invoice["paid_in_cents"] + amount,
        "status": "accepted payment" if amount == balance else "new",
    })  # fmt: skip
    return made
