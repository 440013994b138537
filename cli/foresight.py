"""Previews, what-ifs and applied amendments as finance and delivery read them."""

from __future__ import annotations

from typing import Any

from cli.show import as_json, console, table

Found = dict[str, Any]


def preview(found: Found, json_: bool) -> None:
    from rich.markup import escape

    if json_:
        as_json(found)
        return
    number = found["contract_reference"] or "without a number"
    console().print(f"Contract {number}, {escape(found['project'])}, through {found['through']}")
    for number, invoice in enumerate(found["invoices"], start=1):
        _invoice(number, invoice, found["currency"])
    if not found["invoices"]:
        console().print("Nothing would be billed.")
    table("Not billed", found["not_billed"], ["what", "date", "description", "value", "reason"])
    if found["waiting"]:
        table("Waiting", found["waiting"], ["waiting_for", "reason", "deliveries"])


def _invoice(number: int, invoice: Found, currency: str) -> None:
    title = f"{invoice['kind'].replace('_', ' ')} {number} to {invoice['customer']}"
    if invoice["refused"]:
        facts = ", ".join(f"{name} {value}" for name, value in invoice["refused"]["facts"].items())
        console().print(f"{title}: cannot be priced, {invoice['refused']['code']} ({facts})", markup=False)
        return
    rows = [line | {"tax": f"{line['tax_category']} {line['tax_rate']} %"} for line in invoice["lines"]]
    table(title, rows, ["line_id", "description", "quantity", "unit", "unit_price", "net", "tax"])
    due = f"issued {invoice['issued_on']}, due {invoice['due_on']}"
    approval = ", needs approval" if invoice["needs_approval"] else ""
    amounts = f"net {invoice['net']}  tax {invoice['tax']}  gross {invoice['gross']} {currency}"
    console().print(f"{amounts}, {due}{approval}\n", markup=False)


EFFECTS: dict[str, tuple[str, list[str]]] = {
    "open_items": ("Open work", ["worked_on", "description", "becomes", "value_before", "value_after", "why"]),
    "drafts": ("Begun invoices, which finish as they began", ["invoice_id", "status", "items", "difference"]),
    "instalments": (
        "Instalments",
        ["instalment_id", "line_id", "due_before", "due_after", "value_before", "value_after", "billed"],
    ),
    "caps": (
        "Caps",
        [
            "line_id",
            "unit",
            "cap_before",
            "cap_after",
            "used",
            "open",
            "remaining_before",
            "remaining_after",
            "above_after",
        ],
    ),
    "backlog": (
        "Backlog",
        [
            "description",
            "signed_before",
            "signed_after",
            "delivered",
            "remaining_before",
            "remaining_after",
            "over_after",
        ],
    ),
    "plan": (
        "Plan of credit and rebill, for review",
        ["erp_number", "status", "worked_on", "description", "credit", "rebill", "difference"],
    ),
}


def effect(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    words = f"Amendment {found['amendment_id']}, effective {found['effective_on']}: {found['words']}"
    console().print(words, markup=False)
    for name, (title, columns) in EFFECTS.items():
        table(title, found[name], columns)
    if found["plan"]:
        console().print(f"the plan bills {found['plan_difference']} {found['currency']} more than was billed")


def amended(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    effect(found["effect"], False)
    words = {"new": "applied", "duplicate": "was applied before", "dry_run": "dry run: nothing was written"}
    done = f"open items corrected: {found['corrected']}, waiting deliveries released: {found['released']}"
    console().print(f"{words[found['applied']]}; {done}")
