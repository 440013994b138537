"""What finance, delivery and operators read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from functions.experience import audit, exceptions, invoices, projects, status, trace
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.runtime.trouble import raise_trouble
from tests.stories import CONTRACT, PROJECT, Fabric, a_contract, an_entry, an_expense, time_and_materials


@pytest.fixture
def billed() -> Fabric:
    """One posted invoice of an hour and an expense."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry(), an_expense())
    fabric.bill()
    return fabric


def the_id(fabric: Fabric) -> str:
    return next(iter(fabric.ports.invoices.rows))


def test_an_invoice_is_shown_with_amounts_as_text(billed: Fabric) -> None:
    (row,) = invoices.invoices(billed.ports)
    assert (row["customer"], row["legal_entity"], row["status"]) == ("Acme", "US", "posted")
    assert (row["net"], row["tax"], row["gross"], row["paid"]) == ("230.00", "0.00", "230.00", None)
    assert row["erp_number"] == f"INV-{row['invoice_id']}"


def test_a_draft_shows_what_is_known(billed: Fabric) -> None:
    billed.approve(an_entry("t-2"))
    billed.draft()
    (row,) = invoices.invoices(billed.ports, status="sealed")
    assert (row["net"], row["tax"], row["gross"], row["erp_number"]) == ("150.00", None, None, None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 1),
        ({"legal_entity": "US"}, 1),
        ({"legal_entity": "DE"}, 0),
        ({"status": "posted"}, 1),
        ({"status": "paid"}, 0),
    ],
)
def test_invoices_are_found_by_legal_entity_and_status(billed: Fabric, asked: dict[str, str], found: int) -> None:
    assert len(invoices.invoices(billed.ports, **asked)) == found


def test_one_invoice_is_found_by_our_id_the_erps_id_and_its_number(billed: Fabric) -> None:
    ours = the_id(billed)
    for any_id in (ours, f"ns-{ours}", f"INV-{ours}"):
        assert invoices.invoice(billed.ports, any_id)["invoice_id"] == ours
    with pytest.raises(BusinessException, match="invoice_unknown"):
        invoices.invoice(billed.ports, "INV-nothing")


def test_one_invoice_tells_its_lines_entries_and_wait(billed: Fabric) -> None:
    told = invoices.invoice(billed.ports, the_id(billed))
    assert (told["lines"], told["time_entries"]) == (2, 1)
    invoice = billed.invoice(the_id(billed))
    assert invoice.posted_at is not None and invoice.last_approval_at is not None
    assert told["seconds_from_last_approval"] == (invoice.posted_at - invoice.last_approval_at).total_seconds()


def test_an_expense_counts_as_no_time_entry(billed: Fabric) -> None:
    billed.approve(an_expense("x-2"))
    (expense_only,) = billed.bill()
    assert invoices.invoice(billed.ports, expense_only.invoice_id)["time_entries"] == 0


def test_every_line_is_explained_back_to_its_entry_and_rate(billed: Fabric) -> None:
    told = invoices.explain(billed.ports, the_id(billed))
    assert told["contract_reference"] == "C-2026-001" and len(told["lines"]) == 2
    (of_time,) = [line for line in told["lines"] if line["net"] == "150.00"]
    words = " ".join(reason["words"] for reason in of_time["chain"])
    assert "t-1" in str(of_time["chain"]) and "150.00" in words and "Ann" in words


def test_one_line_is_explained_by_its_number_or_its_item(billed: Fabric) -> None:
    (first, _) = invoices.explain(billed.ports, the_id(billed))["lines"]
    (alone,) = invoices.explain(billed.ports, the_id(billed), first["line_id"])["lines"]
    assert alone == first
    with pytest.raises(BusinessException, match="line_unknown"):
        invoices.explain(billed.ports, the_id(billed), "99")


