"""A command that fails all its tries lies among the dead letters, its saga still waiting; given back, it finishes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

from .small_firm import SmallFirm, wait
from .trouble import INVOICE, depth, name_of, queue_settings

pytestmark = pytest.mark.estate

QUEUE = "netsuite-posting"


@pytest.fixture(autouse=True)
def calm(firm: SmallFirm) -> Iterator[None]:
    yield
    firm.payers.control.delete("/faults")


def saga_of(firm: SmallFirm, invoice_id: str) -> str:
    sfn = firm.estate.client("stepfunctions")
    machines = sfn.list_state_machines()["stateMachines"]
    arn = next(each["stateMachineArn"] for each in machines if each["name"] == name_of(firm, "invoice"))
    execution = arn.replace(":stateMachine:", ":execution:") + f":{invoice_id}"
    return str(sfn.describe_execution(executionArn=execution)["status"])


def test_a_dead_letter_given_back_finishes_the_invoice_that_waits_for_it(firm: SmallFirm, firm_dir: Path) -> None:
    deal = firm.sell("Harbor dead reckoning", "US")
    firm.set_up(deal)
    worked = firm.work(deal, days=1)
    firm.known(worked)
    firm.payers.control.post("/faults", INVOICE | {"action": "status", "status": 503, "body": "down", "times": 0})
    with queue_settings(firm, QUEUE, receives=2, visibility_s=30):
        firm.bill("US")
        wait("the command among the dead letters", lambda: depth(firm, f"{QUEUE}-dlq") == 1, 90)
    [waiting] = firm.invoices(deal)
    assert (waiting["status"], saga_of(firm, waiting["invoice_id"])) == ("submitted", "RUNNING")
    assert firm.erp_invoices(deal) == []

    firm.payers.control.delete("/faults")
    said = CliRunner().invoke(app, ["redrive", QUEUE, "--state-dir", str(firm_dir)])
    assert (said.exit_code, said.output.strip()) == (0, f"1 given back to {QUEUE}, 0 wait")
    firm.posted(worked)
    [invoice] = firm.erp_invoices(deal)
    assert Decimal(invoice["subtotal"]) == worked.net
    wait("its saga to end", lambda: saga_of(firm, waiting["invoice_id"]) == "SUCCEEDED")
    assert depth(firm, f"{QUEUE}-dlq") == 0


def test_a_queue_that_does_not_exist_is_said_to_be_unknown(firm: SmallFirm, firm_dir: Path) -> None:
    said = CliRunner().invoke(app, ["redrive", "netsuite-psting", "--state-dir", str(firm_dir)])
    assert said.exit_code != 0
    assert "queue_unknown" in str(said.exception)
