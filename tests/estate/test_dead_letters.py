"""A command that fails all its tries lies among the dead letters, its saga still waiting; given back, it finishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
    firm.finance.control.delete("/faults")


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
    firm.finance.control.post("/faults", INVOICE | {"action": "status", "status": 503, "body": "down", "times": 0})
    with queue_settings(firm, QUEUE, receives=2, visibility_s=30):
        firm.bill("US")
        wait("the command among the dead letters", lambda: depth(firm, f"{QUEUE}-dlq") == 1, 90)
    [waiting] = firm.invoices(deal)
    assert (waiting["status"], saga_of(firm, waiting["invoice_id"])) == ("submitted", "RUNNING")
    assert firm.erp_invoices(deal) == []

    found = json.loads(say(firm_dir, "list", "--queue", QUEUE, "--json"))
    [letter] = found["letters"]
    assert (letter["kind"], letter["name"], letter["subject"]) == ("command", "PostInvoice", waiting["invoice_id"])
    shown = json.loads(say(firm_dir, "show", letter["letter_id"], "--json"))
    assert "is submitted; looked up, then posted; saga" in shown["effect"] and '"(kept)"' in shown["raw"]

    firm.finance.control.delete("/faults")
    said = CliRunner().invoke(app, ["redrive", QUEUE, "--state-dir", str(firm_dir)])
    assert (said.exit_code, said.output.strip()) == (0, f"1 given back to {QUEUE}, 0 wait")
    firm.posted(worked)
    [invoice] = firm.erp_invoices(deal)
    assert invoice.net == worked.net
    wait("its saga to end", lambda: saga_of(firm, waiting["invoice_id"]) == "SUCCEEDED")
    assert depth(firm, f"{QUEUE}-dlq") == 0


def say(firm_dir: Path, *words: str) -> str:
    said = CliRunner().invoke(app, ["dlq", *words, "--state-dir", str(firm_dir)])
    assert said.exit_code == 0, said.exception
    return said.stdout


def test_bytes_nobody_can_read_are_shown_raw_repaired_and_thrown_away(
    firm: SmallFirm, firm_dir: Path, tmp_path: Path
) -> None:
    """Put into quarantine as a queue's function would, through the deployed functions to the end."""
    sqs = firm.estate.client("sqs")
    url = sqs.get_queue_url(QueueName=name_of(firm, "quarantine"))["QueueUrl"]
    told = {"origin": name_of(firm, "time"), "code": "event_unreadable"}
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
    sqs.send_message(QueueUrl=url, MessageBody='{"detail": {broken', MessageAttributes=attributes)
    [letter] = json.loads(say(firm_dir, "list", "--queue", "quarantine", "--json"))["letters"]
    assert say(firm_dir, "show", letter["letter_id"], "--raw") == '{"detail": {broken\n'
    kept = json.loads(say(firm_dir, "redrive", "quarantine", "--by", "Grace", "--json"))
    assert (kept["redriven"], kept["letters"][0]["to"]) == (0, None)
    new = tmp_path / "letter.json"
    new.write_text('{"detail": {"still": "no event"}}')
    edited = json.loads(
        say(firm_dir, "edit", letter["letter_id"], str(new), "--by", "Dana", "--reason", "half", "--json")
    )
    gone = say(firm_dir, "discard", edited["letter_id"], "--by", "Dana", "--reason", "a test of ours", "--json")
    assert json.loads(gone)["place"] == "quarantine"
    assert json.loads(say(firm_dir, "list", "--queue", "quarantine", "--json"))["letters"] == []


def test_a_queue_that_does_not_exist_is_said_to_be_unknown(firm: SmallFirm, firm_dir: Path) -> None:
    said = CliRunner().invoke(app, ["redrive", "netsuite-psting", "--state-dir", str(firm_dir)])
    assert said.exit_code != 0
    assert "queue_unknown" in str(said.exception)
