"""invoice.rejected: the ERP said no for good and the claims were released. Producer: processes/invoice."""

from __future__ import annotations

from events.envelope import EventData


class InvoiceRejected(EventData):
    """code: the fault's code; reason: in words a finance person reads."""

    invoice_id: str
    customer_id: str
    contract_id: str
    project_ids: tuple[str, ...]
    code: str
    reason: str
