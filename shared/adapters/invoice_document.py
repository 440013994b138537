"""The priced invoice document as it lies in the object store: JSON, amounts as texts."""

from __future__ import annotations

from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from shared.domain.invoice import InvoiceDocument
from shared.faults import Poison


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[InvoiceDocument]:
    """Built when first needed: it is the dearest part of importing a connector."""
    return TypeAdapter(InvoiceDocument)


def read_document(body: bytes) -> InvoiceDocument:
    """Raises Poison("document_unreadable")."""
    try:
        return _reader().validate_json(body)
    except ValidationError as error:
        raise Poison("document_unreadable", errors=str(error.error_count())) from None