def test_an_invoice_that_is_not_priced_explains_nothing_yet(billed: Fabric) -> None:
    billed.approve(an_entry("t-2"))
    (sealed,) = [each["invoice_id"] for each in billed.draft()["invoices"]]
    with pytest.raises(BusinessException, match="invoice_not_priced"):
        invoices.explain(billed.ports, sealed)


def test_an_exception_is_shown_without_its_sagas_token() -> None:
    fabric = Fabric()
    raise_trouble(
        fabric.ports, "posting_period_closed", "i-1", legal_entity_id="US", correlation_id="c", task_token="t0ken"
    )
    (row,) = exceptions.exceptions(fabric.ports, status="open")
    assert (row["type"], row["owner"], row["status"]) == ("posting_period_closed", "finance_operations", "open")
    assert "t0ken" not in str(row) and exceptions.exceptions(fabric.ports, status="resolved") == []


def test_a_project_shows_what_is_parked_for_it() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer()
    fabric.approve(an_entry(), an_entry("t-2"))
    (row,) = projects.projects(fabric.ports)
    assert (row["project_id"], row["status"], row["parked"]) == (PROJECT, "setting_up", 2)
    assert projects.parked(fabric.ports) == [
        {"waiting_for": f"project:{PROJECT}", "reason": "project_not_active", "deliveries": 2}
    ]


def test_a_project_shows_what_waits_for_its_contract() -> None:
    fabric = Fabric().ready(a_contract(lines=a_contract().data.lines[1:]))
    fabric.approve(an_entry())
    (row,) = projects.projects(fabric.ports, status="active")
    assert row["parked"] == 1
    assert projects.projects(fabric.ports, status="blocked") == []


def test_the_status_says_what_stands_where(billed: Fabric) -> None:
    billed.approve(an_entry("t-3", role="Architect"))
    told = status.status(billed.ports)
    assert (told["projects"], told["invoices"]) == ({"active": 1}, {"posted": 1})
    assert told["open_exceptions"] == {"master_data": 1}
    assert [row["deliveries"] for row in told["parked"]] == [1]
    assert told["legal_entities"] == ["US", "DE"]


@pytest.mark.parametrize("any_id", [CONTRACT, PROJECT, "t-1", f"006{CONTRACT}", "77"])
def test_a_story_is_told_by_any_id_of_any_system(billed: Fabric, any_id: str) -> None:
    types = [event["type"] for event in trace.trace(billed.ports, any_id)["events"]]
    assert "invoice.posted.v1" in types and "wip.recorded.v1" in types


def test_a_story_of_an_invoice_is_told_by_the_erps_number(billed: Fabric) -> None:
    told = trace.trace(billed.ports, f"INV-{the_id(billed)}")
    assert told["subjects"] == [the_id(billed)]
    assert [event["type"] for event in told["events"]] == ["invoice.requested.v1", "invoice.posted.v1"]


def test_an_id_nobody_knows_has_no_story(billed: Fabric) -> None:
    with pytest.raises(BusinessException, match="id_unknown"):
        trace.trace(billed.ports, "nothing")


def test_the_audit_holds_to_the_cent(billed: Fabric) -> None:
    billed.approve(an_entry("t-2"))
    told = audit.audit(billed.ports)
    assert told["holds"] is True
    (totals,) = told["by_legal_entity"]
    assert (totals["approved"], totals["invoiced"], totals["open"]) == ("380.00", "230.00", "150.00")
    (row,) = told["by_project"]
    assert (row["project_id"], row["difference"]) == (PROJECT, "0.00")


def test_the_audit_shows_money_that_is_missing(billed: Fabric) -> None:
    source = billed.ports.wip.source("t-1")
    billed.ports.wip.sources["t-1"] = replace(source, value=Money(Decimal("150.01"), "USD"))
    told = audit.audit(billed.ports, legal_entity="US")
    assert told["holds"] is False and told["by_project"][0]["difference"] == "0.01"
    assert audit.audit(billed.ports, legal_entity="DE") == {"holds": True, "by_legal_entity": [], "by_project": []}
