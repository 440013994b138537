"""invoice.posted: the ERP has it. Producer: processes/invoice."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from events.envelope import EventData
from events.values import Amount, Ref


class InvoicePosted(EventData):
    """erp_gross: as the ERP computed it, which equals `gross` or there is an open exception."""

    event_type: ClassVar[str] = "invoice.posted.v1"
    invoice_id: str
    customer_id: str
    contract_id: str
    project_ids: tuple[str, ...]
    erp_ref: Ref
    erp_number: str
    net: Amount
    tax: Amount
    gross: Amount
    erp_gross: Amount
    issued_on: date
    due_on: date
