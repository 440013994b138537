"""invoice.paid: the ERP shows money against it, in part or in full. Producer: connectors/erp."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from events.envelope import EventData
from events.values import Amount, Ref


class InvoicePaid(EventData):
    """paid and open are cumulative, in the invoice's currency, as the ERP has them at this event's sequence."""

    event_type: ClassVar[str] = "invoice.paid.v1"
    invoice_id: str
    erp_ref: Ref
    erp_number: str
    state: Literal["part_paid", "paid"]
    paid: Amount
    open: Amount
    seen_on: date
