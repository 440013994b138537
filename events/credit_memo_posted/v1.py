"""credit_memo.posted: the ERP has the credit memo. Producer: processes/invoice."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from events.envelope import EventData
from events.values import Amount, Ref


class CreditMemoPosted(EventData):
    """Amounts are positive: what the customer is given back. invoice_id: of the invoice it is against.

    applied: how much of it the ERP set against that invoice; less than `gross` where the invoice was paid before.
    """

    event_type: ClassVar[str] = "credit_memo.posted.v1"

    memo_id: str
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
    applied: Amount | None = None
    issued_on: date
