"""A card that changes after work was valued: open work is priced anew, billed work gets a plan, nothing is rewritten."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from events.rate_card_changed.v1 import CardRate
from functions.processes.time_to_bill.plan_late_rates import plan_codec
from shared.domain.invoice import InvoiceStatus
from shared.domain.source import Applied
from shared.faults import Transient
from tests.stories import Fabric, a_card, a_contract, an_entry, time_and_materials


@pytest.fixture
def fabric() -> Fabric:
    return Fabric().ready(a_contract(lines=time_and_materials()))


def values(fabric: Fabric) -> list[str]:
    return sorted(str(item.value.amount) for item in fabric.ports.wip.items.values())


def test_open_work_is_priced_anew_by_reversal_and_new_item(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    assert fabric.price(a_card(2, rate="160.00")) is Applied.NEW
    assert values(fabric) == ["-150.00", "150.00", "160.00"]
    source = fabric.ports.wip.source("t-1")
    assert (source.value.amount, source.sequence, source.revision) == (Decimal("160.00"), 1, 1)
    assert fabric.conserved() and fabric.exceptions() == []
    standing = fabric.ports.wip.get(source.wip_id)
    assert (standing.valuation.rate_card_version, standing.valuation.unit_price.amount) == ("2", Decimal("160.00"))


def test_a_card_told_twice_prices_once(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.price(a_card(2, rate="160.00"))
    assert fabric.price(a_card(2, rate="160.00")) is Applied.DUPLICATE
    assert values(fabric) == ["-150.00", "150.00", "160.00"]


def test_a_new_version_with_the_same_price_writes_nothing(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.price(a_card(2, name="Renamed"))
    assert values(fabric) == ["150.00"]


def test_a_correction_after_a_new_price_takes_the_newly_priced_item_back(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.price(a_card(2, rate="160.00"))
    fabric.approve(an_entry(sequence=2, minutes=30))
    assert values(fabric) == ["-150.00", "-160.00", "150.00", "160.00", "80.00"]
    assert fabric.ports.wip.source("t-1").revision == 0 and fabric.conserved()


def test_a_correction_reckoned_before_the_new_price_is_reckoned_again(fabric: Fabric) -> None:
    """Both would take the same item back; the one that comes second is told that the source moved."""
    fabric.approve(an_entry())
    before = fabric.ports.wip.source("t-1")
    fabric.price(a_card(2, rate="160.00"))
    stale = type(before)(**{**{f: getattr(before, f) for f in before.__slots__}, "sequence": 2})
    with pytest.raises(Transient, match="source_moved"):
        fabric.ports.wip.record(stale, [], previous=before)


def test_work_valued_while_the_card_changed_is_priced_anew_when_it_is_drafted(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    changed = fabric.ports.rate_cards
    (card,) = changed.versions("card-1")
    rate = type(card.rates[0])("r-1", type(card.rates[0].rate_per_hour)(Decimal(170), "USD"), date(2026, 1, 1))
    changed.save(type(card)("card-1", card.ref, "Standard", "USD", "2", (rate,)), sequence=2)
    (drafted,) = fabric.draft()["invoices"]
    assert fabric.invoice(drafted["invoice_id"]).net.amount == Decimal("170.00")
    assert fabric.conserved()


def test_a_card_without_a_rate_any_more_takes_nothing_back_and_somebody_is_told(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.price(a_card(2, role="Architect"))
    assert values(fabric) == ["150.00"] and fabric.exceptions() == ["rate_missing"]
    fabric.price(a_card(3, rate="155.00"))
    assert fabric.exceptions() == [] and fabric.ports.wip.source("t-1").value.amount == Decimal("155.00")


def test_billed_work_gets_a_plan_and_stays_as_it_is(fabric: Fabric) -> None:
    fabric.approve(an_entry(), an_entry("t-2", minutes=90))
    (invoice,) = fabric.bill()
    fabric.price(a_card(2, rate="160.00"))
    assert fabric.exceptions() == ["late_rate_change"]
    (trouble,) = fabric.ports.exceptions.list()
    assert {name: trouble.facts[name] for name in ("lines", "credited", "rebilled", "difference")} == {
        "lines": "2",
        "credited": "375.00",
        "rebilled": "400.00",
        "difference": "25.00",
    }
    plan = plan_codec().validate_json(fabric.ports.documents.get(trouble.facts["document"]))
    assert [(line.invoice_id, str(line.credited.amount), str(line.rebilled.amount)) for line in plan] in (
        [(invoice.invoice_id, "150.00", "160.00"), (invoice.invoice_id, "225.00", "240.00")],
        [(invoice.invoice_id, "225.00", "240.00"), (invoice.invoice_id, "150.00", "160.00")],
    )
    assert values(fabric) == ["150.00", "225.00"] and fabric.conserved()
    assert fabric.invoice(invoice.invoice_id) == invoice


def test_rates_of_other_days_are_no_change_for_billed_work(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.bill()
    old = CardRate(
        rate_id="r-1",
        rate_per_hour=Decimal(150),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 3, 3),
        role="Consultant",
    )
    new = CardRate(rate_id="r-2", rate_per_hour=Decimal(160), valid_from=date(2026, 3, 3), role="Consultant")
    fabric.price(a_card(2, rates=(old, new)))
    assert fabric.exceptions() == []


def test_two_changes_before_the_review_are_one_plan(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.bill()
    fabric.price(a_card(2, rate="160.00"))
    fabric.price(a_card(3, rate="165.00"))
    (trouble,) = fabric.ports.exceptions.list()
    assert (trouble.facts["lines"], trouble.facts["difference"]) == ("1", "15.00")


def test_a_change_taken_back_before_the_review_closes_the_plan(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.bill()
    fabric.price(a_card(2, rate="160.00"))
    fabric.price(a_card(3, rate="150.00"))
    assert fabric.exceptions() == []


def test_work_of_a_rejected_invoice_is_open_again_and_priced_by_the_card_as_it_is(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    (drafted,) = fabric.draft()["invoices"]
    fabric.price(a_card(2, rate="160.00"))
    fabric.to_price(drafted["invoice_id"])
    fabric.reject(drafted["invoice_id"])
    (again,) = fabric.bill()
    assert (again.status, again.net.amount) == (InvoiceStatus.POSTED, Decimal("160.00"))
    assert fabric.conserved()


def test_every_version_is_kept_with_the_moment_we_learned_it(fabric: Fabric) -> None:
    fabric.price(a_card(2, rate="160.00"))
    kept = fabric.ports.rate_cards.versions("card-1")
    assert [(card.version, str(card.rates[0].rate_per_hour.amount)) for card in kept] == [
        ("1", "150.00"),
        ("2", "160.00"),
    ]
    assert all(card.recorded_at == fabric.ports.clock.now() for card in kept)
