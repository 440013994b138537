"""Projects, tasks and people: field names as in the vendor's published contract."""

from __future__ import annotations

from sandbox.kantata.shape import FIELD_VALUES, REFERENCES, STAMPS, Assoc, Kind, many, one, words

WORKSPACE = one("workspace", "workspaces", always=True)
USER = one("user", "users", always=True)
STORY = one("story", "stories", always=True)
ROLE = one("role", "roles")

WORK_KINDS = (
    Kind(
        "workspaces",
        "workspace",
        "Workspace",
        (
            *words(
                "title account_id archived description start_date due_date effective_due_date budgeted "
                "change_orders_enabled consultant_role_name client_role_name percentage_complete access_level "
                "exclude_archived_stories_percent_complete can_create_line_items default_rate currency "
                "currency_symbol currency_base_unit can_invite has_budget_access tasks_default_non_billable "
                "stories_are_fixed_fee_by_default expenses_in_burn_rate rate_card_id "
                "workspace_invoice_preference_id posts_require_privacy_decision require_time_approvals "
                "require_expense_approvals has_active_timesheet_submissions has_active_expense_report_submissions "
                "status price price_in_cents budget_used budget_used_in_cents budget_remaining "
                "percent_of_budget_used over_budget total_expenses_in_cents target_margin time_trackable "
                "permissions"
            ),
            *STAMPS,
        ),
        optional=(
            *words(
                "stage total_invoiced minutes_logged billable_minutes non_billable_minutes total_minutes_approved "
                "estimated_minutes client_lead_name provider_lead_name lock_date"
            ),
        ),
        assocs=(
            one("creator", "users", always=True),
            one("primary_maven", "users", always=True),
            one("primary_counterpart", "users"),
            many("approvers", "users"),
            one("approver", "users"),
            many("workspace_groups", "workspace_groups"),
            one("primary_workspace_group", "workspace_groups"),
            many("participants", "users"),
            many("participations", "participations", back="workspace_id"),
            many("workspace_resources", "workspace_resources", back="workspace_id"),
            Assoc(
                "workspace_resources_with_unnamed",
                "workspace_resources",
                "workspace_resources_with_unnamed_ids",
                back="workspace_id",
                many=True,
            ),
            many("timesheet_submissions", "timesheet_submissions", back="workspace_id"),
            many("billing_milestones", "billing_milestones", back="workspace_id"),
            Assoc("rate_card", "rate_cards", "rate_card_id", "rate_card_id"),
            FIELD_VALUES,
            REFERENCES,
        ),
        orders=("title", "start_date", "due_date", "price_in_cents", *STAMPS),
        default_order="updated_at:desc",
        event="workspace",
    ),
    Kind(
        "workspace_groups",
        "workspace_group",
        "WorkspaceGroup",
        ("name", "company", "contact_name", "email", "phone_number", "address", "notes", "website", *STAMPS),
        assocs=(
            Assoc("workspaces", "workspaces", "workspace_ids", back="workspace_group_ids", many=True),
            FIELD_VALUES,
            REFERENCES,
        ),
        orders=("name", *STAMPS),
        default_order="name:asc",
        event="workspace_group",
    ),
    Kind(
        "stories",
        "story",
        "Story",
        (
            *words(
                "title description story_type state status position priority start_date due_date archived "
                "deleted_at billable fixed_fee percentage_complete sub_story_count budget_estimate_in_cents "
                "time_estimate_in_minutes logged_billable_time_in_minutes logged_nonbillable_time_in_minutes "
                "budget_used_in_cents weight time_trackable"
            ),
            *STAMPS,
        ),
        optional=("can_edit", "is_time_trackable_type"),
        assocs=(
            WORKSPACE,
            one("parent", "stories", always=True),
            one("creator", "users"),
            many("sub_stories", "stories", back="parent_id"),
            many("assignees", "users"),
            Assoc("current_assignments", "assignments", "current_assignment_ids", back="story_id", many=True),
            many("story_state_changes", "story_state_changes", back="story_id"),
            FIELD_VALUES,
            REFERENCES,
        ),
        orders=("title", "due_date", "start_date", "position", "state", *STAMPS),
        default_order="updated_at:desc",
        event="story",
        bulk=100,
    ),
    Kind(
        "story_state_changes",
        "story_state_change",
        "StoryStateChange",
        ("state", "created_at"),
        assocs=(STORY, USER, WORKSPACE),
    ),
    Kind(
        "users",
        "user",
        "User",
        ("full_name", "photo_path", "email_address", "headline"),
        optional=("bio", "city", "country", "state", "website", "classification", "abbreviated_timezone"),
        assocs=(
            ROLE,
            one("manager", "users"),
            one("account_membership", "account_memberships"),
            FIELD_VALUES,
            REFERENCES,
        ),
        orders=("full_name",),
        default_order="full_name:asc",
        event="user",
    ),
    Kind(
        "account_memberships",
        "account_membership",
        "AccountMembership",
        ("permission", "disabled_at", "billable_utilization_target", "cost_rate", *STAMPS),
        assocs=(USER, ROLE),
        event="account_membership",
        admin_only=True,
    ),
    Kind(
        "roles",
        "role",
        "Role",
        ("name", "deleted_at", *STAMPS),
        assocs=(REFERENCES,),
        orders=("name", *STAMPS),
        default_order="name:asc",
        event="role",
    ),
    Kind(
        "workspace_resources",
        "workspace_resource",
        "WorkspaceResource",
        ("display_label", "label", "allocated_minutes", "sum_story_estimated_hours", *STAMPS),
        optional=("resource_bill_rate", "resource_cost_rate"),
        assocs=(
            USER,
            WORKSPACE,
            one("role", "roles", always=True),
            one("participation", "participations"),
            FIELD_VALUES,
            REFERENCES,
        ),
        default_order="updated_at:desc",
        event="workspace_resource",
    ),
    Kind(
        "participations",
        "participation",
        "Participation",
        ("is_team_lead", "permission", "type", "active", "bill_rate", *STAMPS),
        assocs=(USER, WORKSPACE, one("active_role", "roles"), REFERENCES),
        event="participation",
    ),
    Kind(
        "assignments",
        "assignment",
        "Assignment",
        ("current", "estimated_minutes", "allocated_minutes", "story_id", "assignee_id", "resource_id", *STAMPS),
        assocs=(
            STORY,
            one("assignee", "users"),
            one("workspace_resource", "workspace_resources", source="resource_id"),
            REFERENCES,
        ),
        event="assignment",
    ),
    Kind(
        "workspace_allocations",
        "workspace_allocation",
        "WorkspaceAllocation",
        ("start_date", "end_date", "minutes", "hard", "percentage", "notes", *STAMPS),
        assocs=(one("workspace_resource", "workspace_resources", always=True), one("creator", "users"), REFERENCES),
        orders=("start_date", *STAMPS),
        event="workspace_allocation",
        bulk=200,
    ),
)
