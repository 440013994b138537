"""Another release is deployed while invoices wait for an approval and for an ERP that fails: changed state machine, changed
handlers, changed policies. What had begun ends right, on the definition and by the decisions of its start."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.estate.estate import Plan, bring_up, down

from .release import deploy, release
from .small_firm import LIMIT_S, Row, SmallFirm, Worked, wait
from .trouble import INVOICE, depth, name_of, strikes

pytestmark = [pytest.mark.estate, pytest.mark.cdk]

POLICIES = "infra/policies/standard.yaml"
SAGA = "infra/state_machines/invoice.asl.json"
RECORD = "functions/processes/invoice/record_posted.py"
FIRST = {
    POLICIES: {
        'version: "2026-11-01"': 'version: "first"',
        'approval_over: {USD: "250000"': 'approval_over: {USD: "10000"',
    }
}
SECOND = {
    POLICIES: {
        'version: "2026-11-01"': 'version: "second"',
        'approval_over: {USD: "250000"': 'approval_over: {USD: "900000"',
    },
    SAGA: {
        '"Next": "PriceInvoice"\n    },\n    "PriceInvoice": {': '"Next": "SecondRelease"\n    },\n    "SecondRelease": {\n'
        '      "Type": "Pass",\n      "Next": "PriceInvoice"\n    },\n    "PriceInvoice": {'
    },
    RECORD: {'"number": posted.number}': '"number": posted.number, "release": "second"}'},
}


@dataclass
class Upgraded:
    firm: SmallFirm
    directory: Path

    def saga(self, invoice_id: str) -> tuple[str, list[str], Any]:
        """(status, states entered, output) of an invoice's execution."""
        sfn = self.firm.estate.client("stepfunctions")
        machines = sfn.list_state_machines()["stateMachines"]
        arn = next(each["stateMachineArn"] for each in machines if each["name"] == name_of(self.firm, "invoice"))
        execution = arn.replace(":stateMachine:", ":execution:") + f":{invoice_id}"
        pages = sfn.get_paginator("get_execution_history").paginate(executionArn=execution)
        entered = [
            event["stateEnteredEventDetails"]["name"]
            for page in pages
            for event in page["events"]
            if "stateEnteredEventDetails" in event
        ]
        told = sfn.describe_execution(executionArn=execution)
        return told["status"], entered, json.loads(told.get("output") or "null")

    def priced_by(self, invoice_id: str) -> str:
        """The version of the policies that the invoice names."""
        table, key = self.firm.estate.resources["table"], {"pk": {"S": f"INV#{invoice_id}"}, "sk": {"S": "HEAD"}}
        row = self.firm.estate.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
        return str(json.loads(row["body"]["S"])["policies_version"])


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    directory = tmp_path_factory.mktemp("upgrade")
    try:
        firm = SmallFirm(bring_up(Plan(directory, app=release(directory / "first", FIRST))))
        firm.open()
        yield Upgraded(firm, directory)
    finally:
        down(directory)


def only_invoice(firm: SmallFirm, worked: Worked) -> Row:
    [found] = firm.invoices(worked.deal)
    return found


def is_submitted(firm: SmallFirm, worked: Worked) -> bool:
    return [row["status"] for row in firm.invoices(worked.deal)] == ["submitted"]


def valued(firm: SmallFirm) -> None:
    """The work is known, though the ERP's queue goes on being tried."""
    total = firm.delivery.approved_count()
    wait("approved time", lambda: sum(firm.fabric.read("/status")["approved_sources"].values()) >= total)


def questions(firm: SmallFirm) -> list[Row]:
    rows: list[Row] = firm.fabric.read("/exceptions", status="open")["exceptions"]
    return [row for row in rows if row["type"] == "invoice_approval_due"]


def test_what_was_in_flight_ends_on_the_rules_it_began_with(upgraded: Upgraded) -> None:
    firm = upgraded.firm
    large, small, other = (firm.sell(f"Harbor {name}", "US") for name in ("lighthouse", "buoys", "ropes"))
    firm.set_up(large, small, other)
    waits = {"large": firm.work(large, days=4), "small": firm.work(small, days=1), "other": firm.work(other, days=1)}
    firm.known(*waits.values())
    firm.finance.control.post("/faults", INVOICE | {"action": "status", "status": 503, "body": "down", "times": 0})
    firm.bill("US")
    wait("the large one's question", lambda: len(questions(firm)) == 1)
    wait("the others on their way", lambda: all(is_submitted(firm, waits[name]) for name in ("small", "other")))
    wait("the ERP asked again and again", lambda: strikes(firm) >= 3)

    deploy(release(upgraded.directory / "second", SECOND), firm.estate, upgraded.directory)

    later = firm.sell("Harbor anchors", "US")
    firm.set_up(later)
    waits["later"] = firm.work(later, days=4)
    valued(firm)
    firm.bill("US")
    wait("the later one on its way, unasked", lambda: is_submitted(firm, waits["later"]))
    [question] = questions(firm)
    assert question["subject"] == only_invoice(firm, waits["large"])["invoice_id"]

    firm.finance.control.delete("/faults")
    answer = {"exception_id": question["exception_id"], "action": "approve", "by": "grace@example.com"}
    firm.fabric.act("act-on-exception", answer)
    firm.posted(*waits.values(), limit_s=3 * LIMIT_S)

    for name, worked in waits.items():
        [standing] = firm.erp_invoices(worked.deal)
        assert standing.net == worked.net
        invoice_id = only_invoice(firm, worked)["invoice_id"]
        wait(f"the saga of {name} to end", lambda each=invoice_id: upgraded.saga(each)[0] == "SUCCEEDED")  # type: ignore[misc]
        _, states, output = upgraded.saga(invoice_id)
        assert ("SecondRelease" in states) is (name == "later"), (name, states)
        assert ("RequestApproval" in states) is (name == "large")
        assert upgraded.priced_by(invoice_id) == ("second" if name == "later" else "first")
        assert output["release"] == "second"  # handlers are the newest, whoever calls them
    assert depth(firm, "netsuite-posting-dlq") == 0
    assert firm.fabric.read("/audit")["holds"]
