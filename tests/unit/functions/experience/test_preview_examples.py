"""The worked examples of what a run bills, through the preview."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from functions.experience.preview import preview
from tests.examples import preview as examples
from tests.stories import CONTRACT, PROJECT, THROUGH, Fabric, a_contract, a_milestone, an_entry, an_expense
from tests.unit.functions.operations.test_amend_contract import amend

LINES = a_contract().data.lines
OF: dict[str, Any] = {"hour": LINES[:1], "expense": LINES[:1], "instalment": LINES[1:2], "milestone": LINES[2:]}


@pytest.mark.parametrize("row", examples.ROWS, ids=lambda row: f"{row['what']} {row['day']} {row['state']}")
def test_what_is_billed_and_what_stays_is_as_in_the_example(row: dict[str, str]) -> None:
    found = preview(happened(row).ports, CONTRACT, THROUGH)
    billed = [(invoice["net"], invoice["gross"]) for invoice in found["invoices"]]
    of_this = [each["reason"] for each in found["not_billed"] if each["date"] in (None, row["day"])]
    if row["reason"]:
        assert of_this == [row["reason"]]
        assert billed == ([] if row["what"] != "instalment" else [("500.00", "500.00")])
    else:
        assert (billed, of_this) == ([(row["billed_net"], row["billed_gross"])], [])


def happened(row: dict[str, str]) -> Fabric:
    named = row["state"] != "contract without its number"
    fabric = Fabric().ready(a_contract(lines=OF[row["what"]], reference="C-1" if named else None))
    day = date.fromisoformat(row["day"])
    if row["what"] == "hour":
        entry = an_entry(worked_on=day)
        fabric.ports.outbox.record([entry])
        fabric.approve(entry)
    elif row["what"] == "expense":
        fabric.approve(an_expense(incurred_on=day))
    elif row["what"] == "milestone" and row["state"] == "accepted":
        from functions.processes.milestone_to_invoice import record_milestone

        fabric.approve(a_milestone())
        command = record_milestone.RecordMilestone(milestone_id="m-1", correlation_id=CONTRACT)
        record_milestone.handler.step(command, fabric.ports)
    if row["state"] == "project on hold":
        fabric.ports.projects.update(PROJECT, lambda project: replace(project, on_hold=True))
    if row["state"].startswith("line ended"):
        amend(fabric, {"change": "end_line", "line_id": "l-time"}, effective_on="2026-03-10")
    return fabric
