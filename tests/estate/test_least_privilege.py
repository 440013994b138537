"""Three deals from signature to payment with role policies enforced: every function lives on what its entry grants, those
of every registered connector among them.

The emulator weighs the calls of function code; roles of state machines, schedules and rules are not weighed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from cli.connection import Connection, of_estate
from cli.demo import Play
from cli.settle import Quiet, wait_until
from infra.manifest import ALL
from sandbox.estate.description import Estate
from sandbox.estate.estate import Plan, bring_up, down
from sandbox.estate.registered import systems
from sandbox.estate.roles import of_deployment
from sandbox.firm.month import FirmMonth

pytestmark = [pytest.mark.estate, pytest.mark.timeout(600)]
SEED = 7
REFUSED = ("AccessDenied", "is not authorized to perform")
NOT_ON_THE_WAY = {"salesforce-change-events", "reject-invoice", "open-exception", "block-project", "request-approval"}
"""Nothing goes wrong here, and the change-event relay is not switched on."""
ON_THE_WAY = {"publish-outbox", "start-billing", "pace-polls"}
FIRMS = ({}, {"psa": "certinia", "erp": "business_central"}, {"erp": "sap_s4hana"})
"""Where not the deployment's own systems; together they are all that are registered."""
PEOPLE = {
    entry.name for entry in ALL if entry.path.startswith("functions/operations/") or entry.stem == "map_again"
} - ON_THE_WAY
"""Functions that people call, or that look after what went wrong or is due."""


@pytest.fixture(scope="module", params=FIRMS, ids=lambda firm: "-".join(firm.values()) or "own")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Estate, Connection]]:
    state_dir: Path = tmp_path_factory.mktemp("least-privilege")
    of_firm = of_deployment("sandbox") | request.param
    up = bring_up(Plan(state_dir, fresh=True, fast=True, roles=of_firm, settings={"AUTH": "true"}))
    try:
        fabric = of_estate(state_dir)
        play_three_deals(FirmMonth(up.systems, up.roles, SEED), fabric, Quiet.of(up.aws, up.resources["table"]))
        yield up, fabric
    finally:
        down(state_dir)


def play_three_deals(firm: FirmMonth, fabric: Connection, quiet: Quiet) -> None:
    play = Play(firm, fabric, quiet, lambda _: None)
    deals = firm.deals(refused=False)[:3]
    firm.open_for_business()
    firm.sell(deals)
    wait_until("three projects in the ERP", lambda: firm.erp_projects() >= len(deals), 90)
    firm.calm()
    firm.find()
    firm.staff(deals)
    firm.work(deals)
    firm.price_specialists()
    play._valued()
    play._bill("least")
    paid = firm.payers.pay()
    wait_until("payments to be seen", lambda: play._count("paid") >= paid["in full"], 60)
    quiet.wait("payments to be carried back", 90)
    for operation, payload in (("redrive", {"queue": "time"}), ("sweep-outbox", {}), ("sweep-parked", {})):
        fabric.act(operation, payload)


def client(up: Estate, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=up.aws["endpoint_url"],
        region_name=up.aws["region"],
        aws_access_key_id=up.aws["account"],
        aws_secret_access_key="local",
    )


def lines(up: Estate) -> dict[str, list[str]]:
    """What each function logged, by its entry's name."""
    logs, prefix = client(up, "logs"), "/aws/lambda/billweave-sandbox-"
    groups = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    found: dict[str, list[str]] = {}
    for group in (group["logGroupName"] for page in groups for group in page["logGroups"]):
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        found[group.removeprefix(prefix)] = [event["message"] for page in pages for event in page["events"]]
    return found


def test_the_firms_have_every_registered_system() -> None:
    assert {system for firm in FIRMS for system in (of_deployment("sandbox") | firm).values()} == set(systems())


def test_the_three_deals_are_invoiced(played: tuple[Estate, Connection]) -> None:
    statuses = {row["status"] for row in played[1].read("/invoices")["invoices"]}
    assert statuses and statuses <= {"posted", "paid"}


def test_no_function_was_refused_anything(played: tuple[Estate, Connection]) -> None:
    refused = {
        name: line for name, told in lines(played[0]).items() for line in told if any(word in line for word in REFUSED)
    }
    assert refused == {}


def test_every_function_on_the_way_was_called(played: tuple[Estate, Connection]) -> None:
    called = {name for name, told in lines(played[0]).items() if told}
    here = {entry.name for entry in ALL if entry.room != "connectors" or entry.folder in played[0].systems}
    assert here - called <= NOT_ON_THE_WAY | PEOPLE | {
        "draft-milestone", "record-milestone", "start-milestone-to-invoice", "note-hold",
        "record-expense",
    }  # fmt: skip


def test_nothing_lies_in_a_dead_letter_queue(played: tuple[Estate, Connection]) -> None:
    sqs = client(played[0], "sqs")
    name = "ApproximateNumberOfMessages"
    dead = {
        url.rpartition("/")[2]: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]
        for url in sqs.list_queues(MaxResults=1000)["QueueUrls"]
        if url.endswith(("-dlq", "quarantine", "outbox-parked"))
    }
    assert {queue: depth for queue, depth in dead.items() if int(depth)} == {}
