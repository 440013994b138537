"""Fields the account adds to projects, tasks, people and groups, and their values.

Creating a value where there is one replaces it: the new one has a new id.
"""

from __future__ import annotations

from typing import Any

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.feed import ACCOUNT_ID
from sandbox.kantata.fields import day, id_or_none, required, truth, whole
from sandbox.kantata.kinds import KINDS
from sandbox.kantata.money import currency_of, display
from sandbox.kantata.subjects import find_subject

SUBJECTS = ("Estimate", "Story", "User", "Workspace", "WorkspaceGroup", "Resource")
VALUE_TYPES = ("string", "date", "number", "currency", "single", "multi")


def create_field(call: Call, body: Record) -> Record:
    """A field with, for `single` and `multi`, its `choices` (labels)."""
    if not call.viewer.is_admin:
        raise forbidden()
    required(body, "name", "subject_type", "value_type")
    if body["subject_type"] not in SUBJECTS:
        raise invalid("subject_type", f"Subject type must be one of {', '.join(SUBJECTS)}")
    if body["value_type"] not in VALUE_TYPES:
        raise invalid("value_type", f"Value type must be one of {', '.join(VALUE_TYPES)}")
    same = (f for f in call.book.all("custom_fields") if f["subject_type"] == body["subject_type"])
    if any(f["name"] == body["name"] for f in same):
        raise invalid("name", "Name has already been taken")
    made = call.insert("custom_fields", {
        "name": str(body["name"]), "subject_type": body["subject_type"], "value_type": body["value_type"],
        "api_visible": True, "read_access": body.get("read_access") or "project_collaboration",
        "write_access": body.get("write_access") or "project_admin", "required": truth(body.get("required", False)),
        "account_id": ACCOUNT_ID, "custom_field_set_id": id_or_none(body, "custom_field_set_id"), "default": None,
    })  # fmt: skip
    for label in body.get("choices") or []:
        create_choice(call, {"custom_field_id": made["id"], "label": label})
    return made


def create_choice(call: Call, body: Record) -> Record:
    if not call.viewer.is_admin:
        raise forbidden()
    required(body, "custom_field_id", "label")
    of = call.linked("custom_fields", body["custom_field_id"], "custom_field_id")
    return call.insert("custom_field_choices", {
        "custom_field_id": of["id"], "label": str(body["label"]), "active": True,
        "position": len(call.book.ids_with("custom_field_choices", "custom_field_id", of["id"])) + 1,
    })  # fmt: skip


def create_set(call: Call, body: Record) -> Record:
    if not call.viewer.is_admin:
        raise forbidden()
    required(body, "name", "subject_type")
    return call.insert("custom_field_sets", {
        "name": str(body["name"]), "subject_type": body["subject_type"], "account_id": ACCOUNT_ID,
    })  # fmt: skip


_LEVELS = {"project_collaboration": 1, "time_logging": 2, "financial": 3, "project_admin": 4}


def _subject(call: Call, body: Record, of: Record) -> tuple[str, Record]:
    """The object the value is for, if the viewer may write this field there. Raises 403, 422."""
    if body["subject_type"] != of["subject_type"]:
        raise invalid("subject_type", f"{of['name']} is a field of {of['subject_type']}")
    found = find_subject(call.book, str(body["subject_type"]), str(body["subject_id"]))
    if found is None or not call.viewer.sees(*found):
        raise invalid("subject_id", f"{body['subject_type']} {body['subject_id']} could not be found")
    key, record = found
    workspace_id = record["id"] if key == "workspaces" else record.get("workspace_id")
    needed = _LEVELS.get(of["write_access"], 5) if workspace_id else 5
    if not call.viewer.is_admin and call.viewer.level(workspace_id) < needed:
        raise forbidden()
    return found


def create_value(call: Call, body: Record) -> Record:
    required(body, "subject_type", "subject_id", "custom_field_id")
    if "value" not in body:
        raise invalid("value", "Value can't be blank")
    of = call.linked("custom_fields", body["custom_field_id"], "custom_field_id")
    key, subject = _subject(call, body, of)
    link = f"{of['subject_type']}:{subject['id']}"
    old = [v for v in call.book.with_value("custom_field_values", "subject", link) if v["custom_field_id"] == of["id"]]
    for value in old:
        call.remove("custom_field_values", value)
    made = call.insert("custom_field_values", _value(call, of, body["value"]) | {
        "subject_type": of["subject_type"], "subject_id": subject["id"], "subject": link,
        "custom_field_id": of["id"], "setter_id": call.viewer.user_id, "account_id": ACCOUNT_ID, "can_edit": True,
    })  # fmt: skip
    _tell(call, key, subject, "updated" if old else "created")
    return made


def update_value(call: Call, record: Record, body: Record) -> Record:
    of = call.known("custom_fields", record["custom_field_id"])
    key, subject = _subject(call, {"subject_type": record["subject_type"], "subject_id": record["subject_id"]}, of)
    if "value" not in body:
        raise invalid("value", "Value can't be blank")
    changed = call.update("custom_field_values", record,
                          _value(call, of, body["value"]) | {"setter_id": call.viewer.user_id})  # fmt: skip
    if changed is not record:
        _tell(call, key, subject, "updated")
    return changed


def delete_value(call: Call, record: Record) -> None:
    of = call.known("custom_fields", record["custom_field_id"])
    key, subject = _subject(call, {"subject_type": record["subject_type"], "subject_id": record["subject_id"]}, of)
    call.remove("custom_field_values", record)
    _tell(call, key, subject, "deleted")


def _tell(call: Call, key: str, subject: Record, verb: str) -> None:
    if KINDS[key].event:
        call.announce(key, f"custom_field_value_{verb}", subject)
    if call.settings.custom_field_touches_subject:
        call.update(key, subject, {}, touch=True)


def _value(call: Call, of: Record, value: Any) -> Record:
    """The value in the form its type asks for, and how it is displayed."""
    body, choices = {"value": value}, []
    kept: Any = value
    shown = "" if value is None else str(value)
    match of["value_type"]:
        case "string" if value is not None:
            kept = shown
        case "date" if value:
            kept = shown = day(body, "value")
        case "number" if value is not None:
            kept = whole(body, "value")
        case "currency" if value:
            amount, code = value
            kept = [whole({"value": amount}, "value"), currency_of(code, "value")]
            shown = display(kept[0], kept[1])
        case "single" | "multi":
            choices = [str(i) for i in (value if isinstance(value, list) else [value] if value else [])]
            rows = [call.linked("custom_field_choices", i, "value") for i in choices]
            if any(row["custom_field_id"] != of["id"] for row in rows):
                raise invalid("value", "Choice belongs to another field")
            kept, shown = [int(i) for i in choices], ", ".join(row["label"] for row in rows)
    return {"value": kept, "display_value": shown, "selected_choice_ids": choices}
