"""The change feed: one event for each change of a kind that has event types.

Faults that act when an event is made, `path` being searched in the event type:
- late_event {"seconds", "hold_seconds"?}: created that much after the change; `hold_seconds` keeps it out of lists
  for longer still, so that it turns up behind a poller's cursor
- duplicate_event: made twice, the second with an id of its own
- lose_event: never made (the vendor promises none of this; it is for reconciliation tests)
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.kantata.book import Book, Record
from sandbox.kantata.clock import pacific, shifted
from sandbox.kantata.kinds import KINDS
from sandbox.kantata.settings import Settings
from sandbox.kantata.shape import Kind
from sandbox.kit.faults import FaultPlan

ACCOUNT_ID = 3
EVENT_FAULTS = frozenset({"late_event", "duplicate_event", "lose_event"})


def event_types() -> list[str]:
    """Every type this vendor's feed can hold, as `GET /subscribed_events/event_types` lists them."""
    types = {f"{kind.event}:{verb}" for kind in KINDS.values() if kind.event for verb in kind.verbs}
    types |= {"timesheet:time_entry_added", "expense_report:expense_added"}
    for prefix in ("workspace", "story", "user", "workspace_group", "workspace_resource"):
        types |= {f"{prefix}:custom_field_value_{verb}" for verb in ("created", "updated", "deleted")}
    types |= {f"workspace_approver:{verb}" for verb in ("created", "deleted", "updated")}
    return sorted(types)


def payload(kind: Kind, record: Record | None) -> dict[str, Any] | None:
    """The record's own fields and links, instants in Pacific time."""
    if record is None:
        return None
    names = {"id", *kind.fields, *(assoc.source for assoc in kind.assocs if assoc.source)} & record.keys()
    return {
        name: pacific(record[name]) if name.endswith("_at") and record[name] else record[name] for name in sorted(names)
    }


class Feed:
    def __init__(self, book: Book, settings: Settings, plan: FaultPlan) -> None:
        self._book, self._settings, self._plan = book, settings, plan
        self._made = 0

    def add(
        self, kind: Kind, verb: str, before: Record | None, after: Record | None, user_id: str, at: str, now: str,
    ) -> None:  # fmt: skip
        """`before`/`after`: the record around the change, one of them None when it was made or deleted.
        at: the change as the record tells it; now: the clock, from which the lag counts."""
        event_type = f"{kind.event}:{verb}"
        fault = self._plan.take("EVENT", event_type, EVENT_FAULTS)
        if fault and fault.action == "lose_event":
            return
        late = fault.params if fault and fault.action == "late_event" else {}
        created = shifted(now, timedelta(seconds=float(late.get("seconds", self._settings.event_lag_s))))
        hold = float(late.get("hold_seconds", self._settings.event_hold_s))
        record = after or before
        assert record is not None
        event = {
            "event_type": event_type, "subject_type": kind.subject, "subject_id": int(record["id"]),
            "subject": f"{kind.subject}:{record['id']}", "subject_changed_at": at, "created_at": created,
            "visible_at": shifted(created, timedelta(seconds=hold)), "user_id": int(user_id),
            "account_id": ACCOUNT_ID, "context_workspace_id": _workspace(kind, record),
            "before": payload(kind, before), "after": payload(kind, after),
        }  # fmt: skip
        self._made += 1
        every = self._settings.event_duplicate_every
        twice = bool(fault and fault.action == "duplicate_event") or bool(every and self._made % every == 0)
        for _ in range(2 if twice else 1):
            self._book.put("subscribed_events", event | {"id": self._book.new_id("subscribed_events")})


def _workspace(kind: Kind, record: Record) -> int | None:
    if kind.key == "workspaces":
        return int(record["id"])
    workspace = record.get("workspace_id") or next(iter(record.get("workspace_ids") or ()), None)
    return int(workspace) if workspace else None
