"""An amendment as a person wrote it and our own record of it: the one place where one becomes the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from events.contract_amended.v1 import (
    AddInstalmentsChange,
    AddLineChange,
    AmendmentPaper,
    EndLineChange,
    MoveInstalmentChange,
    SetBillingScheduleChange,
    SetCapChange,
    SetDatesChange,
    SetDiscountChange,
    SetPurchaseOrderChange,
    SetRatesChange,
    SetTermsChange,
    SetValueChange,
)
from functions.processes.from_events import contract_line_of, instalment_of, money_of
from shared.domain import amendment as ours
from shared.domain.contract import SignedRate
from shared.domain.identity import derived_id
from shared.runtime.terms import cap_of, discount_of, purchase_order_of, terms_of


def amendment_of(paper: AmendmentPaper, *, submitter: str, approver: str, recorded_at: datetime) -> ours.Amendment:
    return ours.Amendment(
        amendment_id=paper.amendment_id,
        contract_id=paper.contract_id,
        effective_on=paper.effective_on,
        recorded_at=recorded_at,
        submitter=submitter,
        approver=approver,
        words=paper.words,
        changes=tuple(_CHANGES[type(change)](change, paper) for change in paper.changes),
    )


def _rates(change: SetRatesChange, paper: AmendmentPaper) -> ours.SetRates:
    """A rate's id follows from the amendment and its place in it: what an item was valued by stays findable."""
    return ours.SetRates(
        tuple(
            SignedRate(
                rate_id=derived_id("signed_rate", paper.contract_id, paper.amendment_id, str(place)),
                rate_per_hour=money_of(rate.rate_per_hour),
                valid_from=rate.valid_from or paper.effective_on,
                valid_to=rate.valid_to,
                role=rate.role,
            )
            for place, rate in enumerate(change.rates)
        )
    )


def _add_line(change: AddLineChange, paper: AmendmentPaper) -> ours.AddLine:
    return ours.AddLine(contract_line_of(change.line))


def _end_line(change: EndLineChange, paper: AmendmentPaper) -> ours.EndLine:
    return ours.EndLine(change.line_id)


def _add_instalments(change: AddInstalmentsChange, paper: AmendmentPaper) -> ours.AddInstalments:
    return ours.AddInstalments(change.line_id, tuple(instalment_of(part) for part in change.instalments))


def _move_instalment(change: MoveInstalmentChange, paper: AmendmentPaper) -> ours.MoveInstalment:
    return ours.MoveInstalment(change.instalment_id, change.due_on)


def _set_value(change: SetValueChange, paper: AmendmentPaper) -> ours.SetValue:
    parts = tuple(instalment_of(part) for part in change.instalments)
    return ours.SetValue(change.line_id, money_of(change.value), parts)


def _set_discount(change: SetDiscountChange, paper: AmendmentPaper) -> ours.SetDiscount:
    return ours.SetDiscount(change.line_id, discount_of(change.discount) if change.discount else None)


def _set_cap(change: SetCapChange, paper: AmendmentPaper) -> ours.SetCap:
    return ours.SetCap(change.line_id, cap_of(change.cap) if change.cap else None)


def _set_terms(change: SetTermsChange, paper: AmendmentPaper) -> ours.SetTerms:
    return ours.SetTerms(change.line_id, terms_of(change.terms))


def _set_dates(change: SetDatesChange, paper: AmendmentPaper) -> ours.SetDates:
    return ours.SetDates(change.starts_on, change.ends_on)


def _set_purchase_order(change: SetPurchaseOrderChange, paper: AmendmentPaper) -> ours.SetPurchaseOrder:
    return ours.SetPurchaseOrder(purchase_order_of(change.purchase_order) if change.purchase_order else None)


def _set_billing_schedule(change: SetBillingScheduleChange, paper: AmendmentPaper) -> ours.SetBillingSchedule:
    return ours.SetBillingSchedule(change.billing_schedule, change.payment_terms_days)


_CHANGES: dict[type, Callable[[Any, AmendmentPaper], ours.Change]] = {
    AddLineChange: _add_line,
    EndLineChange: _end_line,
    AddInstalmentsChange: _add_instalments,
    MoveInstalmentChange: _move_instalment,
    SetValueChange: _set_value,
    SetRatesChange: _rates,
    SetDiscountChange: _set_discount,
    SetCapChange: _set_cap,
    SetTermsChange: _set_terms,
    SetDatesChange: _set_dates,
    SetPurchaseOrderChange: _set_purchase_order,
    SetBillingScheduleChange: _set_billing_schedule,
}
