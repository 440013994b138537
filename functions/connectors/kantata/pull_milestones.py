"""The milestones feed: milestone tasks that delivery completed, accepted by somebody or not yet.

Acceptance by a custom field need not move the milestone's own change time, so completed ones that wait for it are read
again by id with each scan.
"""

from __future__ import annotations

from datetime import datetime

from events.envelope import AnyEnvelope
from events.milestone_completed.v1 import MilestoneCompleted
from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.custom_fields import field_value
from functions.connectors.kantata.feed import LANE, Feed, pull, readable, record
from functions.connectors.kantata.mapping import UNREADABLE, event_of
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.reading import instant, ref
from functions.connectors.kantata.settings import SYSTEM, MilestoneRule
from shared.domain.identity import canonical_id
from shared.faults import Poison

INCLUDE = "workspace,custom_field_values"
WAITING = f"{SYSTEM}:milestones:waiting"
Acceptance = tuple[str | None, datetime | None]


def to_event(row: Row, page: Page, ports: KantataPorts) -> AnyEnvelope | None:
    """None until it is completed. Raises Poison("milestone_unreadable")."""
    rule = ports.psa.milestones
    if str(row.get("state", "")).lower() not in {state.lower() for state in rule.completed}:
        return None
    try:
        scope = ports.policies.current().identity_scope
        milestone_id = canonical_id(scope, SYSTEM, "milestone", str(row["id"]))
        changed_at = instant(row["updated_at"])
        approver, approved_at = acceptance(row, page, rule)
        data = MilestoneCompleted(
            milestone_id=milestone_id,
            ref=ref("milestone", row["id"]),
            project_ref=ref("workspace", row["workspace_id"]),
            name=str(row["title"]),
            completed_on=changed_at.date(),
            approver=approver,
            approved_at=approved_at,
        )
        return event_of(data, milestone_id, row, scope, at=max(changed_at, approved_at or changed_at))
    except UNREADABLE as exc:
        raise Poison("milestone_unreadable", story=str(row.get("id", ""))) from exc


def acceptance(row: Row, page: Page, rule: MilestoneRule) -> Acceptance:
    """(who, when) accepted it. A field that holds a date says when; who is then the one who filled it in."""
    if rule.by == "state":
        accepted = str(row.get("state", "")).lower() in {state.lower() for state in rule.accepted}
        return (f"{SYSTEM} status {row['state']}", instant(row["updated_at"])) if accepted else (None, None)
    value = field_value(row, page, rule.field)
    if value is None or not value.on:
        return None, None
    who = f"{SYSTEM} user {value.setter}" if value.setter else f"{rule.field} {value.text}"
    return (who if value.is_date else value.text), value.changed_at or instant(row["updated_at"])


FEED = Feed(
    "milestones",
    "/stories",
    {"story_type": "milestone", "show_from_archived_workspaces": True, "show_archived": True, "include": INCLUDE},
    to_event,
)


def pull_milestones(ports: KantataPorts) -> int | None:
    waiting = dict(ports.cursors.read(WAITING))
    seen: dict[str, bool] = {}
    due = pull(_noting(seen), ports)
    ids = [id_ for id_ in waiting.get("ids", ()) if id_ not in seen]
    if ids and due is None:
        _read_again(ids, seen, ports)
    still = sorted(
        {*(id_ for id_ in waiting.get("ids", ()) if seen.get(id_, True)), *(i for i, w in seen.items() if w)}
    )
    if still != list(waiting.get("ids", ())):
        ports.cursors.write(WAITING, {"ids": still}, expected=waiting)
    return due


def _noting(seen: dict[str, bool]) -> Feed:
    """The feed, noting per milestone whether it is completed and waits for its acceptance."""

    def noted(row: Row, page: Page, ports: KantataPorts) -> AnyEnvelope | None:
        event = to_event(row, page, ports)
        seen[str(row["id"])] = event is not None and event.data.approver is None
        return event

    return Feed(FEED.name, FEED.path, FEED.params, noted)


def _read_again(ids: list[str], seen: dict[str, bool], ports: KantataPorts) -> None:
    params = {**FEED.params, "only": ",".join(ids[: ports.kantata.page_size])}
    page = ports.kantata.page(FEED.path, params, lane=LANE)
    noting = _noting(seen)
    events = readable(FEED.name, page.rows, lambda row: noting.to_event(row, page, ports), ports)
    record(FEED.name, [event for event in events if event.data.approver is not None], ports)
    seen.update({id_: False for id_ in ids if id_ not in seen})
