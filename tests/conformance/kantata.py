"""Kantata, held to every promise: tests/conformance/promised.py says what the names mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from functions.connectors.kantata.wiring import open_account
from shared.adapters.connection import Connection
from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient
from tests.conformance.promised import Connector, Cut, Documented, Shown
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Answer, Call

NOTES = "vendor notes: Kantata, Errors"
SUBJECTS = {"project": ("Workspace", "workspaces", "title"), "invoice": ("Invoice", "invoices", "message")}


def error(status: int, kind: type[Fault], ours: str, message: str = "No.", wait_s: int | None = None) -> Documented:
    body = {"errors": [{"type": "validation" if status == 422 else "system", "message": message, "field": "base"}]}
    headers = {"Retry-After": str(wait_s)} if wait_s and wait_s != 30 else {}
    return Documented(Answer(status, json.dumps(body).encode(), headers, NOTES), kind, ours, wait_s)


class Kantata(Connector):
    system = "kantata"
    writes = {"project": Call("POST", r"/api/v1/workspaces($|\?)"), "invoice": Call("POST", r"/api/v1/invoices($|\?)")}
    reads = {
        "time_entries": Call("GET", "/time_entries"),
        "expenses": Call("GET", "/expenses"),
        "milestones": Call("GET", "/stories"),
        "projects": Call("GET", "/workspaces"),
        "rate_cards": Call("GET", "/rate_card"),
        "events": Call("GET", "/subscribed_events"),
    }
    refreshes = False
    small_pages = {"page_size": 2}
    acts = {"events": "", "rate_cards": ""}
    documented = (
        error(400, BusinessException, "psa_request_invalid"),
        error(401, BusinessException, "psa_login_refused"),
        error(403, BusinessException, "psa_permission_missing"),
        error(404, BusinessException, "psa_record_missing"),
        error(422, BusinessException, "psa_refused"),
        error(422, Duplicate, "psa_already_there", "Name has already been taken"),
        error(422, BusinessException, "psa_already_invoiced", "Time entry was already invoiced"),
        error(422, BusinessException, "psa_state_conflict", "Time entry is already approved"),
        error(422, BusinessException, "psa_state_conflict", "The project is locked"),
        error(429, Throttled, "psa_busy", wait_s=30),
        error(429, Throttled, "psa_busy", wait_s=9),
        error(500, Transient, "psa_unavailable"),
        error(502, Transient, "psa_unavailable"),
        error(503, Transient, "psa_unavailable"),
        error(504, Transient, "psa_unavailable"),
    )
    partial = "a write answers the one object it made, or an error status"
    accepts = {
        "project": dict.fromkeys(
            "title creator_role currency start_date due_date description require_time_approvals"
            " require_expense_approvals workspace_group_ids rate_card_id".split()
        ),
        "invoice": dict.fromkeys(
            "workspace_id invoice_date payment_schedule message suppress_emails draft external_reference"
            " purchase_order time_entry_ids expense_ids additional_items".split()
        ),
    }
    live_records = ("project",)
    vanishes = {
        "expenses": "read by the walk of time entries, which is tried there",
        "milestones": "an accepted milestone stays",
        "projects": "a hold is a state of a project, which stays",
    }
    cuts = {"invoice.texts": Cut(250, "docs/connectors/kantata.md: what is no work of Kantata is one item")}

    def dress(self, ports: Any, connection: Connection, settings: Any, transport: Any) -> None:
        ports.psa = settings
        ports.kantata = open_account(connection, ports.slots, settings, transport)

    def revoked(self, credentials: Mapping[str, Any]) -> dict[str, Any]:
        return {**credentials, "token": "revoked-by-an-administrator"}

    def secrets(self, credentials: Mapping[str, Any]) -> tuple[str, ...]:
        return (credentials["token"],)

    def standing(self, vendor: Vendor, record: str, our_id: str, name: str) -> list[Shown]:
        subject, kind, label = SUBJECTS[record]
        references = vendor.control.records("external_references")
        ours = [row for row in references if (row["subject_type"], row["service_model_ref"]) == (subject, our_id)]
        rows = {str(row["id"]): row for row in vendor.control.records(kind)}
        return [Shown(str(row["subject_id"]), {"name": rows[str(row["subject_id"])].get(label)}) for row in ours]

    def standing_live(self, ports: Any, record: str, our_id: str, name: str) -> list[Shown]:
        rows = ports.kantata.every("/workspaces", {"search": name}, lane="poll")
        return [Shown(str(row["id"])) for row, _ in rows if our_id in str(row.get("description") or "")]

    def body_of(self, record: str, body: bytes) -> Mapping[str, Any]:
        return dict(next(iter(json.loads(body).values())))

    def vanish(self, vendor: Vendor, feed: str, thing: str) -> None:
        """An approved entry whose sheet is taken back and which is deleted then."""
        api = vendor.desk._api
        entry = api.get(f"/time_entries/{thing}", include="active_submission")["time_entries"][thing]
        sheet = entry["active_submission_id"]
        api.put(f"/timesheet_submissions/{sheet}/cancel", {"resolution": {"description": "wrong"}})
        api.call("DELETE", f"/time_entries/{thing}")


CONNECTOR = Kantata()
