"""The poll hands each version of a won deal on once, page by page."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from functions.connectors.salesforce.poll import FEED, Poll, handler
from functions.connectors.salesforce.query import won_since
from functions.platforms.salesforce.place import KEPT, Place
from functions.platforms.salesforce.soql import quoted
from tests.salesforce_deals import SETTINGS, SalesforceFakes

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)


def row(number: int, minute: int = 0) -> dict[str, Any]:
    at = NINE + timedelta(minutes=minute)
    return {"Id": f"006XX000000000{number}YAA", "SystemModstamp": at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")}


def poll(ports: SalesforceFakes, *rows: dict[str, Any]) -> list[str]:
    """Ids handed on by one poll."""
    ports.client.rows, ports.queues.sent = list(rows), []
    handler.step(Poll(feed="opportunities"), ports)
    return [json.loads(body)["opportunity_id"] for body in ports.queues.bodies("salesforce-inbound")]


def test_a_version_is_handed_on_once_though_the_overlap_shows_it_again() -> None:
    ports = SalesforceFakes()
    assert len(poll(ports, row(1), row(2))) == 2
    assert poll(ports, row(1), row(2)) == []
    assert poll(ports, row(2), row(1, minute=1)) == [row(1)["Id"]]


def test_the_next_poll_reads_back_by_the_overlap() -> None:
    ports = SalesforceFakes()
    poll(ports, row(1, minute=30))
    poll(ports)
    assert "SystemModstamp >= 2026-03-01T09:25:00.000Z " in ports.client.queries[-1]


def test_a_cursor_remembers_the_overlap_and_no_more() -> None:
    ports = SalesforceFakes()
    poll(ports, row(1), row(2, minute=58), row(3, minute=60))
    assert set(ports.cursors.cursors[FEED]["seen"]) == {row(2)["Id"], row(3)["Id"]}


def test_a_thousand_changes_at_once_fit_the_cursor() -> None:
    rows = [(NINE, f"006{number:015d}") for number in range(KEPT + 1000)]
    place = Place().after(rows, timedelta(minutes=5), more=False)
    assert len(place.seen) == KEPT and len(json.dumps(place.as_cursor())) < 300_000


def test_a_full_page_asks_itself_for_the_next_behind_its_last_row() -> None:
    ports = SalesforceFakes(settings=SETTINGS.model_copy(update={"poll_rows": 2}))
    poll(ports, row(1), row(2, minute=1))
    assert ports.queues.bodies("salesforce-poll") == ['{"feed": "opportunities"}']
    poll(ports, row(3, minute=2))
    last = row(2)["Id"]
    assert (
        f"(SystemModstamp > 2026-03-01T09:01:00.000Z OR (SystemModstamp = 2026-03-01T09:01:00.000Z AND Id > '{last}'))"
        in (ports.client.queries[-1])
    )
    assert ports.queues.bodies("salesforce-poll") == []
    poll(ports)
    assert "SystemModstamp >= 2026-03-01T08:57:00.000Z " in ports.client.queries[-1]


def test_a_poll_overtaken_by_another_leaves_the_rest_to_it() -> None:
    ports = SalesforceFakes(settings=SETTINGS.model_copy(update={"poll_rows": 1}))
    ports.cursors.write = lambda *_, **__: False  # type: ignore[method-assign]
    assert poll(ports, row(1)) == [row(1)["Id"]]
    assert ports.queues.bodies("salesforce-poll") == []


def test_a_poll_that_finds_nothing_writes_nothing() -> None:
    ports = SalesforceFakes()
    poll(ports, row(1))
    cursor = ports.cursors.cursors[FEED]
    poll(ports, row(1))
    assert ports.cursors.cursors[FEED] is cursor


def test_only_deals_of_our_time_are_asked_for() -> None:
    own = SETTINGS.model_copy(update={"won_from": date(2026, 1, 1)})
    assert "AND CloseDate >= 2026-01-01 ORDER BY" in won_since(NINE, own)
    assert "CloseDate" not in won_since(NINE, SETTINGS)


def test_text_in_a_query_stays_text() -> None:
    assert quoted("O'Brien \\ ' OR Id != '") == "'O\\'Brien \\\\ \\' OR Id != \\''"
