"""What each reading command shows, in the words of the people who read it."""

from __future__ import annotations

import uuid
from typing import Any

from cli.connection import Connection, ConnectionFailed
from cli.show import as_json, cell, console, table

Found = dict[str, Any]


def processes(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
    elif not found:
        return
    elif not found["up"]:
        console().print("no estate is up: `billweave up` starts one")
    else:
        table("What runs", found["processes"], ["name", "pid", "url"])


def status(found: Found) -> None:
    out = console()
    out.print(f"policies {found['policies']}, legal entities {', '.join(found['legal_entities'])}")
    for name in ("approved_sources", "projects", "invoices", "open_exceptions", "counts"):
        out.print(f"{name.replace('_', ' ')}: {cell(found[name]) or 'none'}")
    table("Vendors", found["vendors"], ["account", "standing", "in_use", "slots", "waiting", "since", "until"])
    table("What waits", found["parked"], ["waiting_for", "reason", "deliveries"])


def bill(connection: Connection, asked: Found, run: str | None, json_: bool) -> None:
    done = connection.act("start-billing", asked | {"run": run or uuid.uuid4().hex[:12]})
    if json_:
        as_json(done)
    else:
        words = "started" if done["started"] else "was started before"
        console().print(f"{done['run']} {words}: follow it in Step Functions, or with `billweave invoices`")


def periods(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    console().print(
        f"closed: {', '.join(found['closed']) or 'none'}; the next invoice is dated {found['next_day']} or later"
    )
    table("Changes", found["changes"], ["month", "what", "by", "at"])


def invoices(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    numbers = {row["invoice_id"]: row["erp_number"] or row["invoice_id"] for row in found["invoices"]}
    rows = [row | _kind_of(row, numbers) for row in found["invoices"]]
    columns = ["invoice", "kind", "legal_entity", "customer", "period_end", "standing", "items", "currency"]
    table("Invoices", rows, [*columns, "net", "tax", "gross", "paid", "credited", "open"])


def _kind_of(row: Found, numbers: dict[str, str]) -> Found:
    """ "credit of INV1001": which invoice a memo is against."""
    of = row.get("credits")
    kind = f"credit of {numbers.get(of, of)}" if of else "invoice"
    return {"invoice": numbers[row["invoice_id"]], "kind": kind}


def explain(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    from rich.markup import escape

    head = found["invoice"]
    out = console()
    out.print(
        f"Invoice {head['erp_number'] or '(no number yet)'} to {escape(head['customer'])}, contract {found['contract_reference']}"
    )
    out.print(f"net {head['net']}  tax {head['tax']}  gross {head['gross']} {head['currency']}, {head['status']}")
    if head.get("credits"):
        out.print(f"credit memo against {head['credits']}: {escape(head['reason'] or '')}")
    if head.get("credited"):
        out.print(f"credited {head['credited']} {head['currency']}")
    for hold in found.get("holds", []):
        out.print(f"held now: {hold}", markup=False)
    for line in found["lines"]:
        title = escape(line["description"])
        out.print(f"\n[bold]{title}[/bold]  {line['net']} {head['currency']}  (line {line['line_id']})")
        for reason in line["chain"]:
            out.print(f"  {reason['step']:<10} {reason['words']}", markup=False)


def trace(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    rows = [event | {"what": _what(event)} for event in found["events"]]
    table(f"Timeline of {found['id']}", rows, ["at", "type", "subject", "what"])


def _what(event: Found) -> str:
    told = event["data"]
    shown = ("name", "project_name", "erp_number", "state", "worked_on", "minutes", "value", "gross", "code", "message")
    return "  ".join(f"{name} {_amount(told[name])}" for name in shown if told.get(name) not in (None, ""))


def _amount(value: object) -> str:
    return f"{value['amount']} {value['currency']}" if isinstance(value, dict) and "amount" in value else cell(value)


def audit(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    amounts = ["approved", "open", "claimed", "invoiced", "credited", "written_off", "holds"]
    table("Conservation", found["by_legal_entity"], ["legal_entity", "currency", *amounts])
    broken = [row for row in found["by_project"] if not row["holds"]]
    if broken:
        table("Broken", broken, ["legal_entity", "project_id", "currency", *amounts])


def audit_log(found: Found, json_: bool) -> None:
    if json_:
        as_json(found)
        return
    table("Audit log", found["chains"], ["chain", "entries", "broken", "at_entry", "holds"])
    table("Newest entries", found["newest"], ["at", "who", "what", "subject", "why"])


def exceptions(found: Found, json_: bool) -> None:
    """Facts and subject are in `exceptions show`: a table of sentences is read by nobody."""
    if json_:
        as_json(found)
        return
    rows = [row | {"since": minute(row["raised_at"]), "until": minute(row["due_at"])} for row in found["exceptions"]]
    columns = ["exception_id", "type", "owner", "severity", "since", "until", "status", "actions", "message"]
    table("Exceptions", rows, columns)


def minute(instant: str) -> str:
    """To the minute, UTC, as people write it."""
    return instant[:16].replace("T", " ")


def exception_of(connection: Connection, exception_id: str) -> Found:
    every = connection.read("/exceptions")["exceptions"]
    found: Found | None = next((each for each in every if each["exception_id"] == exception_id), None)
    if found is None:
        raise ConnectionFailed(f"no exception {exception_id}: `billweave exceptions list --all` shows them")
    return dict(found)
