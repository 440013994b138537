"""Objects named by type and id, as external references, custom field values and events name them."""

from __future__ import annotations

from sandbox.kantata.book import Book, Record
from sandbox.kantata.kinds import BY_SUBJECT, reference_subject
from sandbox.kantata.shape import Kind

_SUBMISSIONS = ("timesheet_submissions", "expense_report_submissions")


def find_subject(book: Book, subject_type: str, subject_id: str) -> tuple[str, Record] | None:
    """(resource key, record), or None when there is none. `Submission` and `Resource` are the API's shared names."""
    keys: tuple[str, ...]
    if subject_type == "Submission":
        keys = _SUBMISSIONS
    elif subject_type == "Resource":
        keys = ("workspace_resources",)
    else:
        kind = BY_SUBJECT.get(subject_type)
        keys = (kind.key,) if kind else ()
    for key in keys:
        record = book.get(key, subject_id)
        if record is not None:
            return key, record
    return None


def reference_link(kind: Kind, record_id: str) -> str:
    """The value external references of this object carry in their `subject` field."""
    return f"{reference_subject(kind)}:{record_id}"


def field_value_link(kind: Kind, record_id: str) -> str:
    """The same for custom field values, where a project's resource is called `Resource`."""
    return f"{'Resource' if kind.key == 'workspace_resources' else kind.subject}:{record_id}"
