"""Up to which day of work a run bills a contract, if at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.billing_schedule import Cadence
from shared.domain.contract import Contract
from shared.domain.project import Project, ProjectStatus
from shared.faults import BusinessException
from shared.usecases.billing_periods import due
from shared.usecases.parse_schedule import parse_schedule


@dataclass(frozen=True, slots=True)
class RunScope:
    """What a run was asked. through: the last day that may be billed.

    since: a scheduled run bills only periods that ended after this day, those before had their run. contract_id: a person
    asked for this one contract alone. interim: work through the day is billed though its period has not ended.
    """

    through: date
    since: date | None = None
    contract_id: str | None = None
    interim: bool = False


@dataclass(frozen=True, slots=True)
class BillingCut:
    """work: the last day of work that is billed; None: none now. dated: the last day of what has a date of its own.

    Instalments keep their dates where a schedule has no periods; with periods they go with their period.
    """

    work: date | None
    dated: date | None

    @property
    def period_end(self) -> date | None:
        return self.work or self.dated


def billing_cut(contract: Contract, projects: Sequence[Project], scope: RunScope) -> BillingCut:
    """Raises BusinessException("contract_mismatch") for a schedule that nobody can read.

    Source: docs/billing.md, "When a contract is billed".
    """
    schedule = parse_schedule(contract.billing_schedule, starts_on=contract.starts_on)
    if scope.interim:
        return BillingCut(scope.through, scope.through)
    if schedule.cadence.has_periods:
        period = due(schedule, scope.through, since=scope.since)
        return BillingCut(period.end, period.end) if period else BillingCut(None, None)
    asked = scope.contract_id == contract.contract_id
    ready = asked if schedule.cadence is Cadence.ON_DEMAND else completed(contract, projects, scope.through)
    return BillingCut(scope.through if ready else None, scope.through)


def completed(contract: Contract, projects: Sequence[Project], through: date) -> bool:
    """Every project is closed, or the contract has come to its end."""
    if contract.ends_on and contract.ends_on <= through:
        return True
    return bool(projects) and all(project.status is ProjectStatus.CLOSED for project in projects)


def may_be_due(contract: Contract, scope: RunScope) -> bool:
    """Whether the contract is worth a look: True unless its schedule alone says that the run bills nothing of it.

    An unreadable schedule is: the look makes the exception.
    """
    if scope.since is None or scope.interim:
        return True
    try:
        schedule = parse_schedule(contract.billing_schedule, starts_on=contract.starts_on)
    except BusinessException:
        return True
    return not schedule.cadence.has_periods or due(schedule, scope.through, since=scope.since) is not None
