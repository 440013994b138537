"""Which of their projects are ours: those that carry our project id as an external reference."""

from __future__ import annotations

from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.settings import SERVICE

OURS = {"external_reference_service_name": SERVICE, "include_archived": True}


def our_project_id(workspace: Row, page: Page) -> str | None:
    """Our project id, None for a project that the fabric did not make."""
    for id_ in workspace.get("external_reference_ids") or ():
        reference = page.side("external_references", id_)
        if reference.get("service_name") == SERVICE and reference.get("service_model") == "Project":
            return str(reference["service_model_ref"])
    return None
