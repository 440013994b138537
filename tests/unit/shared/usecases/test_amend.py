"""What each change makes of a contract, and the place of every change that does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.domain import amendment as a
from shared.domain.contract import Contract, ContractLine, Instalment, LineKind, SignedRate
from shared.domain.money import Money
from shared.domain.terms import Cap, OverCap, PurchaseOrder
from shared.faults import BusinessException
from shared.usecases.amend import amend
from shared.usecases.contract_as_of import contract_as_of, reapply, rules_of
from tests.fakes.flow import NOON
from tests.fakes.records import some_contract, usd

ON = date(2026, 4, 1)
LATER = date(2026, 5, 31)
EUR = Money(usd("1").amount, "EUR")


def amendment(*changes: Any, id: str = "A-1", on: date = ON, **values: Any) -> a.Amendment:
    told = {"recorded_at": NOON, "submitter": "Dana", "approver": "Kim", "words": "w"} | values
    return a.Amendment(amendment_id=id, contract_id="contract-1", effective_on=on, changes=changes, **told)


def amended(*changes: Any) -> Contract:
    return amend(some_contract(), amendment(*changes))


def line(contract: Contract, line_id: str) -> ContractLine:
    found = contract.line(line_id)
    assert found
    return found


def test_the_contract_that_came_in_is_what_it_was_and_the_new_one_names_the_amendment() -> None:
    before = some_contract()
    after = amend(before, amendment(a.SetDates(ends_on=LATER)))
    assert before == some_contract()
    assert (after.ends_on, after.starts_on) == (LATER, before.starts_on)
    assert [(each.amendment_id, each.effective_on, each.approver) for each in after.amendments] == [("A-1", ON, "Kim")]


def test_added_scope_takes_work_from_the_day_on() -> None:
    care = ContractLine("care", LineKind.TIME_AND_MATERIALS, "Care", usd("900"))
    added = line(amended(a.AddLine(care)), "care")
    assert not added.takes(ON - timedelta(days=1)) and added.takes(ON)


def test_an_ended_fee_owes_what_was_due_before() -> None:
    ended = line(amended(a.EndLine("line-2")), "line-2")
    assert (ended.value, [part.instalment_id for part in ended.instalments]) == (usd("500.00"), ["i-1"])
    assert ended.takes(date(2026, 3, 31)) and not ended.takes(ON)


def test_added_instalments_raise_the_fee() -> None:
    more = a.AddInstalments("line-2", (Instalment("i-3", LATER, usd("250.00")),))
    assert line(amended(more), "line-2").value == usd("1250.00")


def test_a_moved_instalment_keeps_its_value_and_id() -> None:
    parts = line(amended(a.MoveInstalment("i-2", LATER)), "line-2").instalments
    assert [(part.instalment_id, part.due_on, part.value) for part in parts] == [
        ("i-1", date(2026, 3, 31), usd("500.00")),
        ("i-2", LATER, usd("500.00")),
    ]


def test_a_new_fee_replaces_the_instalments_that_are_not_due_yet() -> None:
    new = a.SetValue("line-2", usd("800.00"), (Instalment("i-2", LATER, usd("300.00")),))
    found = line(amended(new), "line-2")
    assert (found.value, [part.due_on for part in found.instalments]) == (usd("800.00"), [date(2026, 3, 31), LATER])


def test_terms_order_and_schedule_are_replaced() -> None:
    cap = Cap(OverCap.SOFT, minutes=600)
    order = PurchaseOrder("PO-2", usd("9000"), LATER)
    after = amended(a.SetCap("line-1", cap), a.SetPurchaseOrder(order), a.SetBillingSchedule("weekly", 14))
    assert line(after, "line-1").terms.cap == cap
    assert (after.purchase_order, after.purchase_orders) == ("PO-2", (order,))
    assert (after.billing_schedule, after.payment_terms_days) == ("weekly", 14)


RATE = SignedRate("r", usd("180"), ON)
UNFIT = [
    (a.EndLine("line-9"), "changes.0.line_id"),
    (a.AddLine(ContractLine("line-1", LineKind.MILESTONE, "x", usd("1"))), "changes.0.line.line_id"),
    (a.AddLine(ContractLine("x", LineKind.MILESTONE, "x", EUR)), "changes.0.line.value"),
    (a.AddLine(ContractLine("x", LineKind.FIXED_FEE, "x", usd("1"))), "changes.0.line.instalments"),
    (a.AddInstalments("line-1", (Instalment("i-3", LATER, usd("1")),)), "changes.0.line_id"),
    (a.AddInstalments("line-2", (Instalment("i-1", LATER, usd("1")),)), "changes.0.instalments.0.instalment_id"),
    (a.AddInstalments("line-2", (Instalment("i-3", date(2026, 3, 1), usd("1")),)), "changes.0.instalments.0.due_on"),
    (a.MoveInstalment("i-1", LATER), "changes.0.instalment_id"),
    (a.MoveInstalment("i-2", date(2026, 3, 1)), "changes.0.due_on"),
    (a.MoveInstalment("i-9", LATER), "changes.0.instalment_id"),
    (a.SetValue("line-2", usd("800"), ()), "changes.0.instalments"),
    (a.SetValue("line-1", EUR), "changes.0.value"),
    (a.SetRates(()), "changes.0.rates"),
    (a.SetRates((replace(RATE, valid_from=date(2026, 3, 1)),)), "changes.0.rates.0.valid_from"),
    (a.SetRates((RATE, replace(RATE, valid_to=ON))), "changes.0.rates.1.valid_to"),
    (a.SetCap("line-1", Cap(OverCap.HARD)), "changes.0.cap"),
    (a.SetCap("line-1", Cap(OverCap.HARD, EUR)), "changes.0.cap.value"),
    (a.SetDates(ends_on=date(2026, 1, 1)), "changes.0.ends_on"),
    (a.SetPurchaseOrder(PurchaseOrder("P", EUR)), "changes.0.purchase_order.limit"),
]


@pytest.mark.parametrize(("change", "at"), UNFIT, ids=lambda each: each if isinstance(each, str) else "")
def test_a_change_that_does_not_fit_names_its_place(change: Any, at: str) -> None:
    with pytest.raises(BusinessException, match="amendment_unfit") as refused:
        amended(change)
    assert refused.value.facts["at"] == at and refused.value.facts["why"]


def test_the_place_counts_the_changes() -> None:
    with pytest.raises(BusinessException) as refused:
        amended(a.SetDates(ends_on=LATER), a.EndLine("line-9"))
    assert refused.value.facts["at"] == "changes.1.line_id"


def history(*amendments: a.Amendment) -> a.ContractHistory:
    corrected = replace(some_contract(), reference="C-2")
    late = NOON + timedelta(days=3)
    signed = (a.SignedVersion(1, NOON - timedelta(days=9), some_contract()), a.SignedVersion(2, late, corrected))
    return a.ContractHistory(signed, amendments)


def test_a_contract_is_asked_by_the_day_of_work_and_by_what_was_known() -> None:
    raised = amendment(a.SetValue("line-1", usd("20000")), recorded_at=NOON + timedelta(days=1))
    known = history(raised)
    assert line(contract_as_of(known, day=ON), "line-1").value == usd("20000")
    assert line(contract_as_of(known, day=ON - timedelta(days=1)), "line-1").value == usd("10000.00")
    assert line(contract_as_of(known, day=ON, known_at=NOON), "line-1").value == usd("10000.00")
    assert contract_as_of(known, day=ON, known_at=NOON + timedelta(days=2)).reference == "C-2026-001"
    assert contract_as_of(known).reference == "C-2"


def test_what_was_begun_goes_by_the_newest_delivery_and_the_amendments_of_its_time() -> None:
    early = amendment(a.SetDates(ends_on=LATER), id="A-1", recorded_at=NOON)
    late = amendment(a.SetBillingSchedule("weekly"), id="A-2", recorded_at=NOON + timedelta(hours=2))
    rules = rules_of(history(early, late), day=ON, began_at=NOON + timedelta(hours=1))
    assert (rules.reference, rules.ends_on, rules.billing_schedule) == ("C-2", LATER, "monthly")


def test_amendments_apply_by_the_day_they_take_effect_not_by_when_they_came() -> None:
    second = amendment(a.SetBillingSchedule("weekly"), id="A-1", on=LATER, recorded_at=NOON)
    first = amendment(a.SetBillingSchedule("daily"), id="A-2", on=ON, recorded_at=NOON + timedelta(days=5))
    for order in ((first, second), (second, first)):
        assert reapply(some_contract(), order).billing_schedule == "weekly"
