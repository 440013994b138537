"""The payments feed: our invoices that NetSuite shows as part paid or paid.

SuiteQL on invoices by (last change, id), a page at a time. Times are compared as texts of one form, so the account's
date format and time zone do not matter; each scan begins some minutes before the last change seen.
Source: docs/connectors/netsuite.md, "Payments".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.netsuite.client import Row
from functions.connectors.netsuite.payment import is_ours, paid_event, touched
from functions.connectors.netsuite.ports import NetSuitePorts
from functions.connectors.netsuite.settings import MAPPING, SYSTEM
from shared.faults import Poison
from shared.runtime.heard import keep_heard

FEED = "netsuite:payments"
LANE = "poll"
FORM = """'YYYY-MM-DD"T"HH24:MI:SS'"""
CHANGED = f"TO_CHAR(lastmodifieddate, {FORM})"
QUERY = (
    "SELECT id, tranid, externalid, status, currency, foreigntotal, foreignamountunpaid, "
    f"{CHANGED} AS changed FROM transaction "
    f"WHERE type = ? AND ({CHANGED} > ? OR ({CHANGED} = ? AND id > ?)) "
    f"ORDER BY {CHANGED}, id"
)
_TEXT = "%Y-%m-%dT%H:%M:%S"


def pull_payments(ports: NetSuitePorts) -> bool:
    """One page. True if there is more to read now."""
    cursor = dict(ports.cursors.read(FEED))
    after, last_id = cursor.get("after") or _beginning(ports), int(cursor.get("id", 0))
    rows = ports.netsuite.rows(QUERY, ["CustInvc", after, after, last_id], limit=ports.erp.page_size, lane=LANE)
    seen = set(cursor.get("seen", ()))
    fresh = [row for row in rows if _mark(row) not in seen]
    events = [event for row in fresh if (event := _readable(row, ports)) is not None]
    _keep(fresh, events, ports)
    _record(events, ports)
    more = len(rows) >= ports.erp.page_size
    moved = ports.cursors.write(FEED, _next(cursor, rows, after, more, ports), expected=cursor)
    return more and moved


def _keep(rows: list[Row], events: list[AnyEnvelope], ports: NetSuitePorts) -> None:
    """Those that made events. A row names its currency by the account's id: the codes are kept beside."""
    if events:
        told = {event.subject for event in events}
        rows = [row for row in rows if row.get("externalid") in told]
        ids = {str(row["currency"]) for row in rows}
        beside = {"currencies": {each: ports.currencies.code_of(each, lane=LANE) for each in sorted(ids)}}
        keep_heard(ports, system=SYSTEM, feed="payments", mapping=MAPPING, rows=rows, beside=beside, events=events)


def _record(events: list[AnyEnvelope], ports: NetSuitePorts) -> None:
    if not events:
        return
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, feed="payments")


def _readable(row: Row, ports: NetSuitePorts) -> AnyEnvelope | None:
    """A row that cannot be read is kept raw and counted; it stops no other."""
    try:
        return _event(row, ports)
    except Poison as poison:
        ports.raw.keep(SYSTEM, "payments-unreadable", json.dumps(dict(row), default=str).encode())
        ports.counts.add("poison_received", feed="payments", code=poison.code)
        return None


def _event(row: Row, ports: NetSuitePorts) -> AnyEnvelope | None:
    """None for what is not ours, or has no money against it yet."""
    if not is_ours(row) or not touched(row):
        return None
    invoice = ports.invoices.find(str(row["externalid"]))
    if invoice is None:
        ports.counts.add("foreign_invoices_ignored", feed="payments")
        return None
    code = ports.currencies.code_of(str(row["currency"]), lane=LANE)
    return paid_event(row, invoice, code)


def _beginning(ports: NetSuitePorts) -> str:
    """By NetSuite's clock: how far back the very first scan reaches."""
    return (ports.netsuite.server_time(lane=LANE) - timedelta(days=ports.erp.look_back_days)).strftime(_TEXT)


def _next(cursor: Mapping[str, Any], rows: list[Row], after: str, more: bool, ports: NetSuitePorts) -> dict[str, Any]:
    """Within a scan: after the last row. At its end: the overlap back from the newest change, with the marks of the rows
    in it, so that re-reading them costs no write."""
    newest = max([str(row["changed"]) for row in rows], default=str(cursor.get("newest", after)))
    newest = max(newest, str(cursor.get("newest", "")))
    floor = (datetime.strptime(newest, _TEXT) - timedelta(minutes=ports.erp.overlap_minutes)).strftime(_TEXT)  # noqa: DTZ007
    marks = [*cursor.get("seen", ()), *(_mark(row) for row in rows)]
    seen = sorted({mark for mark in marks if mark.split("@")[1] >= floor})[-2000:]
    if more:
        return {"after": str(rows[-1]["changed"]), "id": int(rows[-1]["id"]), "newest": newest, "seen": seen}
    return {"after": floor, "id": 0, "newest": newest, "seen": seen}


def _mark(row: Row) -> str:
    return f"{row['id']}@{row['changed']}@{row.get('foreignamountunpaid', '')}"
