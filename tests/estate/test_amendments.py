"""On the deployed estate: what a preview foresees is what is billed, a what-if writes nothing, an amendment takes effect."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from .small_firm import OCTOBER, SmallFirm, wait

pytestmark = pytest.mark.estate

THROUGH = OCTOBER.isoformat()


def rows_of(firm: SmallFirm, contract_id: str) -> list[str]:
    """Every row of the table that holds this contract's id, but for counts: what a write would have changed."""
    client, table = firm.estate.client("dynamodb"), firm.estate.resources["table"]
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    rows = (json.dumps(item, sort_keys=True) for page in pages for item in page["Items"])
    return sorted(row for row in rows if contract_id in row)


def lines(invoice: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line["description"], line["net"]) for line in invoice["lines"]]


def test_foreseen_amended_and_billed(firm: SmallFirm) -> None:
    deal = firm.sell("Harbor crane amendment", "US")
    firm.set_up(deal)
    worked = firm.work(deal, days=1)
    firm.known(worked)
    firm.quiet.wait("all to be recorded", 60, quiet_s=1.0)
    project = firm.project(deal)
    contract_id = project["contract_id"]
    price = {"rate_per_hour": {"amount": "200.00", "currency": "USD"}}
    paper = {
        "amendment_id": "CO-1",
        "contract_id": contract_id,
        "effective_on": "2026-01-01",
        "words": "one price for everybody",
        "changes": [{"change": "set_rates", "rates": [price]}],
    }
    before = rows_of(firm, contract_id)
    foreseen = firm.fabric.read(f"/contracts/{contract_id}/preview", through=THROUGH)
    effect = firm.fabric.ask(f"/contracts/{contract_id}/what-if", paper)
    assert rows_of(firm, contract_id) == before, "a preview and a what-if write nothing"
    [invoice] = foreseen["invoices"]
    assert Decimal(invoice["net"]) == worked.net and len(invoice["lines"]) == len(worked.entry_ids)
    assert len(effect["open_items"]) == len(worked.entry_ids) and effect["plan"] == []

    asked = {"amendment": paper, "by": "Dana Reyes", "approver": "Kim Vogel"}
    told = firm.fabric.act("amend-contract", asked)
    assert (told["applied"], told["corrected"]) == ("new", len(worked.entry_ids))
    assert firm.fabric.act("amend-contract", asked)["applied"] == "duplicate"
    firm.quiet.wait("the corrections to settle", 60, quiet_s=1.0)
    amended = sum(Decimal(item["value_after"]) for item in effect["open_items"])
    [invoice] = firm.fabric.read(f"/contracts/{contract_id}/preview", through=THROUGH)["invoices"]
    assert Decimal(invoice["net"]) == amended
    firm.bill("US")
    wait("the invoice in the books", lambda: firm.erp_invoices(deal))
    [posted] = firm.erp_invoices(deal)
    assert posted.net == amended
    assert firm.fabric.read("/audit")["holds"]
