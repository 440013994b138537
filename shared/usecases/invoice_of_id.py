"""Which invoice a person means: by our id, the ERP's id or the ERP's number."""

from __future__ import annotations

from shared.domain.invoice import Invoice
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.subject_named import Subject, subject_named

NUMBER = "invoice_number"


def number_kind(legal_entity_id: str) -> str:
    """Kind of the reference to an ERP's number: legal entities may number their invoices alike."""
    return f"{NUMBER}:{legal_entity_id}"


def invoice_of_id(any_id: str, ports: Ports) -> Invoice:
    """Raises BusinessException("invoice_unknown"), or ("id_ambiguous") naming those that have the same number."""

    def known(ours: str) -> Subject | None:
        found = ports.invoices.find(ours)
        return Subject(found.invoice_id, found.group.legal_entity_id) if found else None

    named = subject_named(any_id, known, ports)
    if named is None:
        raise BusinessException("invoice_unknown", id=any_id)
    return ports.invoices.get(named.our_id)
