"""invoice.requested: sealed, priced, on its way to the ERP. Producer: processes/invoice."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from events.envelope import EventData
from events.values import Amount


class InvoiceRequested(EventData):
    event_type: ClassVar[str] = "invoice.requested.v1"

    invoice_id: str
    customer_id: str
    contract_id: str
    project_ids: tuple[str, ...]
    period_end: date
    items: int
    net: Amount
    tax: Amount
    gross: Amount
