"""Rehearsals: a vendor that refuses, refuses our login, or does not answer; and bytes nobody can read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from functions.connectors.kantata.faults import fault_of as kantata_fault
from functions.connectors.netsuite.faults import fault_of as netsuite_fault
from functions.connectors.salesforce.faults import fault_of as salesforce_fault
from shared.domain.exception import BillingException
from shared.faults import Transient
from tests.runbook.deals import billed, well_again
from tests.runbook.rehearsal import Act, Rehearsal
from tests.runbook.stage import Stage

Says = Callable[[Stage], None]


def erp_says(status: int, code: str, detail: str) -> Says:
    """NetSuite's own error body, to every invoice it is asked to keep."""
    body = {"status": status, "o:errorDetails": [{"detail": detail, "o:errorCode": code}]}

    def sick(stage: Stage) -> None:
        stage.world.erp.line.sick["put invoice"] = netsuite_fault(status, {}, json.dumps(body).encode())  # type: ignore[attr-defined]

    return sick


def psa_says(status: int, message: str) -> Says:
    body = {"errors": [{"type": "validation", "message": message}]}

    def sick(stage: Stage) -> None:
        stage.world.psa.line.sick["post /invoices"] = kantata_fault(status, {}, json.dumps(body).encode())  # type: ignore[attr-defined]

    return sick


def crm_says(status: int, code: str) -> Says:
    body = [{"errorCode": code, "message": "Session expired or invalid"}]

    def sick(stage: Stage) -> None:
        stage.world.crm.line.sick["upsert"] = salesforce_fault(status, {}, json.dumps(body).encode())  # type: ignore[attr-defined]

    return sick


def while_billing(sick: Says) -> Act:
    def stop(stage: Stage) -> None:
        stage.ready()
        stage.work()
        sick(stage)
        stage.bill()

    return stop


def only_fails(stage: Stage) -> None:
    """No answer, a few times in a row, for longer than a hiccup."""
    for _ in range(5):
        try:
            with stage.fake.slots.lease("netsuite", "posting"):
                raise Transient("vendor_unreachable", call="PUT invoice")
        except Transient:
            stage.fake.clock.at += timedelta(seconds=5)
    stage.quiet()


def answers_again(stage: Stage) -> None:
    stage.fake.clock.at += timedelta(minutes=6)
    with stage.fake.slots.lease("netsuite", "posting"):
        pass


def broken_bytes(stage: Stage) -> None:
    stage.world.send("time", '{"detail": {broken', "broken", 0.0)
    stage.quiet()
    [(body, origin, code)] = stage.fake.inbox.quarantined
    stage.fake.dead_letters.put("quarantine", body, origin=origin, code=code)
    stage.fake.inbox.quarantined.clear()


def the_letter(_: Stage, __: BillingException) -> dict[str, str]:
    return {"letter id": "letter-1"}


def nothing_lies_there(stage: Stage) -> None:
    assert stage.fake.dead_letters.waiting("quarantine") == 0


INVALID_REF = erp_says(400, "INVALID_KEY_OR_REF", "Invalid reference key 99 for item.")

REHEARSALS = {
    "erp_reference_unknown": Rehearsal(
        while_billing(INVALID_REF),
        {"the deployment file: correct `connectors.netsuite`, deploy; or NetSuite: make the record": well_again},
        ended=billed("150.00"),
    ),
    "erp_login_refused": Rehearsal(
        while_billing(erp_says(401, "INVALID_LOGIN", "Invalid login attempt.")),
        {"NetSuite: put integration record, role or token right; new credentials into the secret": well_again},
        ended=billed("150.00"),
    ),
    "psa_login_refused": Rehearsal(
        while_billing(psa_says(401, "The access token is invalid")),
        {"Kantata: make a new token and put it into the secret": well_again},
        ended=billed("150.00"),
    ),
    "crm_login_refused": Rehearsal(
        while_billing(crm_says(401, "INVALID_SESSION_ID")),
        {"Salesforce: put connected app, certificate or user right; a new key into the secret": well_again},
        ended=billed("150.00"),
    ),
    "psa_already_invoiced": Rehearsal(
        while_billing(psa_says(422, "Time entry has already been invoiced")),
        {"Kantata: cancel the other invoice": well_again},
        ended=billed("150.00"),
    ),
    "unexpected_refusal": Rehearsal(
        while_billing(erp_says(400, "USER_ERROR", "Please enter a value for: Department.")),
        {"what the fact `code` says in faults.md": well_again},
        ended=billed("150.00"),
    ),
    "vendor_down": Rehearsal(only_fails, {"the vendor, or our connection to it, comes back": answers_again}),
    "unreadable_payload": Rehearsal(broken_bytes, words=the_letter, ended=nothing_lies_there),
}
