"""`billweave credit`: a request to credit an invoice, and its preview."""

from __future__ import annotations

import uuid
from typing import Any

from cli.acting import acted
from cli.connection import Connection, ConnectionFailed
from cli.show import as_json, console, table

Asked = dict[str, Any]


def request_of(
    invoice: str,
    *,
    line: str | None,
    amount: str | None,
    percent: str | None,
    price: str | None,
    quantity: str | None,
    reason: str,
    rebill: bool,
    concession: bool,
    request: str | None,
    dry_run: bool,
) -> Asked:
    """What the operations function is asked. Amounts stay the texts they were typed as. Raises ConnectionFailed."""
    if rebill and concession:
        raise ConnectionFailed("a credit is rebilled or a concession, not both")
    asked: Asked = {
        "invoice": invoice,
        "lines": [line] if line else [],
        "amount": amount,
        "percent": percent.removesuffix("%").strip() if percent else None,
        "unit_price": price,
        "quantity": quantity,
        "reason": reason,
        "remedy": "concession" if concession else "rebill",
        "request_id": request or uuid.uuid4().hex,
        "dry_run": dry_run,
    }
    return {name: value for name, value in asked.items() if value is not None}


def credit(connection: Connection, asked: Asked, by: str | None, json_: bool) -> None:
    from rich.markup import escape

    found = acted(connection, by, "request-credit", "/operate/credits", asked, signs="submitter")
    if json_:
        as_json(found | {"request_id": asked["request_id"], "dry_run": asked["dry_run"]})
        return
    table("Credited lines", found["lines"], ["line", "description", "net", "whole", "rebilled_at"])
    out = console()
    out.print(f"net {found['net']}  tax {found['tax']}  gross {found['gross']} {found['currency']}")
    what = "written off" if found["remedy"] == "concession" else "open again, for a later invoice"
    out.print(f"{escape(found['reason'])}; the work is {what}")
    if asked["dry_run"]:
        out.print("nothing was written")
        return
    out.print(f"credit memo {found['memo_id']}, request {asked['request_id']}: follow it with `billweave invoices`")
