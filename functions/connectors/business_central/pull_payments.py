"""The payments feed: our invoices that Business Central shows with other money against them than we know of.

A payment need not move an invoice's time of change, nor its webhook, so what is open is read as well, and what is open
no longer. One page of one company at a time, the companies in turn. Source: docs/connectors/business_central.md, "Payments".
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.business_central.client import Page, Row
from functions.connectors.business_central.mapping import DRAFTS, status_of
from functions.connectors.business_central.odata import instant, instant_text, one_of
from functions.connectors.business_central.payment import is_news, paid_event
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.scan import CHANGES, GONE, OPEN, Scan, read_scan, union
from functions.connectors.business_central.settings import MAPPING, SYSTEM
from functions.connectors.business_central.texts import our_id_of
from shared.faults import Poison
from shared.runtime.heard import keep_heard

FEED = "business_central:payments"
KIND = "salesInvoices"
LANE = "poll"
AT_ONCE = 40
"""Ids in one filter: an address of some two thousand characters."""


def pull_payments(ports: BusinessCentralPorts) -> bool:
    """One page. True if there is more to read now."""
    cursor = dict(ports.cursors.read(FEED))
    companies = list(ports.erp.companies)
    kept = str(cursor.get("turn", ""))
    turn = kept if kept in companies else companies[0]
    scan = read_scan(cursor.get(turn) or {}, _beginning(ports))
    page = _page(scan, ports.erp.companies[turn], ports)
    _record(page.rows, ports)
    after = _next(scan, page, ports)
    ended = after.part == CHANGES and not after.link
    following = companies[(companies.index(turn) + 1) % len(companies)] if ended else turn
    moved = ports.cursors.write(FEED, {**cursor, "turn": following, turn: after.as_json()}, expected=cursor)
    return moved and not (ended and following == companies[0])


def _page(scan: Scan, company: str, ports: BusinessCentralPorts) -> Page:
    """Raises the vendor's faults; nothing is read where no invoice has ceased to be open."""
    size = ports.erp.page_size
    if scan.link:
        return ports.tenant.following(scan.link, size=size, lane=LANE)
    if scan.part == GONE:
        ids = scan.gone[: min(AT_ONCE, size)]
        if not ids:
            return Page([], "")
        return ports.tenant.page(company, KIND, {"$filter": one_of("id", ids)}, size=size, lane=LANE)
    params = (
        {"$filter": f"lastModifiedDateTime ge {scan.since}", "$orderby": "lastModifiedDateTime"}
        if scan.part == CHANGES
        else {"$filter": "status eq 'Open'", "$orderby": "number"}
    )
    return ports.tenant.page(company, KIND, params, size=size, lane=LANE)


def _next(scan: Scan, page: Page, ports: BusinessCentralPorts) -> Scan:
    """The scan behind this page."""
    if scan.part == GONE:
        return _after_gone(scan, ports)
    ours_open = [str(row["id"]) for row in page.rows if our_id_of(row.get("externalDocumentNumber")) and _is_open(row)]
    if scan.part == OPEN:
        seen = union(scan.seen, ours_open)
        part = OPEN if page.next_link else GONE
        return replace(scan, seen=seen, link=page.next_link, part=part)
    newest = max([scan.newest, *(str(row.get("lastModifiedDateTime", "")) for row in page.rows)])
    part = CHANGES if page.next_link else OPEN
    return replace(scan, watched=union(scan.watched, ours_open), newest=newest, link=page.next_link, part=part, seen=())


def _after_gone(scan: Scan, ports: BusinessCentralPorts) -> Scan:
    """With what was just read by id struck off; with nothing left the next reading begins, the overlap back."""
    done = set(scan.gone[: min(AT_ONCE, ports.erp.page_size)])
    watched = tuple(each for each in scan.watched if each not in done)
    if set(watched) - set(scan.seen):
        return replace(scan, watched=watched)
    since = scan.since
    if scan.newest:
        since = max(since, instant_text(instant(scan.newest) - timedelta(minutes=ports.erp.overlap_minutes)))
    return Scan(since=since, newest=scan.newest, watched=scan.seen)


def _is_open(row: Row) -> bool:
    return status_of(row) == "Open"


def _record(rows: list[Row], ports: BusinessCentralPorts) -> None:
    """Of a page; what was told is kept with what was known before, so that it can be mapped again."""
    seen_at = ports.clock.now()
    told = [(row, event) for row in rows if (event := _readable(row, seen_at, ports)) is not None]
    if not told:
        return
    events = [event for _, event in told]
    before = {each.subject: _sequence(each.subject, ports) for each in events}
    beside = {"seen_at": seen_at.isoformat(), "before": before}
    kept = [row for row, _ in told]
    keep_heard(ports, system=SYSTEM, feed="payments", mapping=MAPPING, rows=kept, beside=beside, events=events)
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, feed="payments")


def _sequence(invoice_id: str, ports: BusinessCentralPorts) -> int:
    invoice = ports.invoices.find(invoice_id)
    return invoice.erp_sequence if invoice else 0


def _readable(row: Any, seen_at: datetime, ports: BusinessCentralPorts) -> AnyEnvelope | None:
    """A row that cannot be read is kept raw and counted; it stops no other."""
    try:
        return _event(row, seen_at, ports)
    except Poison as poison:
        ports.raw.keep(SYSTEM, "payments-unreadable", json.dumps(dict(row), default=str).encode())
        ports.counts.add("poison_received", feed="payments", code=poison.code)
        return None


def _event(row: Row, seen_at: datetime, ports: BusinessCentralPorts) -> AnyEnvelope | None:
    """None for what is not ours, is not posted, or has no other money against it than we know of."""
    invoice_id = our_id_of(row.get("externalDocumentNumber"))
    if invoice_id is None or status_of(row) in DRAFTS:
        return None
    invoice = ports.invoices.find(invoice_id)
    if invoice is None:
        ports.counts.add("foreign_invoices_ignored", feed="payments")
        return None
    return paid_event(row, invoice, seen_at, invoice.erp_sequence) if is_news(row, invoice) else None


def _beginning(ports: BusinessCentralPorts) -> str:
    """How far back the very first reading reaches."""
    return instant_text(ports.clock.now() - timedelta(days=ports.erp.look_back_days))
