"""Rehearsals: what a contract allows: caps, limits, purchase orders, amendments, late work."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from events.contract_signed.v1 import SignedLine
from events.terms import ExpenseTerms, PurchaseOrderTerms, Terms
from shared.domain.exception import BillingException
from shared.domain.invoice import InvoiceStatus
from shared.domain.money import Money
from tests.runbook.deals import billed
from tests.runbook.rehearsal import Rehearsal
from tests.runbook.stage import APRIL, MARCH, Stage
from tests.stories import CONTRACT, time_and_materials, usd
from tests.unit.functions.processes.time_to_bill.test_within_caps import capped


def paper(effective: date, *changes: dict[str, Any], number: str = "A-1") -> str:
    """An amendment as a file."""
    told = {"amendment_id": number, "contract_id": CONTRACT, "effective_on": effective.isoformat(), "words": "agreed"}
    file = Path(mkdtemp()) / "amendment.json"
    file.write_text(json.dumps(told | {"changes": changes}))
    return str(file)


def amended(stage: Stage, file: str) -> None:
    stage.say(f"billweave amend {file} --by bo --approver kim")


def dollars(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def under(**cap: Any) -> Any:
    return capped(**cap).data.lines


def above(**cap: Any) -> Any:
    def stop(stage: Stage) -> None:
        stage.ready(lines=under(**cap))
        stage.work(minutes=120)
        stage.bill()
        assert stage.nets() == ["200.00"]

    return stop


def raised_cap(_: Stage, __: BillingException) -> dict[str, str]:
    change = {"change": "set_cap", "line_id": "l-time", "cap": {"over": "hard", "value": dollars("1000.00")}}
    return {"amendment file": paper(date(2026, 3, 1), change), "another": "kim", "day": APRIL.isoformat()}


def dear_expense(stage: Stage) -> None:
    terms = Terms(expenses=(ExpenseTerms(basis="at_cost", category="Travel", limit=usd("50.00")),))
    line = SignedLine(
        line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000"), terms=terms
    )
    stage.ready(lines=(line,))
    stage.spend()
    stage.bill()
    assert stage.nets() == ["50.00"]


def met_at_a_cap(stage: Stage) -> None:
    """Two runs that did not see each other's draft."""
    fake = stage.fake
    stage.ready(lines=under(value=usd("200.00")))
    stage.work()
    unfinished, fake.invoices.unfinished = fake.invoices.unfinished, lambda _: []  # type: ignore[method-assign]
    stage.bill(run="first")
    [first] = fake.invoices.rows.values()
    [claimed] = fake.wip.claimed_by(first.invoice_id)
    fake.invoices.seal(first.invoice_id, item_count=1, net=claimed.value)
    stage.work("1002")
    stage.bill(run="second")
    fake.invoices.unfinished = unfinished  # type: ignore[method-assign]
    stage.bill(run="third")
    assert stage.nets() == ["150.00"]


def one_invoice_cancelled(stage: Stage) -> None:
    billed("150.00", "50.00")(stage)
    assert [each.status for each in stage.fake.invoices.rows.values()].count(InvoiceStatus.REJECTED) == 1


def order(**changes: Any) -> tuple[PurchaseOrderTerms, ...]:
    return (PurchaseOrderTerms(**({"number": "PO-1"} | changes)),)


def beyond(**terms: Any) -> Any:
    def stop(stage: Stage) -> None:
        stage.ready(purchase_orders=order(**terms))
        stage.work()
        stage.bill()
        assert stage.nets() == []

    return stop


def another_order(stage: Stage) -> None:
    stage.sell(2, purchase_orders=order(limit=usd("1000.00")))


def months_late(stage: Stage) -> None:
    stage.ready()
    stage.work()
    stage.fake.clock.at = datetime(2026, 8, 1, 12, tzinfo=UTC)
    stage.bill(date(2026, 7, 31))
    assert stage.nets() == []


def after_its_line_ended(stage: Stage) -> None:
    stage.ready()
    stage.work()
    amended(stage, paper(date(2026, 3, 1), {"change": "end_line", "line_id": "l-time"}))
    stage.bill()
    assert stage.nets() == []


def scope_again(_: Stage, __: BillingException) -> dict[str, str]:
    line = {"line_id": "l-more", "kind": "time_and_materials", "description": "Consulting", "value": dollars("5000.00")}
    change = {"change": "add_line", "line": line | {"instalments": []}}
    return {"amendment file": paper(date(2026, 3, 1), change, number="A-2"), "another": "kim", "day": MARCH.isoformat()}


def new_price_by_amendment(stage: Stage) -> None:
    stage.ready()
    stage.work()
    stage.bill()
    rate = {"rate_per_hour": dollars("160.00"), "role": "Consultant"}
    amended(stage, paper(date(2026, 3, 1), {"change": "set_rates", "rates": [rate]}))


def two_lines() -> tuple[SignedLine, ...]:
    other = SignedLine(line_id="l-other", kind="time_and_materials", description="Training", value=usd("900"))
    return (*time_and_materials(), other)


def line_gone_in_the_crm(stage: Stage) -> None:
    stage.ready(lines=two_lines())
    cap = {"change": "set_cap", "line_id": "l-other", "cap": {"over": "hard", "value": dollars("1000.00")}}
    amended(stage, paper(date(2026, 3, 1), cap))
    stage.sell(2)


def stands_with_its_amendment(stage: Stage) -> None:
    line = next(each for each in stage.fake.contracts.get(CONTRACT).lines if each.line_id == "l-other")
    assert line.terms.cap and line.terms.cap.value == Money(Decimal("1000.00"), "USD")


def next_run(_: Stage, __: BillingException) -> dict[str, str]:
    return {"day": APRIL.isoformat()}


REHEARSALS = {
    "amendment_plan": Rehearsal(
        new_price_by_amendment,
        words=lambda _, __: {"day": APRIL.isoformat()},
        ended=billed("150.00", "-150.00", "160.00"),
    ),
    "over_cap": Rehearsal(above(over="soft", value=usd("200.00")), words=next_run, ended=billed("200.00", "100.00")),
    "over_hard_cap": Rehearsal(above(value=usd("200.00")), words=raised_cap, ended=billed("200.00", "100.00")),
    "expense_over_limit": Rehearsal(dear_expense, words=next_run, ended=billed("50.00", "30.00")),
    "cap_exceeded": Rehearsal(
        met_at_a_cap, words=next_run, ended=one_invoice_cancelled, leaves=frozenset({"over_hard_cap"})
    ),
    "purchase_order_exceeded": Rehearsal(
        beyond(limit=usd("100.00")),
        {"Salesforce: put the raised limit, or the new order, on the deal": another_order},
        next_run,
        billed("150.00"),
    ),
    "purchase_order_expired": Rehearsal(
        beyond(expires_on=date(2026, 3, 1)),
        {"Salesforce: put the new order, or the later expiry, on the deal": another_order},
        next_run,
        billed("150.00"),
    ),
    "late_work": Rehearsal(months_late, words=lambda _, __: {"day": "2026-07-31"}, ended=billed("150.00")),
    "line_ended": Rehearsal(after_its_line_ended, words=scope_again, ended=billed("150.00")),
    "amendment_unfit": Rehearsal(
        line_gone_in_the_crm,
        {"Salesforce: bring back what the amendment changes": lambda stage: stage.sell(3, lines=two_lines())},
        ended=stands_with_its_amendment,
    ),
}
