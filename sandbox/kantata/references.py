"""External references: what an object is called in another system. One per object and service name."""

from __future__ import annotations

from sandbox.kantata.book import Record
from sandbox.kantata.desk import Desk
from sandbox.kantata.errors import invalid
from sandbox.kantata.fields import required, truth
from sandbox.kantata.kinds import REFERENCE_SUBJECTS
from sandbox.kantata.subjects import find_subject

STATUSES = ("pending", "successful", "failed")
_TEXTS = ("service_model", "service_model_ref", "external_status", "external_message", "external_link")


def create_or_update(desk: Desk, body: Record) -> Record:
    """Makes the object's reference to this service, or changes the one there is."""
    subject_type, subject_id = _subject(desk, body)
    found = _existing(desk, subject_type, subject_id, str(body["service_name"]))
    if found is None:
        return _insert(desk, subject_type, subject_id, body)
    return desk.update("external_references", found, _changes(body) | {"last_synced_at": desk.clock.now()})


def create(desk: Desk, body: Record) -> Record:
    """Like it, but a reference to the service that is there already is a 422."""
    subject_type, subject_id = _subject(desk, body)
    if _existing(desk, subject_type, subject_id, str(body["service_name"])):
        raise invalid("service_name", "Service name has already been taken")
    return _insert(desk, subject_type, subject_id, body)


def attach(desk: Desk, subject_type: str, subject_id: str, body: Record) -> Record:
    """The `external_reference` written inside the object's own body."""
    return create(desk, body | {"subject_type": subject_type, "subject_id": subject_id})


def delete(desk: Desk, record: Record) -> None:
    desk.remove("external_references", record)


def _subject(desk: Desk, body: Record) -> tuple[str, str]:
    required(body, "subject_type", "subject_id", "service_name", "service_model", "service_model_ref")
    subject_type = str(body["subject_type"])
    if subject_type not in REFERENCE_SUBJECTS:
        raise invalid("subject_type", f"Subject type {subject_type} is not supported")
    found = find_subject(desk.book, subject_type, str(body["subject_id"]))
    if found is None or not desk.viewer.sees(*found):
        raise invalid("subject_id", f"{subject_type} {body['subject_id']} could not be found")
    return subject_type, str(body["subject_id"])


def _existing(desk: Desk, subject_type: str, subject_id: str, service_name: str) -> Record | None:
    for row in desk.book.with_value("external_references", "subject", f"{subject_type}:{subject_id}"):
        if row["service_name"] == service_name:
            return row
    return None


def _changes(body: Record) -> Record:
    changes: Record = {name: None if body[name] is None else str(body[name]) for name in _TEXTS if name in body}
    if body.get("status") is not None:
        if body["status"] not in STATUSES:
            raise invalid("status", f"Status must be one of {', '.join(STATUSES)}")
        changes["status"] = body["status"]
    return changes | ({"locked": truth(body["locked"])} if body.get("locked") is not None else {})


def _insert(desk: Desk, subject_type: str, subject_id: str, body: Record) -> Record:
    return desk.insert("external_references", dict.fromkeys(_TEXTS) | {
        "subject_type": subject_type, "subject_id": subject_id, "subject": f"{subject_type}:{subject_id}",
        "service_name": str(body["service_name"]), "status": "successful", "locked": False,
        "last_synced_at": desk.clock.now(),
    } | _changes(body))  # fmt: skip
