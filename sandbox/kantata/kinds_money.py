"""Time, expenses, approvals, invoices and payments."""

from __future__ import annotations

from sandbox.kantata.kinds_work import ROLE, STORY, USER, WORKSPACE
from sandbox.kantata.shape import REFERENCES, STAMPS, Assoc, Kind, many, one, words

_CURRENCY = ("currency", "currency_symbol", "currency_base_unit")
_INVOICE = one("invoice", "invoices")

_SUBMISSION = (
    *words("title comment status type"),
    *_CURRENCY,
    *words(
        "line_item_total_in_cents line_item_total_formatted current_resolution_created_at_date "
        "current_resolution_creator_id current_resolution_description resolution_description permissions"
    ),
    *STAMPS,
)

MONEY_KINDS = (
    Kind(
        "time_entries",
        "time_entry",
        "TimeEntry",
        (
            *words("created_at date_performed time_in_minutes billable notes rate_in_cents cost_rate_in_cents"),
            *_CURRENCY,
            *words("updated_at taxable is_invoiced approved location user_can_edit"),
        ),
        optional=("location_id",),
        assocs=(
            USER,
            WORKSPACE,
            STORY,
            ROLE,
            _INVOICE,
            one("active_submission", "timesheet_submissions"),
            one("recent_submission", "timesheet_submissions"),
            REFERENCES,
        ),
        orders=("date_performed", *STAMPS),
        default_order="date_performed:desc",
        event="time_entry",
        bulk=100,
        dates=("date_performed",),
    ),
    Kind(
        "expenses",
        "expense",
        "Expense",
        (
            *words("created_at updated_at date notes category amount_in_cents"),
            *_CURRENCY,
            *words("user_can_edit is_invoiced is_billable reimbursable taxable approved"),
        ),
        assocs=(
            USER,
            WORKSPACE,
            STORY,
            ROLE,
            one("expense_category", "expense_categories"),
            one("active_submission", "expense_report_submissions"),
            one("recent_submission", "expense_report_submissions"),
            one("receipt", "attachments"),
            one("vendor", "vendors"),
            _INVOICE,
            REFERENCES,
        ),
        orders=("date", "amount_in_cents", "category", "notes", "created_at"),
        default_order="date:desc",
        event="expense",
        bulk=100,
        dates=("date",),
    ),
    Kind(
        "expense_categories",
        "expense_category",
        "ExpenseCategory",
        ("name", *STAMPS),
        orders=("name", *STAMPS),
        default_order="name:asc",
    ),
    Kind(
        "timesheet_submissions",
        "timesheet_submission",
        "TimesheetSubmission",
        (*_SUBMISSION, "start_date", "end_date"),
        assocs=(
            USER,
            WORKSPACE,
            many("time_entries", "time_entries", source="line_item_ids"),
            one("resolver", "users"),
            REFERENCES,
        ),
        orders=("start_date",),
        default_order="start_date:desc",
        event="timesheet",
        verbs=("created", "updated"),
        ids="submissions",
    ),
    Kind(
        "expense_report_submissions",
        "expense_report_submission",
        "ExpenseReportSubmission",
        (*_SUBMISSION, "locked"),
        assocs=(
            USER,
            WORKSPACE,
            many("expenses", "expenses", source="line_item_ids"),
            many("resolutions", "resolutions", back="target_id"),
            one("resolver", "users"),
            REFERENCES,
        ),
        orders=("status", "title", "created_at"),
        event="expense_report",
        verbs=("created", "updated"),
        ids="submissions",
    ),
    Kind(
        "resolutions",
        "resolution",
        "Resolution",
        ("type", "description", "target_type", "target_id", "user_id", "account_id", "current", *STAMPS),
    ),
    Kind(
        "invoices",
        "invoice",
        "Invoice",
        (
            *words(
                "created_at updated_at invoice_date due_date status title user_invoice_number user_invoice_title "
                "tax_rate purchase_order project_code message draft payment_schedule balance_in_cents"
            ),
            *_CURRENCY,
        ),
        assocs=(
            one("recipient", "users", always=True),
            USER,
            many("workspaces", "workspaces"),
            many("time_entries", "time_entries"),
            many("expenses", "expenses"),
            many("fixed_fee_items", "fixed_fee_items", back="invoice_id"),
            many("additional_items", "additional_items", back="invoice_id"),
            many("billing_milestones", "billing_milestones"),
            REFERENCES,
        ),
        orders=("id", "invoice_date", *STAMPS),
        event="invoice",
    ),
    Kind(
        "fixed_fee_items",
        "fixed_fee_item",
        "FixedFeeItem",
        ("amount_in_cents", "currency", "notes", "taxable", "story_id", "workspace_id", "created_at"),
    ),
    Kind(
        "additional_items",
        "additional_item",
        "AdditionalItem",
        ("amount_in_cents", "currency", "notes", "taxable", "workspace_id", "created_at"),
    ),
    Kind(
        "external_payments",
        "external_payment",
        "ExternalPayment",
        ("user_id", "amount_in_cents", "message", "invoice_id", "workspace_id", *STAMPS),
        assocs=(
            Assoc("user", "users", "user_id", "user_id", always=True),
            Assoc("invoice", "invoices", "invoice_id", "invoice_id", always=True),
            Assoc("workspace", "workspaces", "workspace_id", "workspace_id", always=True),
        ),
    ),
    Kind(
        "billing_milestones",
        "billing_milestone",
        "BillingMilestone",
        ("title", "amount_in_cents", "date_to_invoice", "billing_type", "status", "currency", *STAMPS),
        assocs=(WORKSPACE, STORY, Assoc("invoices", "invoices", "invoice_ids", "invoice_ids", many=True), REFERENCES),
        event="billing_milestone",
        bulk=100,
    ),
    Kind(
        "line_item_locks",
        "line_item_lock",
        "LineItemLock",
        ("account_id", "locked_to", "created_at"),
        assocs=(one("creator", "users"),),
        event="line_item_lock",
        verbs=("created",),
        admin_only=True,
    ),
)

# Resources some clients walk though nothing here writes them: lists are served, empty.
READ_ONLY_KEYS = {
    "posts": "Post",
    "estimates": "Estimate",
    "estimate_scenarios": "EstimateScenario",
    "estimate_scenario_resources": "EstimateScenarioResource",
    "vendors": "Vendor",
    "attachments": "Attachment",
    "skills": "Skill",
}
EMPTY_KINDS = tuple(Kind(key, key.removesuffix("s"), subject, STAMPS) for key, subject in READ_ONLY_KEYS.items())
