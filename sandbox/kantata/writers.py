"""Which resources can be written, and by what."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sandbox.kantata import (
    billing,
    custom_fields,
    expenses,
    invoices,
    people,
    rate_cards,
    references,
    stories,
    submissions,
    time_entries,
    workspaces,
)  # fmt: skip
from sandbox.kantata.book import Record
from sandbox.kantata.call import Call


class Writer(NamedTuple):
    create: Callable[[Call, Record], Record] | None = None
    update: Callable[[Call, Record, Record], Record] | None = None
    delete: Callable[[Call, Record], None] | None = None


WRITERS: dict[str, Writer] = {
    "workspaces": Writer(workspaces.create, workspaces.update, workspaces.delete),
    "workspace_groups": Writer(workspaces.create_group, workspaces.update_group, workspaces.delete_group),
    "stories": Writer(stories.create, stories.update, stories.delete),
    "roles": Writer(people.create_role, people.update_role),
    "workspace_resources": Writer(people.create_resource, people.update_resource, people.delete_resource),
    "participations": Writer(update=people.update_participation),
    "assignments": Writer(people.create_assignment, people.update_assignment),
    "workspace_allocations": Writer(people.create_allocation, people.update_allocation),
    "time_entries": Writer(time_entries.create, time_entries.update, time_entries.delete),
    "expenses": Writer(expenses.create, expenses.update, expenses.delete),
    "expense_categories": Writer(expenses.create_category),
    "timesheet_submissions": Writer(submissions.create_timesheet),
    "expense_report_submissions": Writer(submissions.create_report),
    "invoices": Writer(invoices.create, invoices.update, invoices.delete),
    "external_payments": Writer(invoices.create_payment),
    "billing_milestones": Writer(billing.create, billing.update, billing.delete),
    "line_item_locks": Writer(billing.create_lock),
    "rate_card_sets": Writer(rate_cards.create_set),
    "rate_cards": Writer(rate_cards.create_card),
    "rate_card_set_versions": Writer(rate_cards.create_set_version, rate_cards.update_set_version),
    "rate_card_versions": Writer(update=rate_cards.update_version),
    "rate_card_roles": Writer(rate_cards.create_role_rate, rate_cards.update_role_rate, rate_cards.delete_role_rate),
    "custom_fields": Writer(custom_fields.create_field),
    "custom_field_sets": Writer(custom_fields.create_set),
    "custom_field_choices": Writer(custom_fields.create_choice),
    "custom_field_values": Writer(custom_fields.create_value, custom_fields.update_value, custom_fields.delete_value),
    "external_references": Writer(references.create, delete=references.delete),
}
