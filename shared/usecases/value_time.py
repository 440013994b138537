"""Value one approved time entry: the rate of its day, most specific first, times the minutes that are billed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.project import Project
from shared.domain.rate_card import Named, RateCard
from shared.domain.terms import RoundScope, TimeRounding, WorkKind
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.usecases.line_for import line_for
from shared.usecases.multiplier_for import multiplied, multiplier_for
from shared.usecases.rate_for import rate_for
from shared.usecases.round_minutes import round_minutes

MINUTES_PER_HOUR = Decimal(60)


def value_time(
    *,
    contract: Contract,
    project: Project,
    card: RateCard,
    entry_id: str,
    entry_ref: ExternalRef,
    sequence: int,
    person: str,
    person_id: str,
    role: str | None,
    task: str | None,
    worked_on: date,
    minutes: int,
    approved_at: datetime | None,
    approver: str | None,
    task_id: str | None = None,
    assignment_id: str | None = None,
    region: str | None = None,
    work_kind: WorkKind | None = None,
) -> WipItem:
    """The WIP item of one entry, value = round(billed minutes / 60 x rate per hour x multiplier), half away from zero.

    worked_on: the worker's local date; minutes: elapsed, as worked. person: the name shown; person_id, task_id,
    assignment_id, region: as the card's rates name them. Minutes that a contract rounds per person and day are valued
    as worked here and carry `day_id`: the day's rounding is an item of its own (round_day).
    A rate of zero is free work: an item of value zero, which is shown on the invoice.
    Raises BusinessException("line_missing" | "line_ambiguous" | "currency_mismatch" | "rate_missing" | "rate_overlap").
    Source: docs/billing.md, "Time".
    """
    line = line_for(contract, LineKind.TIME_AND_MATERIALS, project.name)
    work = Named(
        person_id, assignment_id, task_id, role, project.project_id, contract.contract_id, contract.customer_id, region
    )
    valuation = _valuation(line, card, work, contract.currency, worked_on, minutes, work_kind)
    rounding = line.terms.time_rounding
    return WipItem(
        wip_id=derived_id("wip", entry_id, str(sequence), "item"),
        kind=WipKind.TIME,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        contract_id=contract.contract_id,
        line_id=line.line_id,
        project_id=project.project_id,
        source_id=entry_id,
        source_sequence=sequence,
        description=describe(worked_on, person, role, task),
        person=person,
        role=role,
        worked_on=worked_on,
        value=valuation.value,
        valuation=valuation,
        approved_at=approved_at,
        approver=approver,
        source_ref=entry_ref,
        person_id=person_id,
        task_id=task_id,
        assignment_id=assignment_id,
        region=region,
        work_kind=work_kind,
        day_id=person_day(line, work, worked_on) if _whole_day(rounding) else None,
    )


def _valuation(
    line: ContractLine,
    card: RateCard,
    work: Named,
    currency: str,
    worked_on: date,
    minutes: int,
    work_kind: WorkKind | None,
) -> Valuation:
    rule, rate = rate_for(card, work, currency=currency, worked_on=worked_on)
    factor, factor_clause = multiplier_for(line.terms.multipliers, work_kind=work_kind, worked_on=worked_on)
    billed, rounded_clause = minutes, None
    rounding = line.terms.time_rounding
    if rounding and rounding.scope is RoundScope.ENTRY:
        billed, rounded_clause = round_minutes(minutes, rounding), "time_rounding.entry"
    return Valuation(
        quantity=Decimal(billed),
        unit="minute",
        unit_price=multiplied(rate.rate_per_hour, factor) if factor_clause else rate.rate_per_hour,
        per=MINUTES_PER_HOUR,
        rule=rule,
        rate_id=rate.rate_id,
        rate_card_id=card.rate_card_id,
        rate_card_version=card.version,
        rate_per_hour=rate.rate_per_hour if factor_clause else None,
        multiplier=factor if factor_clause else None,
        worked=Decimal(minutes) if rounded_clause else None,
        clauses=tuple(clause for clause in (factor_clause, rounded_clause) if clause),
    )


def person_day(line: ContractLine, work: Named, worked_on: date) -> str:
    """One person's day on one line and project of a contract: what "per person and day" rounds as a whole."""
    return derived_id(
        "person_day",
        work.contract or "",
        line.line_id,
        work.project or "",
        work.person or "",
        worked_on.isoformat(),
    )


def _whole_day(rounding: TimeRounding | None) -> bool:
    return rounding is not None and rounding.scope is RoundScope.PERSON_DAY


def describe(worked_on: date, person: str, role: str | None, task: str | None) -> str:
    """2026-10-05, Ada Moore, Senior consultant: Data migration."""
    who = ", ".join(part for part in (worked_on.isoformat(), person, role) if part)
    return f"{who}: {task}" if task else who
