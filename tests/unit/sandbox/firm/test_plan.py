"""The firm's plan: the same seed is the same month, and the fabric can read what was agreed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from events.terms import Terms
from sandbox.firm.clauses import as_terms, words
from sandbox.firm.offices import OFFICES
from sandbox.firm.plan import plan
from sandbox.firm.shape import Deal, Kind
from shared.domain.contract import LineKind
from shared.runtime.terms import terms_of
from shared.usecases.check_terms import check_terms

MONTH = plan(1)
AGREED = [deal for deal in MONTH.deals if words(deal.clauses)]


def test_the_same_seed_is_the_same_month() -> None:
    assert plan(1) == MONTH and plan(2) != MONTH


def test_about_three_thousand_entries_of_44_people() -> None:
    assert 2700 <= len(MONTH.entries) <= 3200 and len(MONTH.consultants) == 44


def test_every_office_has_contracts_and_everybody_works() -> None:
    assert {deal.office for deal in MONTH.deals} == set(OFFICES)
    assert {entry.consultant for entry in MONTH.entries} == {person.email for person in MONTH.consultants}


@pytest.mark.parametrize("deal", AGREED, ids=lambda deal: deal.name)
def test_what_was_agreed_can_be_billed_by(deal: Deal) -> None:
    currency = OFFICES[deal.office].currency
    terms = Terms.model_validate_json(as_terms(deal.clauses, currency, date(2026, 10, 1)))
    assert deal.kind is Kind.TIME
    assert check_terms(terms_of(terms), LineKind.TIME_AND_MATERIALS, currency) == ()


def test_every_kind_of_clause_is_sold() -> None:
    said = " ".join(words(deal.clauses) for deal in AGREED)
    for kind in ("hard cap", "soft cap", "retainer", "deposit", "minimum", "% off above", "+7.5 %", "a day", "up to"):
        assert kind in said


def test_rates_rise_in_every_office() -> None:
    for office in OFFICES.values():
        assert all(office.raised[role] > rate for role, rate in office.rates.items())
        assert all(dearer >= cheaper for dearer, cheaper in pairwise(list(office.rates.values())[:5]))


def test_the_stories_are_about_deals_by_time() -> None:
    of_time = {deal.name for deal in MONTH.deals if deal.kind is Kind.TIME}
    assert {MONTH.amendment.deal, MONTH.given_up.deal, MONTH.rebilled.deal} <= of_time
    roles = {person.email: person.role for person in MONTH.consultants}
    agreed = MONTH.amendment
    worked = [e for e in MONTH.entries if e.deal == agreed.deal and e.day >= agreed.effective_on]
    assert any(roles[entry.consultant] == agreed.role for entry in worked)


def test_a_customer_has_contracts_on_one_invoice_that_share_order_and_terms() -> None:
    together = [deal for deal in MONTH.deals if deal.together]
    assert len(together) == 2
    assert len({(deal.client, deal.office, deal.purchase_order, deal.terms_days, deal.kind) for deal in together}) == 1
    assert len({deal.clauses for deal in together}) == 2
