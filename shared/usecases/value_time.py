"""Value one approved time entry: the rate of its day, most specific first, times its minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from shared.domain.contract import Contract, LineKind
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.project import Project
from shared.domain.rate_card import Rate, RateCard
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.faults import BusinessException
from shared.usecases.line_for import line_for

MINUTES_PER_HOUR = Decimal(60)

PRECEDENCE: tuple[tuple[str, frozenset[str]], ...] = (
    ("person_and_role_on_project", frozenset({"person", "role", "project"})),
    ("person_on_project", frozenset({"person", "project"})),
    ("role_on_project", frozenset({"role", "project"})),
    ("project", frozenset({"project"})),
    ("person_and_role", frozenset({"person", "role"})),
    ("person", frozenset({"person"})),
    ("role", frozenset({"role"})),
    ("card_default", frozenset()),
)
"""What a rate names, most specific first; the first level with a rate valid on the day wins.

A rate for the project is signed for this work, so it goes before what a person or a role costs elsewhere.
Source: docs/billing.md, "Which rate".
"""


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
) -> WipItem:
    """The WIP item of one entry, value = round(minutes / 60 x rate per hour), half away from zero.

    worked_on: the worker's local date. person: the name shown; person_id: as the card's rates name people.
    A rate of zero is free work: an item of value zero, which is shown on the invoice.
    Raises BusinessException("line_missing" | "line_ambiguous" | "currency_mismatch" | "rate_missing" | "rate_overlap").
    Source: docs/billing.md, "Time".
    """
    line = line_for(contract, LineKind.TIME_AND_MATERIALS, project.name)
    _check_currency(card, contract)
    rule, rate = rate_for(card, person_id=person_id, role=role, project_id=project.project_id, worked_on=worked_on)
    valuation = Valuation(
        quantity=Decimal(minutes),
        unit="minute",
        unit_price=rate.rate_per_hour,
        per=MINUTES_PER_HOUR,
        rule=rule,
        rate_id=rate.rate_id,
        rate_card_id=card.rate_card_id,
        rate_card_version=card.version,
    )
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
    )


def rate_for(card: RateCard, *, person_id: str, role: str | None, project_id: str, worked_on: date) -> tuple[str, Rate]:
    """(precedence level, the one rate of that level). Two rates valid on one day at one level are a fault of the card.

    Raises BusinessException("rate_missing" | "rate_overlap").
    """
    asked = {"person": person_id, "role": role, "project": project_id}
    fitting = [rate for rate in card.rates if rate.valid_on(worked_on) and _fits(rate, asked)]
    facts = {"rate_card_id": card.rate_card_id, "worked_on": worked_on.isoformat(), "role": role or "", **_who(asked)}
    for level, names in PRECEDENCE:
        hits = [rate for rate in fitting if _named(rate).keys() == names]
        if len(hits) > 1:
            raise BusinessException("rate_overlap", level=level, rates=_ids(hits), **facts)
        if hits:
            return level, hits[0]
    raise BusinessException("rate_missing", **facts)


def describe(worked_on: date, person: str, role: str | None, task: str | None) -> str:
    """2026-10-05, Ada Moore, Senior consultant: Data migration."""
    who = ", ".join(part for part in (worked_on.isoformat(), person, role) if part)
    return f"{who}: {task}" if task else who


def _check_currency(card: RateCard, contract: Contract) -> None:
    """A card in another currency needs an exchange rate that nobody has agreed: it is never converted here."""
    currencies = {card.currency, *(rate.rate_per_hour.currency for rate in card.rates)}
    if currencies != {contract.currency}:
        raise BusinessException(
            "currency_mismatch",
            contract_id=contract.contract_id,
            contract_currency=contract.currency,
            rate_card_id=card.rate_card_id,
            rate_card_currency=",".join(sorted(currencies)),
        )


def _named(rate: Rate) -> dict[str, str]:
    every = {"person": rate.person, "role": rate.role, "project": rate.project}
    return {name: value for name, value in every.items() if value is not None}


def _fits(rate: Rate, asked: dict[str, str | None]) -> bool:
    return all(asked[name] == value for name, value in _named(rate).items())


def _who(asked: dict[str, str | None]) -> dict[str, str]:
    return {"person_id": asked["person"] or "", "project_id": asked["project"] or ""}


def _ids(rates: Sequence[Rate]) -> str:
    return ",".join(sorted(rate.rate_id for rate in rates))
