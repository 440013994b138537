"""Time, expenses, approvals, rates, invoices and the change feed."""

from __future__ import annotations

from sandbox.kantata.kinds_work import ROLE, STORY, USER, WORKSPACE
from sandbox.kantata.shape import REFERENCES, STAMPS, Assoc, Kind, many, one

_CURRENCY = ("currency", "currency_symbol", "currency_base_unit")
_INVOICE = one("invoice", "invoices")

_SUBMISSION = (
    "title", "comment", "status", "type", *_CURRENCY, "line_item_total_in_cents", "line_item_total_formatted",
    "current_resolution_created_at_date", "current_resolution_creator_id", "current_resolution_description",
    "resolution_description", "permissions", *STAMPS,
)

MONEY_KINDS = (
    Kind(
        "time_entries", "time_entry", "TimeEntry",
        ("created_at", "date_performed", "time_in_minutes", "billable", "notes", "rate_in_cents",
         "cost_rate_in_cents", *_CURRENCY, "updated_at", "taxable", "is_invoiced", "approved", "location",
         "user_can_edit"),
        optional=("location_id",),
        assocs=(USER, WORKSPACE, STORY, ROLE, _INVOICE, one("active_submission", "timesheet_submissions"),
                one("recent_submission", "timesheet_submissions"), REFERENCES),
        orders=("date_performed", *STAMPS), default_order="date_performed:desc", event="time_entry", bulk=100,
        dates=("date_performed",),
    ),
    Kind(
        "expenses", "expense", "Expense",
        ("created_at", "updated_at", "date", "notes", "category", "amount_in_cents", *_CURRENCY, "user_can_edit",
         "is_invoiced", "is_billable", "reimbursable", "taxable", "approved"),
        assocs=(USER, WORKSPACE, STORY, ROLE, one("expense_category", "expense_categories"),
                one("active_submission", "expense_report_submissions"),
                one("recent_submission", "expense_report_submissions"), one("receipt", "attachments"),
                one("vendor", "vendors"), _INVOICE, REFERENCES),
        orders=("date", "amount_in_cents", "category", "notes", "created_at"), default_order="date:desc",
        event="expense", bulk=100, dates=("date",),
    ),
    Kind("expense_categories", "expense_category", "ExpenseCategory", ("name", *STAMPS), orders=("name", *STAMPS),
         default_order="name:asc"),
    Kind(
        "timesheet_submissions", "timesheet_submission", "TimesheetSubmission",
        (*_SUBMISSION, "start_date", "end_date"),
        assocs=(USER, WORKSPACE, many("time_entries", "time_entries", source="line_item_ids"),
                one("resolver", "users"), REFERENCES),
        orders=("start_date",), default_order="start_date:desc", event="timesheet", verbs=("created", "updated"),
        ids="submissions",
    ),
    Kind(
        "expense_report_submissions", "expense_report_submission", "ExpenseReportSubmission",
        (*_SUBMISSION, "locked"),
        assocs=(USER, WORKSPACE, many("expenses", "expenses", source="line_item_ids"),
                many("resolutions", "resolutions", back="target_id"), one("resolver", "users"), REFERENCES),
        orders=("status", "title", "created_at"), event="expense_report", verbs=("created", "updated"),
        ids="submissions",
    ),
    Kind("resolutions", "resolution", "Resolution",
         ("type", "description", "target_type", "target_id", "user_id", "account_id", "current", *STAMPS)),
    Kind(
        "invoices", "invoice", "Invoice",
        ("created_at", "updated_at", "invoice_date", "due_date", "status", "title", "user_invoice_number",
         "user_invoice_title", "tax_rate", "purchase_order", "project_code", "message", "draft", "payment_schedule",
         "balance_in_cents", *_CURRENCY),
        assocs=(one("recipient", "users", always=True), USER, many("workspaces", "workspaces"),
                many("time_entries", "time_entries"), many("expenses", "expenses"),
                many("fixed_fee_items", "fixed_fee_items", back="invoice_id"),
                many("additional_items", "additional_items", back="invoice_id"),
                many("billing_milestones", "billing_milestones"), REFERENCES),
        orders=("id", "invoice_date", *STAMPS), event="invoice",
    ),
    Kind("fixed_fee_items", "fixed_fee_item", "FixedFeeItem",
         ("amount_in_cents", "currency", "notes", "taxable", "story_id", "workspace_id", "created_at")),
    Kind("additional_items", "additional_item", "AdditionalItem",
         ("amount_in_cents", "currency", "notes", "taxable", "workspace_id", "created_at")),
    Kind("external_payments", "external_payment", "ExternalPayment",
         ("user_id", "amount_in_cents", "message", "invoice_id", "workspace_id", *STAMPS),
         assocs=(Assoc("user", "users", "user_id", "user_id", always=True),
                 Assoc("invoice", "invoices", "invoice_id", "invoice_id", always=True),
                 Assoc("workspace", "workspaces", "workspace_id", "workspace_id", always=True))),
    Kind(
        "billing_milestones", "billing_milestone", "BillingMilestone",
        ("title", "amount_in_cents", "date_to_invoice", "billing_type", "status", "currency", *STAMPS),
        assocs=(WORKSPACE, STORY, Assoc("invoices", "invoices", "invoice_ids", "invoice_ids", many=True), REFERENCES),
        event="billing_milestone", bulk=100,
    ),
    Kind("rate_card_sets", "rate_card_set", "RateCardSet", ("title", "default", "archived", *STAMPS),
         assocs=(many("rate_cards", "rate_cards", back="rate_card_set_id"),
                 many("rate_card_set_versions", "rate_card_set_versions", back="rate_card_set_id")), admin_only=True),
    Kind("rate_card_set_versions", "rate_card_set_version", "RateCardSetVersion",
         ("effective_date", "active", "used_currencies", *STAMPS),
         assocs=(one("rate_card_set", "rate_card_sets", always=True),
                 many("rate_card_versions", "rate_card_versions", back="rate_card_set_version_id")),
         orders=("effective_date", *STAMPS), admin_only=True),
    Kind("rate_cards", "rate_card", "RateCard", ("currency", "rate_card_set_title", "removable", "uses", *STAMPS),
         assocs=(one("rate_card_set", "rate_card_sets"),
                 many("rate_card_versions", "rate_card_versions", back="rate_card_id"),
                 one("effective_rate_card_version", "rate_card_versions"), REFERENCES)),
    Kind("rate_card_versions", "rate_card_version", "RateCardVersion", ("default_rate", *STAMPS),
         assocs=(one("rate_card", "rate_cards"), one("rate_card_set_version", "rate_card_set_versions"),
                 many("rate_card_roles", "rate_card_roles", back="rate_card_version_id")), admin_only=True),
    Kind("rate_card_roles", "rate_card_role", "RateCardRole", ("rate", *STAMPS),
         assocs=(one("rate_card_version", "rate_card_versions"), one("role", "roles")),
         orders=("created_at",), default_order="created_at:asc", admin_only=True),
    Kind("line_item_locks", "line_item_lock", "LineItemLock", ("account_id", "locked_to", "created_at"),
         assocs=(one("creator", "users"),), event="line_item_lock", verbs=("created",), admin_only=True),
    Kind(
        "external_references", "external_reference", "ExternalReference",
        ("subject_type", "subject_id", "service_name", "service_model", "service_model_ref", "status",
         "external_status", "external_message", "external_link", "locked", "last_synced_at", *STAMPS),
        assocs=(Assoc("subject", "", "subject_ref", "subject"),),
        orders=("created_at", "last_synced_at"), default_order="last_synced_at:desc",
    ),
    Kind(
        "subscribed_events", "subscribed_event", "SubscribedEvent",
        ("event_type", "subject_type", "subject_id", "subject_changed_at", "created_at", "user_id", "account_id",
         "context_workspace_id"),
        optional=("previous_payload", "current_payload", "payload_changes"),
        assocs=(Assoc("subject", "", "subject_ref", "subject"),), orders=("created_at",), admin_only=True,
    ),
)

# Resources some clients walk though nothing here writes them: lists are served, empty.
READ_ONLY_KEYS = {
    "posts": "Post", "estimates": "Estimate", "estimate_scenarios": "EstimateScenario",
    "estimate_scenario_resources": "EstimateScenarioResource", "vendors": "Vendor", "attachments": "Attachment",
    "skills": "Skill",
}
EMPTY_KINDS = tuple(Kind(key, key.removesuffix("s"), subject, STAMPS) for key, subject in READ_ONLY_KEYS.items())
