"""`billweave invoice check`: every rule of EN 16931's arithmetic over a UBL document, and Peppol's about lines."""

from __future__ import annotations

from shared.einvoice.check_form import check_form
from shared.einvoice.check_lines import check_lines
from shared.einvoice.check_tax import check_tax
from shared.einvoice.check_totals import check_totals
from shared.einvoice.finding import Finding
from shared.einvoice.ubl_document import UblDocument


def check_ubl(document: UblDocument) -> list[Finding]:
    """Broken rules first, then notes. Peppol's own rules are notes in a document that is not of Peppol.

    Source: docs/billing.md, "Checking invoices".
    """
    every = [*check_totals(document), *check_lines(document), *check_tax(document), *check_form(document)]
    return sorted(every, key=lambda finding: not finding.broken)
