"""The payments feed: our invoices that S/4HANA shows as partly or fully cleared.

A payment does not move a billing document's change time, so a scan goes over all that changed since the oldest invoice that
is still open, in order of their numbers, a page at a time. Each page asks for what comes after the last number (the server's
own page tokens count rows, and rows come and go). Source: docs/connectors/sap_s4hana.md, "Payments".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from functions.connectors.sap_s4hana.announce_payments import LANE, announce
from functions.connectors.sap_s4hana.client import BILLING, Row
from functions.connectors.sap_s4hana.odata import any_of, literal, moment, plain, read_instant
from functions.connectors.sap_s4hana.payment import is_settled, is_touched
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.posted import BILL_FIELDS

FEED = "sap_s4hana:payments"
MARKS = 5000
"""Cleared invoices that are remembered as told; forgetting one costs a question, not an event."""


def pull_payments(ports: SapPorts) -> bool:
    """One page. True if there is more to read now."""
    cursor = dict(ports.cursors.read(FEED))
    since = str(cursor.get("since") or _first_since(ports))
    page = ports.sap.page(
        BILLING,
        "A_BillingDocument",
        filter=_filter(since, str(cursor.get("after", "")), ports),
        orderby="BillingDocument",
        top=ports.erp.page_size,
        select=BILL_FIELDS,
        lane=LANE,
    )
    seen = set(cursor.get("seen", ()))
    announce([row for row in page.rows if _mark(row) not in seen], ports)
    more = bool(page.rows) and (page.more or len(page.rows) >= ports.erp.page_size)
    moved = ports.cursors.write(FEED, _next(cursor, page.rows, since, more, ports), expected=cursor)
    return more and moved


def _filter(since: str, after: str, ports: SapPorts) -> str:
    types = any_of("BillingDocumentType", [ports.erp.invoice_type])
    beyond = f" and BillingDocument gt {literal(after)}" if after else ""
    return f"{types} and LastChangeDateTime ge {moment(datetime.fromisoformat(since))}{beyond}"


def _first_since(ports: SapPorts) -> str:
    return (ports.clock.now() - timedelta(days=ports.erp.look_back_days)).isoformat()


def _next(cursor: Mapping[str, Any], rows: list[Row], since: str, more: bool, ports: SapPorts) -> dict[str, Any]:
    """Within a scan: after the last number. At its end the next begins with the oldest change among open invoices, or the
    overlap before the newest change where none is open. seen: those told as cleared."""
    changes = [read_instant(row["LastChangeDateTime"]).isoformat() for row in rows]
    open_since = [at for row, at in zip(rows, changes, strict=True) if not is_settled(row)]
    oldest = min([*open_since, *filter(None, [cursor.get("oldest")])], default="")
    newest = max([*changes, str(cursor.get("newest", ""))], default="")
    cleared = {_mark(row) for row in rows if is_touched(row) and is_settled(row)}
    seen = [*cursor.get("seen", ()), *sorted(cleared - set(cursor.get("seen", ())))][-MARKS:]
    if more:
        after = str(rows[-1]["BillingDocument"])
        return {"since": since, "after": after, "oldest": oldest, "newest": newest, "seen": seen}
    overlap = timedelta(minutes=ports.erp.overlap_minutes)
    again = (datetime.fromisoformat(newest) - overlap).isoformat() if newest else since
    return {"since": max(since, min(filter(None, [oldest, again]))), "after": "", "newest": newest, "seen": seen}


def _mark(row: Row) -> str:
    return f"{plain(row['BillingDocument'])}@{row.get('InvoiceClearingStatus', '')}"
