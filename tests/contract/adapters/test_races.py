"""Many at once, on the embedded AWS: nothing is lost, nothing is done twice. (moto loses updates under threads.)"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier, Lock
from typing import Any

from shared.adapters.slots import DynamoSlots
from shared.domain.invoice import InvoiceStatus
from shared.domain.ledger import LedgerUse
from shared.domain.source import Applied
from shared.faults import BusinessException, Transient
from tests.contract.adapters.test_credits import a_credit, an_invoice_of, credit_from, grant
from tests.contract.adapters.test_invoices import priced, sealed
from tests.contract.adapters.test_ledgers import entry_of
from tests.fakes.records import (
    some_customer,
    some_event,
    some_exception,
    some_group,
    some_item,
    some_project,
    source_of,
    usd,
)

WORKERS = 6


def at_once(work: Callable[[int], Any], times: int = WORKERS) -> list[Any]:
    """Everybody waits for everybody before the first goes."""
    start = Barrier(times)

    def go(number: int) -> Any:
        start.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(go, range(times)))


def test_changes_at_once_are_all_kept(embedded: Any) -> None:
    project = some_project()
    embedded.projects.add(project)

    def add_sequence(number: int) -> None:
        embedded.projects.update(
            project.project_id, lambda now: replace(now, hold_sequence=now.hold_sequence + 1, on_hold=True)
        )

    at_once(add_sequence)
    assert embedded.projects.get(project.project_id).hold_sequence == WORKERS


def test_of_one_version_delivered_many_times_one_is_new(embedded: Any) -> None:
    item = some_item()
    applied = at_once(lambda _: embedded.wip.record(source_of(item), [item], previous=None, events=[some_event("e1")]))
    assert sorted(applied) == sorted([Applied.NEW, *[Applied.DUPLICATE] * (WORKERS - 1)])
    assert len(embedded.event_log.of_subject("wip-1")) == 1


def test_of_corrections_at_once_one_is_reckoned_and_the_others_come_again(embedded: Any) -> None:
    item = some_item()
    first = source_of(item, 1)
    embedded.wip.record(first, [item], previous=None)

    def correct(number: int) -> str:
        reversal = some_item(f"reversal-{number}", value="-125.00")
        try:
            return str(embedded.wip.record(source_of(item, number + 2), [reversal], previous=first).value)
        except Transient as moved:
            return moved.code

    outcomes = at_once(correct)
    assert outcomes.count("new") == 1
    assert set(outcomes) <= {"new", "stale", "source_moved"}
    assert len(list(embedded.wip.open_of("contract-1"))) == 2


def test_versions_in_any_order_end_at_the_newest(embedded: Any) -> None:
    at_once(lambda number: embedded.customers.save(some_customer(name=f"v{number}"), sequence=number))
    assert embedded.customers.get("customer-1").name == f"v{WORKERS - 1}"


def test_an_event_recorded_by_many_polls_is_new_once(embedded: Any) -> None:
    page = [some_event(f"e{n}") for n in range(30)]
    recorded = at_once(lambda _: embedded.outbox.record(page))
    assert sum(each.new for each in recorded) == 30
    assert sum(each.duplicates for each in recorded) == 30 * (WORKERS - 1)


def test_one_draft_is_opened_however_many_runs_ask(embedded: Any) -> None:
    drafts = at_once(lambda _: embedded.invoices.open_draft(some_group(), date(2026, 3, 31)))
    assert {draft.invoice_id for draft in drafts} == {drafts[0].invoice_id}
    assert len(embedded.invoices.unfinished("contract-1")) == 1


def test_the_same_trouble_raised_at_once_is_new_once(embedded: Any) -> None:
    applied = at_once(lambda _: embedded.exceptions.raise_(some_exception(), events=[some_event("e1")]))
    assert applied.count(Applied.NEW) == 1
    resolved = at_once(lambda _: embedded.exceptions.resolve("exception-1", "retry"))
    assert sum(1 for each in resolved if each) == 1


def test_counts_at_once_add_up(embedded: Any) -> None:
    at_once(lambda number: [embedded.counts.add("ran", number) for _ in range(5)])
    assert embedded.counts.read() == {"ran": 5 * sum(range(WORKERS))}


def test_never_more_leases_than_slots(embedded: Any) -> None:
    lock, holding, most = Lock(), [0], [0]

    def held_by_one_more(change: int) -> None:
        with lock:
            holding[0] += change
            most[0] = max(most[0], holding[0])

    def work(number: int) -> int:
        slots = DynamoSlots(embedded._table, 3, wait_s=60.0)
        for _ in range(6):
            with slots.lease("netsuite", "posting"):
                held_by_one_more(1)
                embedded.counts.read()
                held_by_one_more(-1)
        return 6

    assert sum(at_once(work)) == 6 * WORKERS
    assert 1 <= most[0] <= 3


def test_invoices_of_one_contract_priced_at_once_each_see_what_the_others_used(embedded: Any) -> None:
    """Each covers what is left of 300.00, from the ledger it read; the loser of a race reads again."""
    ids = [sealed(embedded, wip_id=f"w{number}").invoice_id for number in range(WORKERS)]

    def price(number: int) -> Decimal:
        while True:
            ledger = embedded.ledgers.of_contract("contract-1")
            left = Decimal(300) - ledger.total("line-1", "USD", lambda each: each.counted).amount
            mine = min(left, Decimal(125))
            invoice = embedded.invoices.get(ids[number])
            use = LedgerUse("contract-1", entry_of(invoice, str(mine)), ledger.revision)
            try:
                embedded.invoices.update(ids[number], priced, expected=[InvoiceStatus.SEALED], uses=[use])
                return mine
            except Transient:
                continue

    used = at_once(price)
    assert sorted(used, reverse=True)[:3] == [Decimal(125), Decimal(125), Decimal(50)]
    ledger = embedded.ledgers.of_contract("contract-1")
    assert ledger.total("line-1", "USD", lambda each: each.counted).amount == Decimal(300)
    assert (ledger.revision, len(ledger.entries)) == (WORKERS, WORKERS)


def test_of_credits_at_once_no_more_is_granted_than_the_invoice_has(embedded: Any) -> None:
    """Each wants 50.00 of 125.00, and reckons again when another was quicker: two get it."""
    document = an_invoice_of(1, embedded)

    def ask(number: int) -> str:
        for _ in range(20):
            try:
                credited = embedded.credits.credited("inv-1")
                grant(credit_from(credited, f"r-{number}", document, amount=usd("50.00")), embedded, credited)
                return "granted"
            except BusinessException as refusal:
                return refusal.code
            except Transient:
                continue
        return "never"

    answers = at_once(ask)
    assert sorted(answers) == sorted(["granted"] * 2 + ["credit_exceeds_line"] * (WORKERS - 2))
    assert embedded.credits.credited("inv-1").lines == {"w00": usd("100.00")}


def test_one_request_asked_many_times_at_once_is_one_credit(embedded: Any) -> None:
    document = an_invoice_of(1, embedded)
    credits = [a_credit("r-1", document, embedded, amount=usd("50.00")) for _ in range(WORKERS)]
    granted = at_once(lambda number: grant(credits[number], embedded).memo_id)
    assert len(set(granted)) == 1
    assert embedded.credits.credited("inv-1").version == 1
