"""The life of an invoice: which state may follow which."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.invoice import Invoice, InvoiceStatus
from shared.faults import BusinessException

NEXT: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    InvoiceStatus.DRAFT: frozenset({InvoiceStatus.SEALED, InvoiceStatus.CANCELLED}),
    InvoiceStatus.SEALED: frozenset({InvoiceStatus.PRICED, InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED}),
    InvoiceStatus.PRICED: frozenset(
        {InvoiceStatus.APPROVED, InvoiceStatus.SUBMITTED, InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED}
    ),
    InvoiceStatus.APPROVED: frozenset({InvoiceStatus.SUBMITTED, InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED}),
    InvoiceStatus.SUBMITTED: frozenset({InvoiceStatus.POSTED, InvoiceStatus.REJECTED}),
    InvoiceStatus.POSTED: frozenset({InvoiceStatus.PAID}),
    InvoiceStatus.PAID: frozenset({InvoiceStatus.POSTED}),
    InvoiceStatus.REJECTED: frozenset(),
    InvoiceStatus.CANCELLED: frozenset(),
}
"""Once submitted the ERP may have it: from there only the ERP's answer ends it, nobody cancels it here.

A paid invoice is posted again when the payment bounces. What is posted is corrected by credit memo, never taken back.
"""

CLAIMING = frozenset(
    {
        InvoiceStatus.DRAFT,
        InvoiceStatus.SEALED,
        InvoiceStatus.PRICED,
        InvoiceStatus.APPROVED,
        InvoiceStatus.SUBMITTED,
    }
)
"""Work on it is taken, and not yet in the books."""

IN_THE_BOOKS = frozenset({InvoiceStatus.POSTED, InvoiceStatus.PAID})

ENDED = frozenset({InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED})
"""It will never be posted; its work is open again once the claims are released."""


def advance(invoice: Invoice, to: InvoiceStatus) -> Invoice:
    """Raises BusinessException("invoice_state") for a step that no invoice takes. Staying is no step."""
    if to not in NEXT[invoice.status]:
        raise BusinessException(
            "invoice_state", invoice_id=invoice.invoice_id, status=invoice.status.value, wanted=to.value
        )
    return replace(invoice, status=to)
