"""The events feed: approvals taken back and records deleted, which the lists of approved work do not show.

Kantata's events come twice, late and out of order: they only say where to look. Each subject is read again, and what was
told of it as approved and is so no more is told as withdrawn. Approved work is left to its own feed.
Source: docs/connectors/kantata.md, "Events".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from events.envelope import AnyEnvelope, EventData
from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.feed import LANE, move, readable, record, stamp
from functions.connectors.kantata.mapping import State, expense_event, time_event
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.reading import instant, micros
from functions.connectors.kantata.settings import SYSTEM
from functions.connectors.kantata.walk import Place, fresh_rows, next_place, settled
from shared.domain.identity import canonical_id, derived_id
from shared.runtime.told import last_of

CURSOR = f"{SYSTEM}:events"
HORIZON = timedelta(days=9)
"""Kantata keeps events nine days."""
YOUNG = timedelta(seconds=5)
"""An event this young is left for later: the approval it takes back may have been told a moment ago, and the log's index
shows what was written a moment after."""


@dataclass(frozen=True)
class Subject:
    """One kind of record that events are about: where it is read, what shows that it is billable."""

    kind: str
    path: str
    sides: str
    billable: str
    event: Callable[[Row, Page, str, State], AnyEnvelope]


SUBJECTS: dict[str, Subject] = {
    "TimeEntry": Subject("time_entry", "/time_entries", "user,workspace,story,role", "billable", time_event),
    "Expense": Subject("expense", "/expenses", "user,workspace,active_submission", "is_billable", expense_event),
}
SOON_S = 2
TYPES = "time_entry:updated,time_entry:deleted,expense:updated,expense:deleted"


def pull_events(ports: KantataPorts) -> int | None:
    """One page of events, and one read per kind of subject on it."""
    cursor = dict(ports.cursors.read(CURSOR))
    now = ports.clock.now()
    place = Place.read(cursor, now - HORIZON)
    params = {"created_after": stamp(place), "event_types": TYPES, "order": "created_at:asc", "include": "subject"}
    page = ports.kantata.page("/subscribed_events", params, lane=LANE, page=place.page)
    ready, left = fresh_rows(page, place, "created_at")
    young = [row for row in ready if _young(row, page)]
    old = [row for row in ready if row not in young]
    unsettled = {key for kind in SUBJECTS for key in _withdraw(kind, old, ports)}
    handled = [row for row in old if _key(row) not in unsettled]
    left = [*left, *young, *(row for row in old if _key(row) in unsettled)]
    overlap = timedelta(minutes=ports.psa.events_overlap_minutes)
    following, due = next_place(
        place, page, handled, left, "created_at", size=ports.kantata.page_size, overlap=overlap, now=now
    )
    due = SOON_S if left else due
    return due if move(CURSOR, cursor, following, ports) else None


def _key(row: Row) -> tuple[str, str]:
    return str(row["subject_type"]), str(row["subject_id"])


def _young(row: Row, page: Page) -> bool:
    age = page.answered_at - instant(row["created_at"]) if page.answered_at else YOUNG
    return timedelta(0) <= age < YOUNG


def _withdraw(kind: str, rows: list[Row], ports: KantataPorts) -> set[tuple[str, str]]:
    """Tells what is withdrawn among the subjects of this kind. Returns those that may still change within the second."""
    changes: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: instant(row["subject_changed_at"])):
        if row["subject_type"] == kind:
            changes[str(row["subject_id"])] = row
    if not changes:
        return set()
    subject = SUBJECTS[kind]
    params = {"only": ",".join(sorted(changes)), "from_archived_workspaces": True, "include": subject.sides}
    page = ports.kantata.page(subject.path, params, lane=LANE)
    found = {str(row["id"]): row for row in page.rows}
    waiting = {(kind, id_) for id_, row in found.items() if not settled(row, page, "updated_at")}
    pending = [change for id_, change in changes.items() if (kind, id_) not in waiting]

    def told(change: Row) -> AnyEnvelope | None:
        return _withdrawal(subject, change, found.get(str(change["subject_id"])), page, ports)

    record("events", readable("events", pending, told, ports), ports)
    return waiting


def _withdrawal(subject: Subject, change: Row, row: Row | None, page: Page, ports: KantataPorts) -> AnyEnvelope | None:
    """None for what is approved, or was never told as approved."""
    if row is not None and _stands(subject, row, page):
        return None
    scope = ports.policies.current().identity_scope
    told = ports.event_log.of_subject(canonical_id(scope, SYSTEM, subject.kind, str(change["subject_id"])))
    last = last_of(told, "time.approved", "expense.approved")
    if last is None or last.data.state == "withdrawn":
        return None
    if row is not None:
        return subject.event(row, page, scope, "withdrawn")
    return _gone(last, change)


def _stands(subject: Subject, row: Row, page: Page) -> bool:
    """Approved and billable. An expense shows its approval only through its expense report."""
    report = page.side("expense_report_submissions", row.get("active_submission_id"))
    return bool(row.get(subject.billable, True)) and bool(row.get("approved", report.get("status") == "approved"))


def _gone(last: AnyEnvelope, change: Row) -> AnyEnvelope:
    """Deleted or no longer to be seen: what was told last, withdrawn, at the time of that change."""
    changed_at = instant(change["subject_changed_at"])
    number = max(micros(changed_at), last.sequence + 1)
    data: EventData = last.data.model_copy(update={"state": "withdrawn", "approved_at": None, "approver": None})
    event_id = derived_id("event", last.type, last.subject, str(number))
    return last.model_copy(update={"id": event_id, "time": changed_at, "sequence": number, "data": data})
