"""The time_entries feed: the days of timecard splits, approved and billable or taken back.

A week that crosses a month's end has several splits, and a split tells only its part of the week: which hours were worked
on which day stands on its time dates, read for the splits of a page at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from events.envelope import AnyEnvelope
from functions.connectors.certinia.approvals import after_all
from functions.connectors.certinia.feed import LANE, Feed, pull
from functions.connectors.certinia.mapping import entry_id, stands, time_event
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import ASSIGNMENT, HEADER, splits, time_dates
from functions.connectors.certinia.reading import Row, changed_at
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import portions


def days_of(rows: Sequence[Row], ports: CertiniaPorts) -> Sequence[Row]:
    """The splits' days, each with its split: of several time dates for one day the one that is not deleted."""
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for day in _time_dates([record_id(row["Id"]) for row in rows], ports):
        of_split, on = found[record_id(day["pse__Timecard__c"])], str(day["pse__Date__c"])
        if on not in of_split or of_split[on]["IsDeleted"]:
            of_split[on] = day
    return [{**row, "day": day} for row in rows for day in found[record_id(row["Id"])].values()]


def _time_dates(split_ids: Sequence[str], ports: CertiniaPorts) -> Iterator[Row]:
    for portion in portions(split_ids):
        yield from ports.org.read(time_dates(portion), lane=LANE, deleted=True).rows


def to_event(day: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    """None for what is not approved, or on an invoice already."""
    if not _stands(day, ports) or day.get("pse__Invoiced__c"):
        return None
    return time_event(day, ports.policies.current().identity_scope, ports.psa)


def after(day: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    scope = ports.policies.current().identity_scope
    invoiced = (lambda: time_event(day, scope, ports.psa)) if _stands(day, ports) else None
    return after_all(entry_id(day, scope), invoiced, changed_at(day, ASSIGNMENT, HEADER), ports)


def _stands(day: Row, ports: CertiniaPorts) -> bool:
    worked = day["day"]
    return bool(worked["pse__Hours__c"]) and not worked["IsDeleted"] and stands(day, ports.psa)


FEED = Feed("time_entries", splits, to_event, after, days_of)


def pull_time(ports: CertiniaPorts) -> int | None:
    return pull(FEED, ports)
