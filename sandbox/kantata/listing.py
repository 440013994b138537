"""Lists with what is particular to some: a parameter that must be there, collapsed events, faulty deliveries."""

from __future__ import annotations

import random
from typing import Any

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import bad_request
from sandbox.kantata.filters import parse_flag
from sandbox.kantata.present import Presenter
from sandbox.kantata.query import cut, matching
from sandbox.kantata.shape import Kind
from sandbox.kit.faults import FaultPlan

# duplicate_delivery: each row of the page is given twice. shuffle_delivery: the page in no order.
LIST_FAULTS = frozenset({"duplicate_delivery", "shuffle_delivery"})
_NEEDS_SUBJECT_TYPE = ("external_references", "custom_field_values")


def list_page(call: Call, kind: Kind, plan: FaultPlan) -> dict[str, Any]:
    if kind.key in _NEEDS_SUBJECT_TYPE and not call.params.get("subject_type"):
        raise bad_request("subject_type is required")
    rows = matching(call, kind)
    if kind.key == "subscribed_events":
        rows = _collapsed(call, rows)
    page = cut(call.params, rows)
    fault = plan.take("GET", f"/api/v1/{kind.key}", LIST_FAULTS)
    shown = list(page.rows)
    if fault and fault.action == "duplicate_delivery":
        shown = [row for row in shown for _ in range(2)]
    elif fault:
        random.Random(fault.hits).shuffle(shown)
    return Presenter(call).answer(kind.key, shown, count=page.total, page_size=page.size, page_number=page.number)


def _collapsed(call: Call, rows: list[Record]) -> list[Record]:
    """`most_recent`: one event of each subject; `most_recent_by_event_type`: one of each subject and type."""
    params = call.params
    if params.get("subject_id") and not params.get("subject_type"):
        raise bad_request("subject_type is required with subject_id")
    by_subject, by_type = (parse_flag(params.get(n, "")) for n in ("most_recent", "most_recent_by_event_type"))
    if by_subject and by_type:
        raise bad_request("most_recent and most_recent_by_event_type cannot be used together")
    if not by_subject and not by_type:
        return rows
    newest: dict[tuple[str, str], Record] = {}
    for row in rows:
        key = (row["subject"], row["event_type"] if by_type else "")
        kept = newest.get(key)
        if kept is None or (row["subject_changed_at"], int(row["id"])) > (kept["subject_changed_at"], int(kept["id"])):
            newest[key] = row
    chosen = {row["id"] for row in newest.values()}
    return [row for row in rows if row["id"] in chosen]
