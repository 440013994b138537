"""The comparison of walker and embedded AWS sees a walker that goes another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drill import walker
from tests.workflow.answers import RETRY, Raises, Says, refuses
from tests.workflow.both_ways import differences
from tests.workflow.stage import Stage

pytestmark = pytest.mark.estate

SAGA = "invoice"
PRICED = {
    "invoice_id": "inv-1",
    "kind": "invoice",
    "legal_entity_id": "DE",
    "document_key": "k",
    "currency": "EUR",
    "gross": "1190.00",
    "needs_approval": False,
}
LINES: dict[str, Any] = {
    "PriceInvoice": PRICED,
    "RequestApproval": Says({"action": "approve", "by": "Grace Hopper"}),
    "SubmitInvoice": {"invoice_id": "inv-1"},
    "ErpPosting.PostInvoice": {"number": "INV1"},
    "RecordPosted": {"invoice_id": "inv-1"},
    "OpenException": RETRY,
}
Patch = pytest.MonkeyPatch


def no_retry(patch: Patch) -> None:
    patch.setattr(walker, "_pause", lambda *_: None)


def no_catch(patch: Patch) -> None:
    def out(self: walker.Walk, state: Any, failed: walker.TaskFailed) -> None:
        raise failed

    patch.setattr(walker.Walk, "_caught", out)


def other_choice(patch: Patch) -> None:
    def choice(self: walker.Walk, state: Any) -> walker.Steps:
        yield from ()
        self.at = state["Default"] if self.at != "ApprovalNeeded" else state["Choices"][0]["Next"]
        return self.data, {}

    patch.setitem(walker._KINDS, "Choice", choice)


def no_variables(patch: Patch) -> None:
    plain = walker.filled
    patch.setattr(walker, "filled", lambda template, _, states: plain(template, {}, states))


@pytest.mark.parametrize("broken", [no_retry, no_catch, other_choice, no_variables])
def test_a_walker_that_goes_another_way_is_told(stage: Stage, broken: Callable[[Patch], None]) -> None:
    stage.script("PriceInvoice", Raises("Transient"))
    stage.script("ErpPosting.PostInvoice", refuses("period_closed"))
    run = stage.play({"invoice_id": "inv-1", "correlation_id": "con-1"})
    with pytest.MonkeyPatch.context() as patch:
        broken(patch)
        assert list(differences(SAGA, run, stage.journal))
    for each in stage.journal.asked:
        each.taken = False
