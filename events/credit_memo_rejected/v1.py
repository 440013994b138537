"""credit_memo.rejected: the credit memo will not be posted; nothing is taken back. Producer: processes/invoice."""

from __future__ import annotations

from typing import ClassVar

from events.envelope import EventData


class CreditMemoRejected(EventData):
    """code: the fault's code; why: in words a finance person reads."""

    event_type: ClassVar[str] = "credit_memo.rejected.v1"

    memo_id: str
    invoice_id: str
    customer_id: str
    contract_id: str
    project_ids: tuple[str, ...]
    code: str
    why: str
