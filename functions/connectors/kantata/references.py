"""External references: how our ids stand in Kantata, one per object and service. Kantata has no idempotency key, so this
is what everything we create is looked up by.

Source: docs/connectors/kantata.md, "External references".
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.connectors.kantata.client import Kantata
from functions.connectors.kantata.settings import SERVICE


@dataclass(frozen=True)
class Subject:
    """subject_type: Kantata's word for the kind of object. model: ours ("Project", "Client", "Invoice")."""

    subject_type: str
    model: str


PROJECT = Subject("Workspace", "Project")
CLIENT = Subject("WorkspaceGroup", "Client")
INVOICE = Subject("Invoice", "Invoice")


def find_subject(account: Kantata, subject: Subject, our_id: str, *, lane: str) -> str | None:
    """Their id of the object that carries our id. The oldest, should two ever do."""
    params = {
        "subject_type": subject.subject_type,
        "service_name": SERVICE,
        "service_model": subject.model,
        "service_model_ref": our_id,
    }
    found = [
        int(row["subject_id"])
        for row in account.page("/external_references", params, lane=lane).rows
        if str(row.get("service_model_ref")) == our_id and str(row.get("service_model")) == subject.model
    ]
    return str(min(found)) if found else None


def put_reference(
    account: Kantata, subject: Subject, subject_id: str, our_id: str, *, lane: str, status: str = "", message: str = ""
) -> None:
    """Made or changed; may be repeated at will. status and message: of the object in the ERP, as people read them."""
    body = {
        "subject_type": subject.subject_type,
        "subject_id": int(subject_id),
        "service_name": SERVICE,
        "service_model": subject.model,
        "service_model_ref": our_id,
        "status": "successful",
        "external_status": status,
        "external_message": message,
    }
    account.create("/external_references/create_or_update", {"external_reference": body}, lane=lane)
