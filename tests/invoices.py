"""An invoice document of any lines, totalled by the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from shared.domain.invoice import InvoiceDocument, InvoiceLine
from shared.usecases.total_invoice import total_invoice


def a_document(lines: Sequence[InvoiceLine], **changes: Any) -> InvoiceDocument:
    values: dict[str, Any] = {
        "invoice_id": "inv-1",
        "legal_entity_id": "DE01",
        "customer_id": "cus-1",
        "contract_id": "con-1",
        "contract_reference": "C-2026-001",
        "project_id": "prj-1",
        "purchase_order": "PO-7",
        "currency": lines[0].net.currency,
        "issued_on": date(2026, 10, 31),
        "due_on": date(2026, 11, 30),
        "period_end": date(2026, 10, 31),
        "lines": tuple(lines),
        "totals": total_invoice(lines),
    }
    return InvoiceDocument(**(values | changes))
