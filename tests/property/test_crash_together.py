"""The process may die anywhere while two contracts of one customer are invoiced together: it ends where it would have ended."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.processes.time_to_bill import record_time
from shared.domain.contract import Grouping
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceStatus
from shared.domain.project import ProjectStatus
from shared.domain.terms import Discount, LineTerms, PurchaseOrder, Tier
from shared.usecases.conservation import broken_seals, conservation
from tests.fakes.records import some_contract, some_project, usd
from tests.property.mortal import until_done
from tests.property.platform import CONTRACT, WORKSPACE, Platform, an_entry

Deaths = frozenset[int]
OTHER = "contract-2"
ELSEWHERE = WORKSPACE.model_copy(update={"id": "78"})
ORDER = PurchaseOrder("PO-7", usd("5000.00"))


class Group(Platform):
    """The firm's customer has a second contract; both are invoiced by customer, on one purchase order number."""

    def _set_up(self, terms: LineTerms) -> None:
        super()._set_up(terms)
        other = some_project(OTHER, ProjectStatus.ACTIVE)
        self.fake.projects.add(replace(other, refs=(ExternalRef("kantata", "workspace", "78"),)))
        self.fake.rate_cards.assign("card-1", other.project_id)
        self.fake.references.link(ExternalRef("kantata", "workspace", "78"), other.project_id)
        for contract_id, prefix in ((CONTRACT, ""), (OTHER, "other-")):
            contract = some_contract(contract_id)
            lines = tuple(
                replace(
                    line,
                    line_id=f"{prefix}{line.line_id}",
                    terms=terms if line.instalments == () else line.terms,
                    instalments=tuple(
                        replace(part, instalment_id=f"{prefix}{part.instalment_id}") for part in line.instalments
                    ),
                )
                for line in contract.lines
            )
            changed = replace(contract, grouping=Grouping.CUSTOMER, lines=lines, purchase_orders=(ORDER,))
            self.fake.contracts.save(changed, sequence=2)

    def tell_other(self, entry: str, sequence: int, minutes: int | None) -> None:
        told = an_entry(entry, sequence, minutes)
        event = told.model_copy(update={"data": told.data.model_copy(update={"project_ref": ELSEWHERE})})
        until_done(lambda: record_time.handler.step(event, self.ports))


DISCOUNT = LineTerms(discount=Discount((Tier(usd("0.00"), Decimal(10)),)))


def a_month(deaths: Deaths = frozenset(), rejects: Deaths = frozenset()) -> Group:
    """Work on both, a run, late work on one and a correction on the other, a second run."""
    firm = Group(deaths, rejects, DISCOUNT)
    firm.tell("t-1", 1, 60)
    firm.tell_other("o-1", 1, 50)
    firm.tell_other("o-2", 1, 120)
    firm.bill()
    firm.tell("t-2", 1, 600)
    firm.tell_other("o-2", 2, 20)
    firm.bill()
    firm.bill()
    return firm


CALM = a_month()
REFUSED = a_month(rejects=frozenset({0}))


def sound(firm: Group) -> bool:
    fake = firm.fake
    rows = conservation(fake.wip.sources.values(), fake.wip.items.values(), fake.invoices.rows.values())
    billed = all(row.holds and not row.open and not row.claimed for row in rows)
    return billed and broken_seals(fake.wip.items.values(), fake.invoices.rows.values()) == ()


def shares_are_whole(firm: Group) -> bool:
    """What is kept by contract sums to what the invoice says, and so do orders and ledgers."""
    for each in firm.fake.invoices.rows.values():
        if each.status in (InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED) or each.totals is None:
            continue
        nets = [each.drawn_of(contract_id) for contract_id in each.contract_ids]
        grosses = [share.gross for share in each.shares if share.gross]
        zero = usd("0.00")
        if sum((net for net in nets if net), zero) != each.drawn or sum(grosses, zero) != each.totals.gross:
            return False
    return True


def test_a_calm_month_puts_both_contracts_on_each_invoice() -> None:
    documents = CALM.erp.invoices.values()
    assert [set(document.contract_ids) for document in documents] == [{CONTRACT, OTHER}] * 2
    worked = [Decimal("150"), Decimal("125"), Decimal("300"), Decimal("1500"), Decimal("-250")]
    assert sum(document.totals.net.amount for document in documents) == sum(worked) * Decimal("0.9") + 2 * 500
    assert sound(CALM) and shares_are_whole(CALM)


@pytest.mark.parametrize("moment", range(CALM.fate.moments))
def test_dying_at_any_one_moment_changes_nothing(moment: int) -> None:
    firm = a_month(frozenset({moment}))
    assert len(firm.fate.died_at) == 1
    assert firm.state() == CALM.state()


@pytest.mark.parametrize("moment", range(REFUSED.fate.moments))
def test_dying_round_a_refusal_changes_nothing(moment: int) -> None:
    firm = a_month(frozenset({moment}), rejects=frozenset({0}))
    assert firm.state() == REFUSED.state()
    assert sound(firm) and shares_are_whole(firm)


MOMENTS = st.frozensets(st.integers(0, CALM.fate.moments + 40), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(deaths=MOMENTS, rejects=st.frozensets(st.integers(0, 2), max_size=2))
def test_nothing_is_lost_or_billed_twice_however_often_it_dies(deaths: Deaths, rejects: Deaths) -> None:
    firm = a_month(deaths, rejects)
    firm.bill()
    firm.bill()
    assert sound(firm) and shares_are_whole(firm)


Told = st.tuples(st.booleans(), st.sampled_from(["a", "b", "c"]), st.integers(0, 300))


@settings(max_examples=40, deadline=None)
@given(told=st.lists(st.lists(Told, max_size=4), min_size=1, max_size=4))
def test_any_work_and_corrections_of_both_are_conserved(told: list[list[tuple[bool, str, int]]]) -> None:
    """Corrections that outweigh all work wait, or are credited where they were billed; all is accounted for."""
    firm = Group(terms=DISCOUNT)
    for sequence, batch in enumerate(told, start=1):
        for of_other, entry, minutes in batch:
            (firm.tell_other if of_other else firm.tell)(f"{entry}-{of_other}", sequence, minutes or None)
        firm.bill()
    fake = firm.fake
    rows = conservation(fake.wip.sources.values(), fake.wip.items.values(), fake.invoices.rows.values())
    assert all(row.holds for row in rows)
    assert broken_seals(fake.wip.items.values(), fake.invoices.rows.values()) == ()
    assert shares_are_whole(firm)
