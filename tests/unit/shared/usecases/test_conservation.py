from dataclasses import replace
from decimal import Decimal

from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceStatus
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.usecases.apply_source import reversal_of
from shared.usecases.conservation import broken_seals, conservation
from tests.build import an_invoice, eur, time_item


def known(item: WipItem) -> SourceRecord:
    ref = ExternalRef("kantata", "time_entry", item.source_id)
    return SourceRecord(item.source_id, ref, 1, "con-1", item.project_id, "DE01", item.wip_id, item.value)


OPEN = time_item("t-1")
CLAIMED = replace(time_item("t-2", minutes=120), claimed_by="inv-1")
POSTED = replace(time_item("t-3", minutes=180), claimed_by="inv-2")
SOURCES = [known(item) for item in (OPEN, CLAIMED, POSTED)]
INVOICES = [
    an_invoice(item_count=1, net=eur("300.00")),
    an_invoice(invoice_id="inv-2", status=InvoiceStatus.POSTED, item_count=1, net=eur("450.00")),
]


def test_what_was_approved_is_open_claimed_or_invoiced() -> None:
    (row,) = conservation(SOURCES, [OPEN, CLAIMED, POSTED], INVOICES)
    assert (row.approved, row.open, row.claimed, row.invoiced) == (900, 150, 300, 450)
    assert (row.credited, row.written_off, row.difference, row.holds) == (0, 0, 0, True)


def test_a_lost_item_shows_as_money_missing() -> None:
    (row,) = conservation(SOURCES, [OPEN, POSTED], INVOICES)
    assert (row.holds, row.difference) == (False, Decimal(300))


def test_an_item_made_twice_shows_as_money_made_up() -> None:
    twice = replace(OPEN, wip_id="again")
    (row,) = conservation(SOURCES, [OPEN, twice, CLAIMED, POSTED], INVOICES)
    assert (row.holds, row.difference) == (False, Decimal(-150))


def test_a_correction_of_billed_work_holds() -> None:
    reversal, new = reversal_of(POSTED, 2), time_item("t-3", 2, minutes=60)
    (row,) = conservation([known(new)], [POSTED, reversal, new], INVOICES)
    assert (row.approved, row.open, row.invoiced, row.holds) == (150, -300, 450, True)


def test_an_ended_invoice_still_claims_until_its_items_are_released() -> None:
    ended = replace(INVOICES[0], status=InvoiceStatus.REJECTED)
    (row,) = conservation([known(CLAIMED)], [CLAIMED], [ended])
    assert (row.claimed, row.holds) == (300, True)


def test_each_project_and_currency_is_its_own_row() -> None:
    other = replace(OPEN, project_id="prj-2")
    moved = replace(OPEN, value=-OPEN.value)
    rows = conservation([known(other)], [OPEN, moved, other], [])
    assert [(row.project, row.open, row.holds) for row in rows] == [("prj-1", 0, True), ("prj-2", 150, True)]


def test_rows_that_cancel_each_other_do_not_hide_a_difference() -> None:
    wrong_project = replace(OPEN, project_id="prj-2")
    rows = conservation([known(OPEN)], [wrong_project], [])
    assert [row.holds for row in rows] == [False, False]


def test_a_seal_holds_while_count_and_net_are_those_of_the_claimed_items() -> None:
    assert broken_seals([CLAIMED, POSTED], INVOICES) == ()
    (broken,) = broken_seals([CLAIMED], INVOICES)
    assert (broken.invoice_id, broken.found_items, broken.sealed_net) == ("inv-2", 0, Decimal(450))


def test_drafts_and_ended_invoices_have_no_seal_to_break() -> None:
    unsealed = [replace(INVOICES[0], status=status) for status in (InvoiceStatus.DRAFT, InvoiceStatus.REJECTED)]
    assert broken_seals([], unsealed) == ()
