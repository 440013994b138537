"""Credits of an invoice in any parts, in any order: they sum to it, and never to more. And through any crash."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.credit import Credited
from shared.domain.credit_ledger import no_credits, with_credit, without_credit
from shared.domain.invoice import InvoiceKind, InvoiceLine, InvoiceStatus
from shared.domain.money import Money
from shared.domain.tax import TaxCategory
from shared.faults import BusinessException
from shared.usecases.conservation import broken_seals, conservation
from shared.usecases.credit_plan import credit_plan
from tests.build import an_invoice
from tests.fakes.ports import FakePorts
from tests.invoices import a_document
from tests.property.mortal import Fate, MortalPorts, until_done
from tests.property.strategies import invoice_lines
from tests.stories import Fabric, a_contract, an_entry, time_and_materials

POSTED = an_invoice(status=InvoiceStatus.POSTED)


def positive(lines: list[InvoiceLine]) -> list[InvoiceLine]:
    """An invoice as an ERP takes it, without what stands alone on one."""
    kept = [line for line in lines if line.tax.category is not TaxCategory.OUTSIDE_SCOPE and line.net.amount > 0]
    return kept


CALMLY = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
documents = invoice_lines().map(positive).filter(bool).map(a_document)


@CALMLY
@given(documents, st.data())
def test_parts_in_any_number_and_order_sum_to_the_whole(document: object, data: st.DataObject) -> None:
    credited = no_credits("inv-1")
    plans = []
    for number in range(data.draw(st.integers(0, 6))):
        chosen = data.draw(st.sets(st.sampled_from([line.line_id for line in document.lines])))  # type: ignore[attr-defined]
        percent = data.draw(st.decimals(Decimal("0.01"), 60, places=2))
        try:
            plan = credit_plan(POSTED, document, credited, line_ids=sorted(chosen), percent=percent)  # type: ignore[arg-type]
        except BusinessException:
            continue
        assert plan.tax.amount >= 0 and plan.gross == plan.net + plan.tax
        credited = with_credit(credited, plan, f"memo-{number}")
        plans.append(plan)
    plans += the_rest(document, credited)
    totals = document.totals  # type: ignore[attr-defined]
    zero = Money.zero(document.currency)  # type: ignore[attr-defined]
    sums = [sum((getattr(plan, name) for plan in plans), zero) for name in ("net", "tax", "gross")]
    assert sums == [totals.net, totals.tax, totals.gross]


def the_rest(document: object, credited: Credited) -> list[object]:
    try:
        return [credit_plan(POSTED, document, credited)]  # type: ignore[arg-type]
    except BusinessException as refusal:
        assert refusal.code == "credited_in_full"
        return []


@CALMLY
@given(documents, st.data())
def test_what_is_given_back_to_the_ledger_leaves_it_as_it_was(document: object, data: st.DataObject) -> None:
    percent = data.draw(st.decimals(1, 100, places=2))
    before = no_credits("inv-1")
    try:
        plan = credit_plan(POSTED, document, before, percent=percent)  # type: ignore[arg-type]
    except BusinessException:
        return
    after = without_credit(with_credit(before, plan, "memo-1"), plan, "memo-1")
    assert (after.lines, after.memos) == ({}, ())
    assert all(tax.taxable.amount == tax.amount.amount == 0 for tax in after.taxes)


def a_story(fabric: Fabric, ends: bool) -> None:
    """Two entries billed; one credited whole, a part of the other given up; the first memo ends or is posted; another run.

    Every word is run again until it ends by itself.
    """
    [first] = [each for each in fabric.bill() if each.kind is InvoiceKind.INVOICE]
    memo_id = fabric.credit(first.invoice_id, "r-1", lines=("1",))["memo_id"]
    given_up = fabric.credit(first.invoice_id, "r-2", lines=("2",), percent=Decimal(10), remedy="concession")["memo_id"]
    for each in (memo_id, given_up):
        fabric.to_price(each)
        fabric.submit(each, "Grace")
    fabric.reject(memo_id) if ends else fabric.posted(memo_id)
    fabric.posted(given_up)
    fabric.approve(an_entry("t-2", sequence=2, minutes=180))
    fabric.bill()


def firm(deaths: frozenset[int] = frozenset()) -> tuple[Fabric, Fate]:
    """Set up without a death; from then on the process dies at those moments."""
    ports = FakePorts()
    fabric = Fabric(ports).ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry("t-1"), an_entry("t-2", minutes=120))
    fate = Fate(deaths)
    mortal = MortalPorts(ports, fate)
    return Fabric(mortal, run=until_done), fate


def assert_conserved(ports: FakePorts) -> None:
    rows = conservation(ports.wip.sources.values(), ports.wip.items.values(), ports.invoices.rows.values())
    assert [row for row in rows if not row.holds or row.claimed] == []
    assert broken_seals(ports.wip.items.values(), ports.invoices.rows.values()) == ()
    for invoice in ports.invoices.rows.values():
        if invoice.credited and invoice.totals:
            assert invoice.credited.amount <= invoice.totals.gross.amount


def state(fabric: Fabric) -> tuple[object, ...]:
    ports: FakePorts = fabric.ports.ports
    events = sorted(ports.outbox.events)
    return dict(ports.wip.items), dict(ports.wip.sources), dict(ports.invoices.rows), ports.credits.ledgers, events


def calm(ends: bool) -> tuple[Fabric, Fate]:
    fabric, fate = firm()
    a_story(fabric, ends)
    return fabric, fate


CALM = {ends: calm(ends) for ends in (False, True)}


@pytest.mark.parametrize("ends", [False, True], ids=["posted", "rejected"])
def test_the_story_without_a_death_conserves_everything(ends: bool) -> None:
    fabric, _ = CALM[ends]
    assert_conserved(fabric.ports.ports)


@pytest.mark.parametrize(
    ("ends", "moment"), [(ends, moment) for ends, (_, fate) in CALM.items() for moment in range(fate.moments)]
)
def test_dying_at_any_one_moment_changes_nothing(ends: bool, moment: int) -> None:
    fabric, fate = firm(frozenset({moment}))
    a_story(fabric, ends)
    assert len(fate.died_at) == 1
    assert state(fabric) == state(CALM[ends][0])
    assert_conserved(fabric.ports.ports)
