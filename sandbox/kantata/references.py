"""External references: what an object is called in another system. One per object and service name."""

from __future__ import annotations

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import invalid
from sandbox.kantata.fields import required, truth
from sandbox.kantata.kinds import REFERENCE_SUBJECTS
from sandbox.kantata.subjects import find_subject

STATUSES = ("pending", "successful", "failed")
_TEXTS = ("service_model", "service_model_ref", "external_status", "external_message", "external_link")


def create_or_update(call: Call, body: Record) -> Record:
    """Makes the object's reference to this service, or changes the one there is."""
    subject_type, subject_id = _subject(call, body)
    found = _existing(call, subject_type, subject_id, str(body["service_name"]))
    if found is None:
        return _insert(call, subject_type, subject_id, body)
    return call.update("external_references", found, _changes(body) | {"last_synced_at": call.clock.now()})


def create(call: Call, body: Record) -> Record:
    """Like it, but a reference to the service that is there already is a 422."""
    subject_type, subject_id = _subject(call, body)
    if _existing(call, subject_type, subject_id, str(body["service_name"])):
        raise invalid("service_name", "Service name has already been taken")
    return _insert(call, subject_type, subject_id, body)


def attach(call: Call, subject_type: str, subject_id: str, body: Record) -> Record:
    """The `external_reference` written inside the object's own body."""
    return create(call, body | {"subject_type": subject_type, "subject_id": subject_id})


def delete(call: Call, record: Record) -> None:
    call.remove("external_references", record)


def _subject(call: Call, body: Record) -> tuple[str, str]:
    required(body, "subject_type", "subject_id", "service_name", "service_model", "service_model_ref")
    subject_type = str(body["subject_type"])
    if subject_type not in REFERENCE_SUBJECTS:
        raise invalid("subject_type", f"Subject type {subject_type} is not supported")
    found = find_subject(call.book, subject_type, str(body["subject_id"]))
    if found is None or not call.viewer.sees(*found):
        raise invalid("subject_id", f"{subject_type} {body['subject_id']} could not be found")
    return subject_type, str(body["subject_id"])


def _existing(call: Call, subject_type: str, subject_id: str, service_name: str) -> Record | None:
    for row in call.book.with_value("external_references", "subject", f"{subject_type}:{subject_id}"):
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


def _insert(call: Call, subject_type: str, subject_id: str, body: Record) -> Record:
    return call.insert("external_references", dict.fromkeys(_TEXTS) | {
        "subject_type": subject_type, "subject_id": subject_id, "subject": f"{subject_type}:{subject_id}",
        "service_name": str(body["service_name"]), "status": "successful", "locked": False,
        "last_synced_at": call.clock.now(),
    } | _changes(body))  # fmt: skip
