from datetime import date

import pytest

from shared.domain.project import ProjectStatus
from shared.faults import BusinessException
from shared.usecases.billing_cut import BillingCut, RunScope, billing_cut, may_be_due
from tests.build import OCTOBER, a_contract, a_project

MID_OCTOBER, SEPTEMBER = date(2026, 10, 20), date(2026, 9, 30)
NOTHING = BillingCut(None, None)


def cut(schedule: str, scope: RunScope, *states: ProjectStatus, **changes: object) -> BillingCut:
    projects = [a_project(status=state) for state in states or (ProjectStatus.ACTIVE,)]
    return billing_cut(a_contract(billing_schedule=schedule, **changes), projects, scope)


def test_a_run_bills_the_newest_period_that_has_ended() -> None:
    assert cut("monthly", RunScope(OCTOBER)) == BillingCut(OCTOBER, OCTOBER)
    assert cut("monthly", RunScope(MID_OCTOBER)) == BillingCut(SEPTEMBER, SEPTEMBER)
    assert cut("weekly_friday", RunScope(MID_OCTOBER)).work == date(2026, 10, 16)


def test_a_scheduled_run_bills_what_ended_since_the_last_one() -> None:
    assert cut("monthly", RunScope(OCTOBER, since=date(2026, 10, 30))).work == OCTOBER
    assert cut("monthly", RunScope(date(2026, 11, 3), since=date(2026, 10, 29))).work == OCTOBER
    assert cut("monthly", RunScope(date(2026, 11, 1), since=OCTOBER)) == NOTHING


def test_on_demand_is_billed_when_this_contract_is_named() -> None:
    assert cut("on_demand", RunScope(MID_OCTOBER)).work is None
    assert cut("on_demand", RunScope(MID_OCTOBER, contract_id="another")).work is None
    assert cut("on_demand", RunScope(MID_OCTOBER, contract_id="con-1")).work == MID_OCTOBER


def test_on_completion_is_billed_once_all_projects_are_closed_or_the_contract_ends() -> None:
    closed, active = ProjectStatus.CLOSED, ProjectStatus.ACTIVE
    scope = RunScope(MID_OCTOBER, contract_id="con-1")
    assert cut("on_completion", scope, closed, active).work is None
    assert cut("on_completion", scope, closed, closed).work == MID_OCTOBER
    assert cut("on_completion", scope, active, ends_on=MID_OCTOBER).work == MID_OCTOBER
    assert cut("on_completion", scope, active, ends_on=OCTOBER).work is None


def test_instalments_keep_their_dates_where_there_are_no_periods() -> None:
    assert cut("on_completion", RunScope(MID_OCTOBER)) == BillingCut(None, MID_OCTOBER)


def test_an_interim_run_bills_through_the_day() -> None:
    for schedule in ("monthly", "on_demand", "on_completion"):
        assert cut(schedule, RunScope(MID_OCTOBER, interim=True)).work == MID_OCTOBER


def test_a_schedule_nobody_can_read_is_looked_at_and_refused() -> None:
    scope = RunScope(OCTOBER, since=date(2026, 10, 30))
    assert may_be_due(a_contract(billing_schedule="sometimes"), scope)
    with pytest.raises(BusinessException, match="contract_mismatch"):
        cut("sometimes", scope)


def test_contracts_that_a_scheduled_run_need_not_look_at() -> None:
    first_of_november = RunScope(date(2026, 11, 1), since=OCTOBER)
    assert not may_be_due(a_contract(), first_of_november)
    assert may_be_due(a_contract(billing_schedule="weekly"), first_of_november)
    assert may_be_due(a_contract(billing_schedule="on_completion"), first_of_november)
    assert may_be_due(a_contract(), RunScope(date(2026, 11, 1)))
