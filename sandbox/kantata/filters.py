"""Filters of each resource.

Several boolean filters act by being there: `approved=false` filters approved records like `approved=true`.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import bad_request
from sandbox.kantata.rates import effective_version

Test = Callable[[Record], bool]
Build = Callable[[Call, str], Test]


def parse_flag(text: str) -> bool:
    return text.strip().lower() in ("true", "1", "t", "yes")


def _ids(text: str) -> set[str]:
    return {part.strip() for part in text.split(",") if part.strip()}


def equals(field: str) -> Build:
    """One id or a csv of them."""

    def build(call: Call, text: str) -> Test:
        wanted = _ids(text)
        return lambda row: str(row.get(field)) in wanted

    return build


def holds(field: str) -> Build:
    def build(call: Call, text: str) -> Test:
        wanted = _ids(text)
        return lambda row: bool(wanted & set(row.get(field) or ()))

    return build


def flag(field: str) -> Build:
    def build(call: Call, text: str) -> Test:
        wanted = parse_flag(text)
        return lambda row: bool(row.get(field)) is wanted

    return build


def is_set(field: str) -> Build:
    def build(call: Call, text: str) -> Test:
        wanted = parse_flag(text)
        return lambda row: (row[field] is not None) is wanted

    return build


def present(name: str, test: Callable[[Call], Test]) -> Build:
    """A filter whose value is not read, unless the settings say that this one is."""

    def build(call: Call, text: str) -> Test:
        passes = test(call)
        if name in call.settings.presence_filters or parse_flag(text):
            return passes
        return lambda row: not passes(row)

    return build


def approved_if(setting: str) -> Callable[[Call], Test]:
    """On an approved submission, or in a project that asks for no approval."""

    def test(call: Call) -> Test:
        free = {row["id"] for row in call.book.all("workspaces") if not row[setting]}
        return lambda row: row["approved"] or row["workspace_id"] in free

    return test


def between(field: str) -> Build:
    """`2026-03-01:2026-03-31`, both ends in, either end may be missing."""

    def build(call: Call, text: str) -> Test:
        start, colon, end = text.partition(":")
        if not colon:
            raise bad_request(f"{text!r} is not a range of two dates divided by a colon")
        return lambda row: (start or "0") <= (row.get(field) or "") <= (end or "9")

    return build


def contains(*fields: str) -> Build:
    def build(call: Call, text: str) -> Test:
        wanted = text.lower()
        return lambda row: any(wanted in str(row.get(field) or "").lower() for field in fields)

    return build


def only_if(test: Callable[[Call, Record], bool]) -> Build:
    """Filters when true, does nothing when false."""
    return lambda call, text: (lambda row: test(call, row)) if parse_flag(text) else (lambda row: True)


def _statuses(call: Call, text: str) -> Test:
    """The filter says `new` where objects say `pending`."""
    wanted = {"pending" if status == "new" else status for status in _ids(text)}
    return lambda row: row["status"] in wanted


def _archived(call: Call, text: str) -> Test:
    return (lambda row: bool(row["archived"])) if text == "only" else (lambda row: True)


def _overlaps(call: Call, text: str) -> Test:
    start, _, end = text.partition(":")
    return lambda row: row["start_date"] <= (end or "9") and row["end_date"] >= start


def _allocation_of(field: str) -> Build:
    def build(call: Call, text: str) -> Test:
        wanted = _ids(text)
        return lambda row: call.known("workspace_resources", row["workspace_resource_id"])[field] in wanted

    return build


def _participant_in(call: Call, text: str) -> Test:
    wanted = _ids(text)
    seats = call.book.all("participations")
    people = {seat["user_id"] for seat in seats if seat["active"] and seat["workspace_id"] in wanted}
    return lambda row: row["id"] in people


def _effective_on(call: Call, text: str) -> Test:
    versions = {v["id"] for card in call.book.all("rate_cards")
                if (v := effective_version(call.book, card["id"], text))}  # fmt: skip
    return lambda row: row["id"] in versions


_ACTIVE = only_if(lambda call, row: row["status"] in ("pending", "approved"))
_LINE = {
    "invoiced": present("invoiced", lambda call: lambda row: row["invoice_id"] is not None),
    "uninvoiced": present("uninvoiced", lambda call: lambda row: row["invoice_id"] is None),
    "workspace_id": equals("workspace_id"), "workspace_ids": equals("workspace_id"),
    "created_by": equals("creator_id"), "in_active_invoice_id": equals("invoice_id"),
}  # fmt: skip
_SUBMISSION = {
    "statuses": _statuses, "user_ids": equals("user_id"), "workspace_id": equals("workspace_id"),
    "workspace_ids": equals("workspace_id"), "active": _ACTIVE,
    "not_cancelled": only_if(lambda call, row: row["status"] != "cancelled"),
}  # fmt: skip

FILTERS: dict[str, dict[str, Build]] = {
    "time_entries": _LINE | {
        "approved": present("approved", approved_if("require_time_approvals")),
        "billable": present("billable", lambda call: lambda row: bool(row["billable"])),
        "date_performed_between": between("date_performed"), "with_user_ids": equals("user_id"),
        "story_id": equals("story_id"), "user_id": equals("user_id"),
        "with_timesheet_id": equals("active_submission_id"),
        "with_recent_timesheet_ids": equals("recent_submission_id"),
        "in_active_submission": is_set("active_submission_id"),
    },
    "expenses": _LINE | {
        "approved": present("approved", approved_if("require_expense_approvals")),
        "date_expensed_between": between("date"), "reimbursable": flag("reimbursable"),
        "with_expense_report_id": equals("active_submission_id"),
        "with_recent_expense_report_ids": equals("recent_submission_id"),
        "submitted": only_if(lambda call, row: row["active_submission_id"] is not None),
        "unsubmitted": only_if(lambda call, row: row["active_submission_id"] is None),
        "mine": only_if(lambda call, row: row["user_id"] == call.viewer.user_id),
    },
    "timesheet_submissions": _SUBMISSION | {
        "start_date": equals("start_date"), "end_date": equals("end_date"),
        "start_date_after": lambda call, text: lambda row: row["start_date"] >= text[:10]},
    "expense_report_submissions": _SUBMISSION,
    "workspaces": {
        "archived": _archived, "search": contains("title", "description", "id"), "matching": contains("title"),
        "workspace_groups": holds("workspace_group_ids"), "budgeted": flag("budgeted"),
        "require_time_approvals": flag("require_time_approvals"),
        "requiring_expense_approval": flag("require_expense_approvals"), "creator": equals("creator_id"),
        "provider_lead": equals("primary_maven_id"),
    },
    "workspace_groups": {"search": contains("name"), "matching": contains("name")},
    "stories": {
        "workspace_id": equals("workspace_id"), "story_type": equals("story_type"), "archived": _archived,
        "by_status": equals("state"), "state": equals("state"), "with_parent_id": equals("parent_id"),
        "search": contains("title"), "completed": only_if(lambda call, row: row["state"] == "completed"),
        "parents_only": only_if(lambda call, row: row["parent_id"] is None),
    },
    "story_state_changes": {"story_id": equals("story_id"), "workspace_id": equals("workspace_id")},
    "users": {"search": contains("full_name", "email_address"), "matching": contains("full_name"),
              "by_email_address": equals("email_address"),
              "participant_in": _participant_in},
    "roles": {"search": contains("name")},
    "workspace_resources": {
        "workspace_id": equals("workspace_id"), "user_id": equals("user_id"), "role_id": equals("role_id"),
        "only_unnamed": only_if(lambda call, row: row["user_id"] is None)},
    "participations": {"workspace_id": equals("workspace_id"), "user_id": equals("user_id")},
    "assignments": {"story_id": equals("story_id"), "workspace_id": equals("workspace_id"),
                    "assigned_to_user_id": equals("assignee_id")},
    "workspace_allocations": {
        "workspace_ids": _allocation_of("workspace_id"), "workspace_id": _allocation_of("workspace_id"),
        "user_ids": _allocation_of("user_id"), "overlaps_with_date_range": _overlaps,
        "type": lambda call, text: lambda row: row["hard"] is (text == "hard")},
    "custom_fields": {"subject_type": equals("subject_type"), "custom_field_set_id": equals("custom_field_set_id")},
    "custom_field_choices": {"custom_field_id": equals("custom_field_id")},
    "custom_field_values": {
        "subject_type": equals("subject_type"), "with_custom_field_id": equals("custom_field_id"),
        "with_subject_id": equals("subject_id"), "with_setter_id": equals("setter_id")},
    "invoices": {
        "workspace_id": holds("workspace_ids"), "user_invoice_number": equals("user_invoice_number"),
        "paid": only_if(lambda call, row: row["status"] == "accepted payment"),
        "pending": only_if(lambda call, row: row["status"] == "new" and not row["draft"]),
        "without_drafts": only_if(lambda call, row: not row["draft"]), "within_dates": between("invoice_date")},
    "external_payments": {"invoice_id": equals("invoice_id"), "workspace_id": equals("workspace_id")},
    "billing_milestones": {"workspace_ids": equals("workspace_id"), "workspace_id": equals("workspace_id"),
                           "story_ids": equals("story_id"), "date_between": between("date_to_invoice")},
    "rate_cards": {"rate_card_set_id": equals("rate_card_set_id"), "currency": equals("currency")},
    "rate_card_set_versions": {"rate_card_set_id": equals("rate_card_set_id")},
    "rate_card_versions": {
        "rate_card_id": equals("rate_card_id"), "rate_card_set_version_id": equals("rate_card_set_version_id"),
        "effective_on_date": _effective_on},
    "rate_card_roles": {"rate_card_version_id": equals("rate_card_version_id"), "with_role_ids": equals("role_id")},
    "external_references": {
        name: equals(name) for name in ("subject_type", "subject_id", "service_name", "service_model",
                                        "service_model_ref", "status", "external_status", "external_message")},
    "subscribed_events": {"event_types": equals("event_type"), "subject_type": equals("subject_type"),
                          "subject_id": equals("subject_id"), "user_ids": equals("user_id")},
}  # fmt: skip
