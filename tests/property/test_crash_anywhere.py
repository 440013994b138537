"""The process may die between any two writes of record, claim, seal, price, submit, post, record, reject and pay.

Run again, it ends where it would have ended: the same rows, the same events, one invoice each in the ERP.
"""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.invoice import InvoiceKind, InvoiceStatus
from shared.usecases.conservation import broken_seals, conservation
from tests.property.platform import Platform

Deaths = frozenset[int]


def a_month(deaths: Deaths = frozenset(), rejects: Deaths = frozenset(), firm: Platform | None = None) -> Platform:
    """Work, a run, late work and corrections of billed work, a second run, a payment, a third run."""
    firm = firm or Platform(deaths, rejects)
    for entry, minutes in (("t-1", 60), ("t-2", 50), ("t-3", 435), ("t-4", 15)):
        firm.tell(entry, 1, minutes)
    firm.tell("t-4", 2, None)
    first = firm.bill()
    firm.tell("t-2", 2, 20)
    firm.tell("t-3", 1, 435)
    firm.tell("t-5", 1, 600)
    firm.bill()
    for invoice_id in first:
        if firm.fake.invoices.get(invoice_id).status is InvoiceStatus.POSTED:
            firm.pay(invoice_id, 7)
    firm.bill()
    return firm


CALM = a_month()
CALM_WITH_REFUSAL = a_month(rejects=frozenset({0}))


def assert_nothing_lost_nothing_twice(firm: Platform) -> None:
    fake = firm.fake
    rows = conservation(fake.wip.sources.values(), fake.wip.items.values(), fake.invoices.rows.values())
    assert rows and all(row.holds for row in rows)
    assert [row for row in rows if row.open or row.claimed] == []
    assert broken_seals(fake.wip.items.values(), fake.invoices.rows.values()) == ()
    assert net_in_erp(firm) == sum(row.approved for row in rows)


def net_in_erp(firm: Platform) -> Decimal:
    """Invoices less credit memos."""
    of_kind = {InvoiceKind.INVOICE: 1, InvoiceKind.CREDIT_MEMO: -1}
    documents = firm.erp.invoices.values()
    return sum((of_kind[document.kind] * document.totals.net.amount for document in documents), Decimal(0))


def test_the_month_without_a_death_bills_everything_once() -> None:
    """(60 + 20 + 435 + 600) minutes at 150.00 an hour and the first instalment of 500.00."""
    assert_nothing_lost_nothing_twice(CALM)
    assert sum(document.totals.net.amount for document in CALM.erp.invoices.values()) == Decimal("3287.50")
    assert sorted(invoice.status for invoice in CALM.fake.invoices.rows.values()) == ["paid", "posted"]


def test_a_refused_invoice_gives_its_work_to_the_next() -> None:
    assert_nothing_lost_nothing_twice(CALM_WITH_REFUSAL)
    statuses = [invoice.status for invoice in CALM_WITH_REFUSAL.fake.invoices.rows.values()]
    assert InvoiceStatus.REJECTED in statuses and len(CALM_WITH_REFUSAL.erp.invoices) == 1


@pytest.mark.parametrize("moment", range(CALM.fate.moments))
def test_dying_at_any_one_moment_changes_nothing(moment: int) -> None:
    firm = a_month(frozenset({moment}))
    assert len(firm.fate.died_at) == 1
    assert firm.state() == CALM.state()


@pytest.mark.parametrize("moment", range(CALM_WITH_REFUSAL.fate.moments))
def test_dying_at_any_one_moment_round_a_refusal_changes_nothing(moment: int) -> None:
    firm = a_month(frozenset({moment}), rejects=frozenset({0}))
    assert len(firm.fate.died_at) == 1
    assert firm.state() == CALM_WITH_REFUSAL.state()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deaths=st.frozensets(st.integers(0, 400), max_size=25), rejects=st.frozensets(st.integers(0, 1)))
def test_dying_again_and_again_loses_nothing_and_bills_nothing_twice(deaths: Deaths, rejects: Deaths) -> None:
    firm = a_month(deaths, rejects)
    firm.bill()
    assert firm.state() == quiet(rejects).state()
    assert_nothing_lost_nothing_twice(firm)


@pytest.mark.parametrize("moment", range(CALM.fate.moments))
@pytest.mark.parametrize("other", ["another run", "a correction", "a late entry"])
def test_another_process_at_any_one_moment_loses_nothing_and_bills_nothing_twice(moment: int, other: str) -> None:
    """The other one has its whole way between two writes of the first: every order of their writes that matters."""
    firm = Platform()
    acts = {
        "another run": firm.bill,
        "a correction": lambda: firm.tell("t-1", 9, 90),
        "a late entry": lambda: firm.tell("t-9", 1, 33),
    }
    firm.fate.meanwhile[moment] = acts[other]
    a_month(firm=firm)
    firm.bill()
    assert firm.fate.meanwhile == {}
    assert_nothing_lost_nothing_twice(firm)
    assert firm.fake.wip.sources["t-1"].sequence == (9 if other == "a correction" else 1)


def quiet(rejects: Deaths) -> Platform:
    firm = a_month(rejects=rejects)
    firm.bill()
    return firm
