"""Which invoice a person means: by our id, the ERP's id or the ERP's number."""

from __future__ import annotations

from shared.domain.invoice import Invoice
from shared.faults import BusinessException
from shared.ports.ports import Ports

NUMBER = "invoice_number"


def number_kind(legal_entity_id: str) -> str:
    """Kind of the reference to an ERP's number: legal entities may number their invoices alike."""
    return f"{NUMBER}:{legal_entity_id}"


def invoice_of_id(any_id: str, ports: Ports) -> Invoice:
    """Raises BusinessException("invoice_unknown"), or ("invoice_ambiguous") naming those that have the same number."""
    if found := ports.invoices.find(any_id):
        return found
    named = {
        ours for ref, ours in ports.references.look_up(any_id) if ref.kind.partition(":")[0] in ("invoice", NUMBER)
    }
    invoices = [found for ours in sorted(named) if (found := ports.invoices.find(ours))]
    if len(invoices) > 1:
        ids = ", ".join(f"{each.group.legal_entity_id} {each.invoice_id}" for each in invoices)
        raise BusinessException("invoice_ambiguous", id=any_id, invoices=ids)
    if not invoices:
        raise BusinessException("invoice_unknown", id=any_id)
    return invoices[0]
