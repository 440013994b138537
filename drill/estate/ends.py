"""The end of a story as the vendors' own records tell it, and what must hold of it whatever failed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from drill.estate.story import Shape, Story

Row = Mapping[str, Any]
End = tuple[Any, ...]
"""One invoice: net, tax, gross, what is still to pay, lines, and its states here, in delivery and in sales."""


@dataclass(frozen=True)
class Records:
    """What the fabric and the vendors hold, read once. psa_invoices: of each entry, the Kantata invoice it is on."""

    ours: Mapping[str, Row]
    references: Sequence[Row]
    in_sales: Sequence[Row]
    psa_invoices: Mapping[str, str | None]

    @classmethod
    def read(cls, story: Story) -> Records:
        psa, crm = story.firm.delivery.control, story.firm.sellers.control
        return cls(
            ours={row["invoice_id"]: row for row in story.firm.fabric.read("/invoices")["invoices"]},
            references=[row for row in psa.records("external_references") if row["service_model"] == "Invoice"],
            in_sales=crm.records("Fabric_Invoice__c"),
            psa_invoices={row["id"]: row.get("invoice_id") for row in psa.records("time_entries") if row["approved"]},
        )

    def end_of(self, row: Row) -> End:
        """row: an invoice as the ERP holds it."""
        invoice_id = str(row["externalId"])
        money = (row[name] for name in ("subtotal", "taxTotal", "total", "amountRemaining"))
        psa = (each["external_status"] for each in self.references if each["service_model_ref"] == invoice_id)
        crm = (each for each in self.in_sales if each["Fabric_Key__c"] == invoice_id)
        shown = ((each["Status__c"], plain(each["Gross__c"]), plain(each["Amount_Paid__c"])) for each in crm)
        status = self.ours.get(invoice_id, {}).get("status", "unknown here")
        return (*map(plain, money), len(row["item"]), status, tuple(psa), tuple(shown))


def plain(amount: object) -> str:
    """One text for one amount."""
    return f"{Decimal(str(amount)):f}"


def ends_of(story: Story) -> dict[str, list[End]]:
    """By deal. In which order a deal's invoices came says nothing."""
    records = Records.read(story)
    return {
        deal.name: sorted((records.end_of(row) for row in story.firm.erp_invoices(deal)), key=str)
        for deal in story.everything
    }


def ends_by_shape(calm: Story) -> dict[Shape, End]:
    """Raises AssertionError where even the calm story came to two ends for one shape, or to none."""
    records = Records.read(calm)
    found: dict[Shape, set[End]] = {}
    for deal in calm.everything:
        rows = {plain(row["total"]): records.end_of(row) for row in calm.firm.erp_invoices(deal)}
        for each in calm.billed:
            if each.worked.deal == deal:
                found.setdefault(each.shape, set()).add(rows[plain(each.worked.gross)])
    assert all(len(ends) == 1 for ends in found.values()), found
    return {shape: end for shape, (end,) in found.items()}


def differences(story: Story, calm: Mapping[Shape, End]) -> Iterator[str]:
    """One line per deal whose invoices are not those of the calm story."""
    found = ends_of(story)
    for deal in story.everything:
        wanted = sorted((calm[each.shape] for each in story.billed if each.worked.deal == deal), key=str)
        if wanted != found[deal.name]:
            missing = list((Counter(wanted) - Counter(found[deal.name])).elements())
            beyond = list((Counter(found[deal.name]) - Counter(wanted)).elements())
            yield f"{deal.name}: without {missing}, instead {beyond}"


def complaints(story: Story, filled: Sequence[str], open_: Sequence[Row]) -> Iterator[str]:
    """filled: places with dead letters. open_: exceptions; the calm story leaves none."""
    records = Records.read(story)
    yield from (f"not conserved: {row}" for row in story.firm.fabric.read("/audit")["by_project"] if not row["holds"])
    yield from doubled(story, records)
    for billed in story.billed:
        lost = [each for each in billed.worked.entry_ids if not records.psa_invoices.get(each)]
        if lost:
            yield f"{billed.worked.deal.name}: approved, on no invoice in delivery: {lost}"
    yield from (f"dead letters in {queue}" for queue in filled)
    yield from (f"open: {row['type']} {row['subject']}, owner {row['owner'] or 'nobody'}" for row in open_)


def doubled(story: Story, records: Records) -> Iterator[str]:
    """A deal's project, an invoice, and what is shown of it stand once in every system."""
    jobs = Counter(str(row.get("companyName")) for row in story.firm.payers.jobs())
    projects = Counter(str(row["title"]) for row in story.firm.delivery.control.records("workspaces"))
    for deal in story.everything:
        if (jobs[deal.name], projects[deal.name]) != (1, 1):
            yield f"{deal.name}: {jobs[deal.name]} times in the ERP, {projects[deal.name]} times in delivery"
    erp = Counter(str(row["externalId"]) for row in story.firm.payers.invoices())
    psa = Counter(str(row["service_model_ref"]) for row in records.references)
    crm = Counter(str(row["Fabric_Key__c"]) for row in records.in_sales)
    for where, seen in (("ERP", erp), ("delivery", psa), ("sales", crm)):
        yield from (f"{invoice_id} stands {times} times in {where}" for invoice_id, times in seen.items() if times > 1)
