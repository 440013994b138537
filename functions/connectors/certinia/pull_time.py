"""The time_entries feed: the days of timecard splits, approved and billable or taken back.

A week that crosses a month's end has several splits, and a split tells only its part of the week: which hours were worked
on which day stands on its time dates, read for the splits of a page at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from events.envelope import AnyEnvelope
from functions.connectors.certinia.approvals import State, news
from functions.connectors.certinia.feed import LANE, Feed, pull, readable
from functions.connectors.certinia.mapping import entry_id, stands, time_event
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import ASSIGNMENT, HEADER, splits, time_dates
from functions.connectors.certinia.reading import Row, changed_at
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import portions


def tell(rows: Sequence[Row], ports: CertiniaPorts) -> list[AnyEnvelope]:
    days = days_of([record_id(row["Id"]) for row in rows], ports)
    pairs = [{**row, "day": day} for row in rows for day in days[record_id(row["Id"])]]
    return readable("time_entries", pairs, lambda pair: _of_day(pair, pair["day"], ports), ports)


def days_of(split_ids: Sequence[str], ports: CertiniaPorts) -> dict[str, list[Row]]:
    """Time dates by split, one per day: of several for one day the one that is not deleted."""
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for day in _time_dates(split_ids, ports):
        of_split, on = found[record_id(day["pse__Timecard__c"])], str(day["pse__Date__c"])
        if on not in of_split or of_split[on]["IsDeleted"]:
            of_split[on] = day
    return defaultdict(list, {split: list(days.values()) for split, days in found.items()})


def _time_dates(split_ids: Sequence[str], ports: CertiniaPorts) -> Iterator[Row]:
    for portion in portions(split_ids):
        yield from ports.org.read(time_dates(portion), lane=LANE, deleted=True).rows


def _of_day(row: Row, day: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    scope = ports.policies.current().identity_scope
    at = changed_at(row, ASSIGNMENT, HEADER)
    return news(
        entry_id(row, day, scope), _state(row, day, ports), at, lambda: time_event(row, day, scope, ports.psa), ports
    )


def _state(row: Row, day: Row, ports: CertiniaPorts) -> State:
    if day["IsDeleted"] or not day["pse__Hours__c"] or not stands(row, ports.psa):
        return "none"
    return "invoiced" if row.get("pse__Invoiced__c") else "approved"


FEED = Feed("time_entries", splits, tell)


def pull_time(ports: CertiniaPorts) -> int | None:
    return pull(FEED, ports)
