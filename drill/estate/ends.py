"""The end of a story as the vendors' own records tell it, and what must hold of it whatever failed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from drill.estate.story import Shape, Story
from sandbox.firm.desks import ErpInvoice
from sandbox.firm.shape import Deal

Row = Mapping[str, Any]
End = tuple[Any, ...]
"""One invoice: net, gross, what is still to pay, lines, and its states here, in delivery and in sales."""


class Ends:
    """Of a story's invoices. ours: the fabric's, read once."""

    def __init__(self, story: Story) -> None:
        self._firm = story.firm
        self._ours = {row["invoice_id"]: row for row in self._firm.fabric.read("/invoices")["invoices"]}

    def of(self, deal: Deal) -> list[tuple[ErpInvoice, End]]:
        """As the ERP holds them, in no order."""
        shown = self._firm.crm_invoices(deal)
        found = []
        for invoice in self._firm.erp_invoices(deal):
            status = self._ours.get(invoice.reference, {}).get("status", "unknown here")
            marks = sorted((mark.status, len(mark.entries)) for mark in self._firm.psa_marks(invoice.reference))
            sales = sorted((s.status, plain(s.gross), plain(s.paid)) for s in shown if s.reference == invoice.reference)
            money = (plain(invoice.net), plain(invoice.gross), plain(invoice.unpaid))
            found.append((invoice, (*money, len(invoice.lines), status, tuple(marks), tuple(sales))))
        return found


def plain(amount: Decimal) -> str:
    """One text for one amount."""
    return f"{amount.normalize():f}"


def ends_by_shape(calm: Story) -> dict[Shape, End]:
    """Raises AssertionError where even the calm story came to two ends for one shape, or to none."""
    ends, found = Ends(calm), dict[Shape, set[End]]()
    for deal in calm.everything:
        by_gross = {invoice.gross: end for invoice, end in ends.of(deal)}
        for each in calm.billed:
            if each.worked.deal == deal:
                found.setdefault(each.shape, set()).add(by_gross[each.worked.gross])
    assert all(len(each) == 1 for each in found.values()), found
    return {shape: end for shape, (end,) in found.items()}


def differences(story: Story, calm: Mapping[Shape, End]) -> Iterator[str]:
    """One line per deal whose invoices are not those of the calm story."""
    ends = Ends(story)
    for deal in story.everything:
        wanted = Counter(calm[each.shape] for each in story.billed if each.worked.deal == deal)
        found = Counter(end for _, end in ends.of(deal))
        if wanted != found:
            missing, beyond = list((wanted - found).elements()), list((found - wanted).elements())
            yield f"{deal.name}: without {missing}, instead {beyond}"


def complaints(story: Story, filled: Sequence[str], open_: Sequence[Row]) -> Iterator[str]:
    """filled: places with dead letters. open_: exceptions; the calm story leaves none."""
    yield from (f"not conserved: {row}" for row in story.firm.fabric.read("/audit")["by_project"] if not row["holds"])
    yield from doubled(story)
    invoiced = {entry.entry_id for entry in story.firm.delivery.approved_time() if entry.invoiced}
    for billed in story.billed:
        if lost := [each for each in billed.worked.entry_ids if each not in invoiced]:
            yield f"{billed.worked.deal.name}: approved, on no invoice in delivery: {lost}"
    yield from (f"dead letters in {queue}" for queue in filled)
    yield from (f"open: {row['type']} {row['subject']}, owner {row['owner'] or 'nobody'}" for row in open_)


def doubled(story: Story) -> Iterator[str]:
    """A deal's project, an invoice, and what is shown of it stand once in every system."""
    firm = story.firm
    projects = Counter(firm.delivery.project_titles())
    for deal in story.everything:
        in_erp = len(firm.erp_projects(deal))
        if (in_erp, projects[deal.name]) != (1, 1):
            yield f"{deal.name}: {in_erp} times in the ERP, {projects[deal.name]} times in delivery"
        seen = Counter(shown.reference for shown in firm.crm_invoices(deal))
        yield from (f"{reference} stands {times} times in sales" for reference, times in seen.items() if times > 1)
    for reference, times in Counter(each.reference for each in firm.finance.invoices()).items():
        marks = len(firm.psa_marks(reference))
        if times > 1 or marks > 1:
            yield f"{reference} stands {times} times in the ERP, {marks} times in delivery"
