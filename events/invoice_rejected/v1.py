"""invoice.rejected: the ERP said no for good and the claims were released. Producer: processes/invoice."""

from __future__ import annotations

from typing import ClassVar

from events.envelope import EventData


class InvoiceRejected(EventData):
    """code: the fault's code; reason: in words a finance person reads."""

    event_type: ClassVar[str] = "invoice.rejected.v1"
    invoice_id: str
    customer_id: str
    contract_id: str
    project_ids: tuple[str, ...]
    code: str
    reason: str
