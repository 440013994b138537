"""The contract on two time axes: which day's work is asked about, and what we knew when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from shared.domain.contract import Contract
from shared.faults import BusinessException

if TYPE_CHECKING:
    from shared.domain.amendment import Amendment, ContractHistory


def contract_as_of(history: ContractHistory, *, day: date | None = None, known_at: datetime | None = None) -> Contract:
    """What governs work of `day`, as far as it was known at `known_at`; None: every day, everything known now.

    The newest signed version, and on top of it the amendments effective on or before `day`. A version that the CRM
    corrects is corrected from the start: it has no day of its own.
    Raises BusinessException("contract_not_known_yet") for a moment before the contract was signed to us.
    Source: docs/billing.md, "Amendments".
    """
    signed = [version for version in history.signed if known_at is None or version.recorded_at <= known_at]
    if not signed:
        at = known_at.isoformat() if known_at else ""
        raise BusinessException("contract_not_known_yet", known_at=at)
    known = (each for each in history.amendments if known_at is None or each.recorded_at <= known_at)
    governing = [each for each in known if day is None or each.effective_on <= day]
    return reapply(max(signed, key=lambda version: version.sequence).contract, governing)


def taking(contract: Contract, day: date) -> Contract:
    """The contract with the lines that take work of this day, and no others: what that work is valued under."""
    return replace(contract, lines=tuple(line for line in contract.lines if line.takes(day)))


def rules_of(history: ContractHistory, *, day: date, began_at: datetime | None) -> Contract:
    """What a document that was begun at `began_at` finishes by: amendments recorded later are not for it.

    A correction of the signed version counts at once: it is how a contract fault that stops an invoice is repaired.
    """
    newest = max(history.signed, key=lambda version: version.sequence).contract
    known = (each for each in history.amendments if began_at is None or each.recorded_at <= began_at)
    return reapply(newest, [each for each in known if each.effective_on <= day])


def reapply(signed: Contract, amendments: Iterable[Amendment]) -> Contract:
    """The signed contract with these amendments on top, by the day they take effect, then by when they were recorded.

    So a new version from the CRM never takes an amendment away. Raises BusinessException("amendment_unfit") when one
    does not fit what was delivered.
    """
    from shared.usecases.amend import amend  # few contracts were amended: every entry's function imports this file

    contract = signed
    for amendment in sorted(amendments, key=lambda each: (each.effective_on, each.recorded_at, each.amendment_id)):
        contract = amend(contract, amendment)
    return contract
