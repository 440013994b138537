"""All resources, by key and by subject type."""

from __future__ import annotations

from sandbox.kantata.kinds_custom import CUSTOM_KINDS
from sandbox.kantata.kinds_feed import FEED_KINDS
from sandbox.kantata.kinds_money import EMPTY_KINDS, MONEY_KINDS
from sandbox.kantata.kinds_rates import RATE_KINDS
from sandbox.kantata.kinds_work import WORK_KINDS
from sandbox.kantata.shape import Kind

_ALL = (*WORK_KINDS, *CUSTOM_KINDS, *MONEY_KINDS, *RATE_KINDS, *FEED_KINDS, *EMPTY_KINDS)
KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}
BY_SUBJECT: dict[str, Kind] = {kind.subject: kind for kind in KINDS.values()}

# Both kinds of submission are one subject type for external references; their ids come from one counter.
_SUBJECTS = (
    "Assignment BillingMilestone CustomField CustomFieldChoice CustomFieldSet CustomFieldValue Estimate "
    "EstimateScenario EstimateScenarioResource Expense ExpenseBudget Invoice Participation Post RateCard Role Skill "
    "StatusReport Story StoryAllocationDay Submission SurveyAnswer SurveyQuestion SurveyResponse SurveyTemplate "
    "TimeEntry TimeOffEntry User Vendor Workspace WorkspaceAllocation WorkspaceGroup WorkspaceResource"
)
REFERENCE_SUBJECTS = frozenset(_SUBJECTS.split(" "))


def reference_subject(kind: Kind) -> str:
    """The subject_type an object of this resource has in external references."""
    return "Submission" if kind.counter == "submissions" else kind.subject
