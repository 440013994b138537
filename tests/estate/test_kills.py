"""Killed in the middle of invoicing: workers, connections, the ERP itself. In the end each invoice stands once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.firm.shape import Deal

from .small_firm import SmallFirm, wait
from .trouble import INVOICE, deaths, depth, kill_vendor, killing_workers, queue_settings, revive_vendor, strikes

pytestmark = pytest.mark.estate

POSTING = "netsuite-commands-posting"


@pytest.fixture(scope="module")
def deals(firm: SmallFirm) -> list[Deal]:
    made = [firm.sell(f"Harbor {name}", "US") for name in ("cranes", "pilotage", "dredging")]
    firm.set_up(*made)
    return made


@pytest.fixture(autouse=True)
def calm(firm: SmallFirm) -> Iterator[None]:
    yield
    firm.finance.control.delete("/faults")


@contextmanager
def exactly_one_more_each(firm: SmallFirm, deals: Sequence[Deal]) -> Iterator[Callable[[], None]]:
    """The work of a day on each deal; whatever happens in the block, all of it ends on one invoice more each.

    Gives what waits until the fabric calls all of them posted, for a block that must outlast that.
    """
    before = {deal.name: firm.erp_invoices(deal) for deal in deals}
    worked = [firm.work(deal, days=1) for deal in deals]
    firm.known(*worked)

    def all_posted() -> None:
        for deal in deals:
            wanted = len(before[deal.name]) + 1
            wait(f"{deal.name} posted", lambda deal=deal, wanted=wanted: standing(firm, deal) == wanted, 180)  # type: ignore[misc]

    yield all_posted
    all_posted()
    firm.quiet.wait("all that was started to be over", 120, quiet_s=1.0)
    for each in worked:
        known = {row.invoice_id for row in before[each.deal.name]}
        [new] = [row for row in firm.erp_invoices(each.deal) if row.invoice_id not in known]
        assert (new.net, len(new.lines)) == (each.net, len(each.entry_ids))
    assert depth(firm, "netsuite-posting-dlq") == 0
    assert firm.fabric.read("/audit")["holds"]


def standing(firm: SmallFirm, deal: Deal) -> int:
    """How many invoices of the deal the fabric calls posted; 0 while any of them is not."""
    rows = firm.invoices(deal)
    return len(rows) if all(row["status"] == "posted" for row in rows) else 0


def test_workers_killed_while_they_post(firm: SmallFirm, firm_dir: Path, deals: list[Deal]) -> None:
    with (
        exactly_one_more_each(firm, deals) as all_posted,
        queue_settings(firm, "netsuite-posting", receives=20, visibility_s=5),
    ):
        firm.finance.control.post("/faults", INVOICE | {"action": "slow", "seconds": 1.5, "times": len(deals)})
        with killing_workers(firm_dir, firm, POSTING) as killed:
            firm.bill("US")
            # A dead worker's slot at the ERP comes free when its lease of 60 s ends: up to that long, twice.
            all_posted()
        assert len(killed) >= 2
        assert deaths(firm, POSTING) >= 2


def test_answers_lost_after_and_before_the_invoice_was_written(firm: SmallFirm, deals: list[Deal]) -> None:
    with exactly_one_more_each(firm, deals):
        faults = [INVOICE | {"action": action} for action in ("commit_then_drop", "commit_then_500", "drop")]
        firm.finance.control.post("/faults", faults)
        firm.bill("US")
        wait("every fault to strike", lambda: strikes(firm) == len(faults), 60)


def test_the_erp_dies_with_an_invoice_just_written(firm: SmallFirm, firm_dir: Path, deals: list[Deal]) -> None:
    with exactly_one_more_each(firm, deals):
        before = len(firm.finance.invoices())
        firm.finance.control.post("/faults", INVOICE | {"action": "commit_then_drop", "times": 1, "skip": 1})
        firm.bill("US")
        wait("the first invoice in the books", lambda: len(firm.finance.invoices()) > before, 60)
        kill_vendor(firm_dir, "netsuite")
        again = revive_vendor(firm_dir, "netsuite")
        assert again["base_url"] == firm.estate.systems["netsuite"]["base_url"]
