"""NetSuite is away for a while: it is probed and not hammered, its work waits in sight of all, and goes on by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .small_firm import SmallFirm, wait
from .trouble import depth, kill_vendor, revive_vendor

pytestmark = pytest.mark.estate


def netsuite(firm: SmallFirm) -> dict[str, Any]:
    rows = firm.fabric.read("/status")["vendors"]
    return next(row for row in rows if row["account"] == "netsuite")


def outages(firm: SmallFirm) -> list[dict[str, Any]]:
    """Open ones, after the minute's look, which is not waited for."""
    firm.fabric.act("watch-vendors", {})
    rows = firm.fabric.read("/exceptions", status="open")["exceptions"]
    return [row for row in rows if row["type"] == "vendor_down"]


def test_an_erp_that_was_away_gets_every_invoice_once_and_nobody_lends_a_hand(firm: SmallFirm, firm_dir: Path) -> None:
    deals = [firm.sell(f"Ferry {name}", "US") for name in ("lines", "repairs")]
    firm.set_up(*deals)
    worked = [firm.work(deal, days=1) for deal in deals]
    firm.known(*worked)
    assert netsuite(firm)["standing"] == "up" and outages(firm) == []
    kill_vendor(firm_dir, "netsuite")
    firm.bill("US")
    wait("NetSuite to count as down", lambda: netsuite(firm)["standing"] in ("down", "probing"), 90)
    (outage,) = outages(firm)
    assert (outage["owner"], outage["subject"]) == ("integration", "netsuite")
    assert all(row["status"] != "posted" for deal in deals for row in firm.invoices(deal))
    revive_vendor(firm_dir, "netsuite")
    firm.posted(*worked, limit_s=180)
    for each in worked:
        [invoice] = firm.erp_invoices(each.deal)
        assert (invoice.net, len(invoice.lines)) == (each.net, len(each.entry_ids))
    assert netsuite(firm)["standing"] == "up" and outages(firm) == []
    assert [depth(firm, f"netsuite-{queue}-dlq") for queue in ("posting", "reference", "poll")] == [0, 0, 0]
