"""credit_memo.requested: a credit memo is sealed, priced, on its way to the ERP. Producer: processes/invoice."""

from __future__ import annotations

from typing import ClassVar

from events.envelope import EventData
from events.values import Amount


class CreditMemoRequested(EventData):
    """Amounts are positive: what the customer is given back. invoice_id: of the invoice it is against."""

    event_type: ClassVar[str] = "credit_memo.requested.v1"

    memo_id: str
    invoice_id: str
    customer_id: str
    contract_id: str
    project_ids: tuple[str, ...]
    reason: str
    submitter: str
    approver: str | None = None
    items: int
    net: Amount
    tax: Amount
    gross: Amount
