"""The drill fails when any one of the guards is taken out that the three promises stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from drill import ports as faulty
from drill.fate import Died
from drill.run import drilled, races
from functions.connectors.netsuite import push_invoice, push_memo
from functions.processes.invoice import price_invoice
from functions.processes.time_to_bill import record_source
from shared.domain.invoice import InvoiceStatus
from shared.domain.source import Applied
from shared.faults import Transient
from tests.fakes import flow
from tests.fakes.invoices import FakeInvoices
from tests.fakes.turns import FakeTurns
from tests.fakes.wip import FakeWipItems

Patch = pytest.MonkeyPatch
MOST = 60
"""Runs within which a guard that is gone must have been missed."""


def no_look_up_before_a_repeat(patch: Patch) -> None:
    for module in (push_invoice, push_memo):
        patch.setattr(module, "_raise_if_there", lambda *_: None)


def no_claim_condition(patch: Patch) -> None:
    def claim(self: Any, invoice_id: str, wip_ids: Any) -> tuple[str, ...]:
        for wip_id in wip_ids:
            self.items[wip_id] = replace(self.get(wip_id), claimed_by=invoice_id)
            self._invoices.claimed[wip_id] = invoice_id
        return tuple(wip_ids)

    patch.setattr(FakeWipItems, "claim", claim)


def no_seal_check(patch: Patch) -> None:
    def seal(self: Any, invoice_id: str, *, item_count: int, net: Any, limit: Any = None) -> Any:
        now = self.get(invoice_id)
        if now.status is InvoiceStatus.DRAFT:
            sealed = {"status": InvoiceStatus.SEALED, "item_count": item_count, "net": net}
            self.rows[invoice_id] = replace(now, **sealed)
        return self.rows[invoice_id]

    patch.setattr(price_invoice, "check_seal", lambda *_: None)
    patch.setattr(FakeInvoices, "seal", seal)


def state_and_event_apart(patch: Patch) -> None:
    places: list[Any] = []

    def write(self: Any, *call: Any) -> Any:
        places.append(self._place)
        try:
            return together(self, *call)
        finally:
            places.pop()

    def add(self: Any, events: Any) -> Any:
        if places and events and places[-1].fault("outbox.add", ("dies_before",)):
            raise Died("between state and event")
        return plain(self, events)

    together, plain = faulty.FaultyPort._write, flow.FakeOutbox.add
    patch.setattr(faulty.FaultyPort, "_write", write)
    patch.setattr(flow.FakeOutbox, "add", add)


def no_check_for_stale_versions(patch: Patch) -> None:
    def apply_source(previous: Any, *args: Any, sequence: int, **named: Any) -> Any:
        old = replace(previous, sequence=sequence - 1) if previous else None
        return strict(old, *args, sequence=sequence, **named)

    def record(self: Any, source: Any, items: Any, *, previous: Any, events: Any = ()) -> Applied:
        if previous is None and source.source_id in self.sources:
            raise Transient("source_moved")
        self.sources[source.source_id] = source
        for item in items:
            self.items.setdefault(item.wip_id, item)
        self._outbox.add(events)
        return Applied.NEW

    strict = record_source.apply_source
    patch.setattr(record_source, "passed", lambda *_: None)
    patch.setattr(record_source, "apply_source", apply_source)
    patch.setattr(FakeWipItems, "record", record)


def no_turns_at_a_subject(patch: Patch) -> None:
    patch.setattr(FakeTurns, "take", lambda *_: "everybody's")
    patch.setattr(FakeTurns, "give_back", lambda *_: None)


@pytest.mark.parametrize(
    ("taken_out", "racing"),
    [
        (no_look_up_before_a_repeat, False),
        (no_claim_condition, False),
        (no_seal_check, True),
        (state_and_event_apart, False),
        (no_check_for_stale_versions, False),
        (no_turns_at_a_subject, True),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_without_this_guard_the_drill_fails(
    monkeypatch: Patch, taken_out: Callable[[Patch], None], racing: bool
) -> None:
    taken_out(monkeypatch)
    seeds = [seed for seed in range(1, 4 * MOST) if races(seed) == racing][:MOST]
    assert any(not drilled(seed).held for seed in seeds)
