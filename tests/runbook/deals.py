"""Rehearsals: what a deal lacks, and what is not of this firm."""

from __future__ import annotations

import json
from typing import Any

from functions.connectors.kantata.faults import fault_of as kantata_fault
from functions.connectors.salesforce import change_events, read_deals
from shared.domain.project import ProjectStatus
from shared.faults import Fault
from shared.runtime.batch import EVENTS, Message, settle
from shared.runtime.queue_worker import work_one
from tests.runbook.rehearsal import Rehearsal
from tests.runbook.stage import Stage
from tests.salesforce_deals import DEAL, deal, line
from tests.stories import PROJECT

LATER = "2026-03-01T11:00:00.000+0000"


def worked(stage: Stage, queue: str, body: dict[str, Any], model: Any, step: Any) -> None:
    """One message of our own through its queue's function."""
    ports = stage.salesforce()
    message = Message("m-1", "r-1", json.dumps(body), f"arn:aws:sqs:::{queue}", 1)
    one = lambda told: work_one(told, model, step, ports, queue)  # noqa: E731
    stage.world.within(f"{queue}/{len(stage.world.fake.outbox.events)}", 1, lambda: settle(message, one, ports, EVENTS))
    stage.quiet()


def won(stage: Stage, *lines: dict[str, Any], **changes: Any) -> None:
    """The deal as it stands in Salesforce is said to be won, and read."""
    stage.deals.rows = [deal(*lines, **changes)]
    seen = {"opportunity_id": DEAL, "via": "poll"}
    worked(stage, "salesforce-inbound", seen, read_deals.DealSeen, read_deals.handler.step)


def corrected(stage: Stage) -> None:
    won(stage, SystemModstamp=LATER)


def is_set_up(stage: Stage) -> None:
    [project] = stage.fake.projects.all()
    assert project.status is ProjectStatus.ACTIVE


def from_a_sandbox(stage: Stage) -> None:
    header = {"entityName": "Opportunity", "recordIds": [DEAL], "changeType": "UPDATE"}
    source = "aws.partner/salesforce.com/00DYY0000000000YYY/0YL"
    told = {"source": source, "detail": {"payload": {"ChangeEventHeader": header}}}
    worked(stage, "salesforce-change-events", told, change_events.ChangeEvent, change_events.handler.step)


def refusing(fault: Fault, account: str, call: str) -> Any:
    def stop(stage: Stage) -> None:
        getattr(stage.world, account).line.sick[call] = fault

    return stop


def well_again(stage: Stage) -> None:
    for account in (stage.world.erp, stage.world.psa, stage.world.crm):
        account.line.sick.clear()  # type: ignore[attr-defined]


def half_set_up(stage: Stage) -> None:
    body = json.dumps({"errors": [{"type": "validation", "field": "title", "message": "Title is too long"}]}).encode()
    refusing(kantata_fault(422, {}, body), "psa", "post /workspaces")(stage)
    stage.sell()
    assert stage.fake.projects.get(PROJECT).status is ProjectStatus.BLOCKED


def without_reference(stage: Stage) -> None:
    stage.ready(reference=None)
    stage.work()


def billed(*nets: str) -> Any:
    def ended(stage: Stage) -> None:
        assert stage.nets() == list(nets), stage.nets()

    return ended


REHEARSALS = {
    "missing_contract_reference": Rehearsal(
        without_reference,
        {"Salesforce: attach the signed contract to the deal": lambda stage: stage.sell(2)},
        lambda stage, _: {"day": "2026-03-31"},
        lambda stage: stage.bill() or billed("150.00")(stage),
    ),
    "contract_mismatch": Rehearsal(
        lambda stage: won(stage, line(family="Hardware")),
        {"Salesforce: correct the deal, as facts `why` and `opportunity` say": corrected},
        ended=is_set_up,
    ),
    "customer_unmatched": Rehearsal(
        lambda stage: won(stage, Account=None),
        {
            "Salesforce: correct the deal's account; or add its country to the deployment file, deploy and touch the deal": corrected
        },
        ended=is_set_up,
    ),
    "organization_unknown": Rehearsal(from_a_sandbox, {"find out who relays to our bus, and end it": lambda _: None}),
    "project_setup_failed": Rehearsal(
        half_set_up, {"the system named by the fact `system`: repair what it refused": well_again}, ended=is_set_up
    ),
}
