"""Closing and opening months, and what that does to invoices on their way."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.operations import accounting_period
from shared.domain.invoice import InvoiceStatus
from shared.faults import BusinessException
from tests.fakes.flow import FakeClock
from tests.stories import Fabric, a_contract, an_entry, time_and_materials


def act(fabric: Fabric, action: str, month: str | None = None) -> dict[str, Any]:
    command = accounting_period.AccountingPeriod(action=action, legal_entity_id="US", month=month, by=month and "Grace")  # type: ignore[arg-type]
    return accounting_period.handler.step(command, fabric.ports)  # type: ignore[no-any-return]


@pytest.fixture
def fabric() -> Fabric:
    """April: March has been worked."""
    fabric = Fabric()
    fabric.ports.clock = FakeClock(datetime(2026, 4, 2, 12, tzinfo=UTC))
    fabric.ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry())
    return fabric


def test_closed_months_are_listed_with_who_closed_them(fabric: Fabric) -> None:
    assert act(fabric, "close", "2026-03")["closed"] == ["2026-03"]
    (change,) = act(fabric, "list")["changes"]
    assert (change["month"], change["what"], change["by"]) == ("2026-03", "closed", "Grace")
    assert act(fabric, "open", "2026-03")["closed"] == []


def test_a_month_that_goes_on_is_not_closed(fabric: Fabric) -> None:
    with pytest.raises(BusinessException, match="period_not_over"):
        act(fabric, "close", "2026-04")


def test_what_is_priced_after_the_close_is_dated_in_the_open_month(fabric: Fabric) -> None:
    act(fabric, "close", "2026-03")
    (drafted,) = fabric.draft()["invoices"]
    fabric.to_price(drafted["invoice_id"])
    assert fabric.invoice(drafted["invoice_id"]).issued_on == date(2026, 4, 2)


def test_an_invoice_priced_before_the_close_is_not_submitted_into_it(fabric: Fabric) -> None:
    fabric.ports.clock = FakeClock(datetime(2026, 3, 31, 12, tzinfo=UTC))
    (drafted,) = fabric.draft()["invoices"]
    fabric.to_price(drafted["invoice_id"])
    fabric.ports.clock = FakeClock(datetime(2026, 4, 2, 12, tzinfo=UTC))
    act(fabric, "close", "2026-03")
    with pytest.raises(BusinessException, match="posting_period_closed"):
        fabric.submit(drafted["invoice_id"])
    fabric.reject(drafted["invoice_id"])
    (again,) = fabric.bill()
    assert (again.issued_on, again.status) == (date(2026, 4, 2), InvoiceStatus.POSTED)
    assert fabric.conserved()
