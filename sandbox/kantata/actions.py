"""Endpoints that are not plain create, read, update or delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.kantata import invoices, rate_cards, references, submissions
from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden
from sandbox.kantata.feed import event_types
from sandbox.kantata.kinds import KINDS
from sandbox.kantata.present import Presenter

Action = Callable[[Call, list[str], Record], dict[str, Any]]
_BULK = {"timesheet_approvals": "approve", "timesheet_rejections": "reject", "timesheet_cancellations": "cancel"}


def find(method: str, resource: str, rest: list[str]) -> Action | None:
    if resource in submissions.LINES and method == "PUT" and len(rest) == 2 and rest[1] in submissions.OUTCOMES:
        return lambda call, path, body: _resolve(call, resource, path[0], path[1], body)
    if resource in _BULK and method == "POST" and not rest:
        return lambda call, path, body: _resolve_many(call, _BULK[resource], body)
    return _FIXED.get((method, resource, *(part if not part.isdigit() else "#" for part in rest)))


def _resolve(call: Call, key: str, record_id: str, action: str, body: Record) -> dict[str, Any]:
    changed, _ = submissions.resolve(call, key, call.find(key, record_id), action, body)
    return Presenter(call).answer(key, [changed])


def _resolve_many(call: Call, action: str, body: Record) -> dict[str, Any]:
    """The contract gives `resolutions` as a list, its prose as a map like all others; a setting says which."""
    made = submissions.resolve_many(call, "timesheet_submissions", action, body)
    answer = Presenter(call).answer("resolutions", made)
    if call.settings.resolutions_as == "array":
        answer["resolutions"] = [answer["resolutions"][row["id"]] for row in made]
    return answer


def _me(call: Call, rest: list[str], body: Record) -> dict[str, Any]:
    return Presenter(call).answer("users", [call.viewer.user])


def _create_or_update(call: Call, rest: list[str], body: Record) -> dict[str, Any]:
    made = references.create_or_update(call, body.get("external_reference") or {})
    return Presenter(call).answer("external_references", [made])


def _cancel_invoice(call: Call, rest: list[str], body: Record) -> dict[str, Any]:
    return Presenter(call).answer("invoices", [invoices.cancel(call, call.find("invoices", rest[0]))])


def _next_number(call: Call, rest: list[str], body: Record) -> dict[str, Any]:
    return {"next_invoice_number": str(invoices.next_number(call))}


def _publish(call: Call, rest: list[str], body: Record) -> dict[str, Any]:
    record = rate_cards.publish(call, call.find("rate_card_set_versions", rest[0]))
    return Presenter(call).answer("rate_card_set_versions", [record])


def _event_types(call: Call, rest: list[str], body: Record) -> dict[str, Any]:
    if not call.viewer.is_admin:
        raise forbidden()
    schemas = {}
    prefixes = {kind.event: kind for kind in KINDS.values() if kind.event}
    for name in event_types():
        kind = prefixes.get(name.partition(":")[0])
        names = ("id", *kind.fields) if kind else ("id",)
        schemas[name] = {
            "name": name, "description": "", "fields": {f: {"name": f, "type": "", "description": ""} for f in names},
        }  # fmt: skip
    return {"subscribed_event_types": list(schemas), "subscribed_event_type_schemas": schemas}


_FIXED: dict[tuple[str, ...], Action] = {
    ("GET", "users", "me"): _me,
    ("POST", "external_references", "create_or_update"): _create_or_update,
    ("GET", "invoices", "next_invoice_number"): _next_number,
    ("PUT", "invoices", "#", "cancel"): _cancel_invoice,
    ("PUT", "rate_card_set_versions", "#", "publish"): _publish,
    ("GET", "subscribed_events", "event_types"): _event_types,
}
