from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.contract import AppliedAmendment
from shared.domain.identity import ExternalRef
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceStatus, LineOrigin
from shared.domain.terms import LineTerms, Multipliers, RoundScope, RoundTo, TimeRounding
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.apply_source import reversal_of
from shared.usecases.explain_item import explain_dropped
from shared.usecases.explain_line import explain_line
from shared.usecases.explain_reason import Reason
from shared.usecases.price_invoice import price_invoice
from shared.usecases.round_day import round_day
from tests.build import (
    a_card,
    a_contract,
    a_customer,
    a_project,
    a_rate,
    an_invoice,
    eur,
    the_policies,
    time_item,
)


def priced(*items: WipItem) -> tuple[Invoice, InvoiceDocument]:
    return price_invoice(
        an_invoice(),
        items,
        contract=a_contract(),
        customer=a_customer(),
        policies=the_policies(),
        issued_on=date(2026, 11, 3),
    )


def explained(item: WipItem, invoice: Invoice, document: InvoiceDocument, **more: Any) -> dict[str, Reason]:
    asked: dict[str, Any] = {"contract": a_contract(), "project": a_project(), "card": a_card()}
    line = next(line for line in document.lines if line.wip_id == item.wip_id)
    reasons = explain_line(document, line.line_id, invoice=invoice, item=item, **(asked | more))
    return {reason.step: reason for reason in reasons}


ITEM = time_item(minutes=50)
INVOICE, DOCUMENT = priced(ITEM, time_item("t-2", minutes=60))


def test_the_chain_runs_from_the_work_to_the_invoice() -> None:
    chain = explained(ITEM, INVOICE, DOCUMENT)
    assert list(chain) == ["source", "approval", "rate", "contract", "value", "tax", "invoice"]


def test_each_step_says_in_words_what_a_person_can_check() -> None:
    chain = explained(ITEM, INVOICE, DOCUMENT)
    assert chain["approval"].words == "approved by Grace Hopper at 2026-10-06T09:30:00+00:00"
    assert chain["rate"].words == "rate for role of Standard 2026: 150.00 EUR per hour"
    assert chain["value"].words == "50 minute / 60 x 150.00 = 125.00 EUR, rounded half away from zero"
    assert chain["tax"].words == "category S at 19 %: 52.25 on 275.00 EUR, the sum of all lines so taxed"
    assert "contract C-2026-001, signed 2026-09-01, Consulting (time and materials)" in chain["contract"].words
    assert "net 275.00, tax 52.25, gross 327.25 EUR" in chain["invoice"].words


def test_ids_and_versions_of_all_that_made_it_are_there() -> None:
    chain = explained(ITEM, INVOICE, DOCUMENT)
    assert chain["source"].facts["source_ref"] == "t-1"
    assert chain["source"].facts["version"] == "1"
    assert chain["rate"].facts["rate_id"] == "r-role"
    assert chain["rate"].facts["rate_card_version"] == "v7"
    assert chain["rate"].facts["valid_from"] == "2026-01-01"
    assert chain["contract"].facts["opportunity_ref"] == "006A"
    assert chain["tax"].facts["rule"] == "de-domestic"
    assert chain["invoice"].facts["document_key"] == "invoices/inv-1/document.json"


def test_a_rate_changed_since_is_shown_beside_the_one_billed() -> None:
    chain = explained(ITEM, INVOICE, DOCUMENT, card=a_card(a_rate(amount="165.00")))
    assert (chain["rate"].facts["rate_now"], "150.00" in chain["rate"].words) == ("165.00", True)


def test_a_posted_invoice_ends_in_the_erps_books() -> None:
    posted = replace(
        INVOICE,
        status=InvoiceStatus.POSTED,
        erp_ref=ExternalRef("netsuite", "invoice", "1042"),
        erp_number="INV1001",
        erp_gross=eur("327.25"),
        posted_at=datetime(2026, 11, 3, 8, 0, tzinfo=UTC),
    )
    erp = explained(ITEM, posted, DOCUMENT)["erp"]
    assert erp.words == "posted as INV1001 at 2026-11-03T08:00:00+00:00, gross 327.25"
    assert (erp.facts["erp_ref"], erp.facts["number"]) == ("1042", "INV1001")


def test_a_reversal_names_what_it_takes_back() -> None:
    billed = time_item("t-9")
    reversal = reversal_of(billed, 2)
    invoice, document = priced(reversal, time_item("t-2", minutes=480))
    chain = explained(reversal, invoice, document)
    assert chain["correction"].facts["reverses"] == billed.wip_id
    assert chain["value"].words.startswith("-60 minute / 60 x 150.00 = -150.00 EUR")


def test_what_was_dropped_is_explained_too() -> None:
    item = time_item("t-9")
    dropped = explain_dropped([reversal_of(item, 2), item, ITEM])
    assert [reason.facts["source_id"] for reason in dropped] == ["t-9", "t-9"]
    assert "taken back before it was billed, no line" in dropped[0].words


def test_a_line_that_is_not_there_is_refused() -> None:
    for line_id, item in (("99", ITEM), ("1", time_item("t-77"))):
        with pytest.raises(BusinessException, match="line_unknown"):
            explain_line(DOCUMENT, line_id, invoice=INVOICE, item=item, contract=a_contract())


def test_a_multiplier_and_rounded_minutes_are_shown_with_rate_and_clause() -> None:
    first, *rest = a_contract().lines
    terms = LineTerms(
        multipliers=Multipliers(weekend=Decimal("1.5")), time_rounding=TimeRounding(15, RoundTo.UP, RoundScope.ENTRY)
    )
    contract = a_contract(lines=(replace(first, terms=terms), *rest))
    item = time_item(minutes=50, contract=contract, worked_on=date(2026, 10, 10))
    chain = explained(item, *priced(item), contract=contract)
    rate, value = chain["rate"], chain["value"]
    assert rate.words == (
        "rate for role of Standard 2026: 225.00 EUR per hour, 150.00 x 1.5 by clause multipliers.weekend"
    )
    assert {name: rate.facts[name] for name in ("clauses", "multiplier", "rate_per_hour", "worked")} == {
        "clauses": "multipliers.weekend, time_rounding.entry",
        "multiplier": "1.5",
        "rate_per_hour": "150.00",
        "worked": "50",
    }
    assert "rate_now" not in rate.facts
    assert value.words == "60 minute (50 worked, rounded) / 60 x 225.00 = 225.00 EUR, rounded half away from zero"


def test_a_days_rounding_names_its_clause() -> None:
    rounding = TimeRounding(15, RoundTo.UP, RoundScope.PERSON_DAY)
    first, *rest = a_contract().lines
    contract = a_contract(lines=(replace(first, terms=LineTerms(time_rounding=rounding)), *rest))
    entry = time_item(minutes=50, contract=contract)
    (made,) = round_day([entry], rounding)
    assert made.wanted
    item = replace(made.wanted, wip_id="w-r", source_sequence=1)
    chain = explained(item, *priced(entry, item), contract=contract)
    assert chain["rate"].facts == {"rule": "time_rounding", "clauses": "time_rounding.person_day"}
    assert chain["source"].words.endswith("2026-10-05, Ada Moore: 50 minutes of the day billed as 60")
    assert chain["value"].facts["value"] == "25.00"


AMENDED = AppliedAmendment("A-1", date(2026, 10, 1), datetime(2026, 10, 2, tzinfo=UTC), "Kim", "new prices")


def test_an_amendment_that_governed_the_day_is_named_with_its_approver() -> None:
    later = replace(AMENDED, amendment_id="A-2", effective_on=date(2027, 1, 1))
    contract = replace(a_contract(), amendments=(AMENDED, later))
    told = explained(ITEM, INVOICE, DOCUMENT, contract=contract)["amendment"]
    assert told.facts["amendment_id"] == "A-1" and "approved by Kim: new prices" in told.words


def test_an_amendment_recorded_after_the_invoice_was_begun_is_not_its_reason() -> None:
    begun = replace(INVOICE, began_at=datetime(2026, 10, 1, tzinfo=UTC))
    contract = replace(a_contract(), amendments=(AMENDED,))
    assert "amendment" not in explained(ITEM, begun, DOCUMENT, contract=contract)


def test_a_price_that_an_amendment_signed_says_so() -> None:
    signed = replace(ITEM.valuation, rule="signed_role", rate_card_version="A-1")
    item = replace(ITEM, valuation=signed)
    told = explained(item, INVOICE, DOCUMENT)["rate"]
    assert f"price for {item.role} signed by amendment A-1: 150.00 EUR per hour" == told.words


def test_the_rounding_step_shows_what_was_rounded_away() -> None:
    item = time_item(minutes=435, card=a_card(a_rate(amount="142.50")))
    told = explained(item, *priced(item))["value"].facts
    assert (told["exact"], told["value"], told["rounded_by"]) == ("1033.125", "1033.13", "0.005")


def test_who_let_the_invoice_go_is_a_step_of_its_own() -> None:
    told = explained(ITEM, replace(INVOICE, approver="Kim", submitter="Dana"), DOCUMENT)["release"]
    assert told.words == "asked for by Dana, approved for posting by Kim"


def test_a_line_of_a_clause_is_explained_without_work() -> None:
    first = DOCUMENT.lines[0]
    discount = replace(
        first, line_id="9", wip_id="", origin=LineOrigin.DISCOUNT, clause="discount.tiers[0]", net=eur("-27.50")
    )
    document = replace(DOCUMENT, lines=(*DOCUMENT.lines, discount))
    chain = {each.step: each for each in explain_line(document, "9", invoice=INVOICE, item=None, contract=a_contract())}
    assert list(chain) == ["clause", "approval", "contract", "tax", "invoice"]
    assert chain["clause"].words == (
        "discount: discount.tiers[0]: -27.50 EUR, beside work of 275.00 on this contract line"
    )
    with pytest.raises(BusinessException, match="line_unknown"):
        explain_line(document, "1", invoice=INVOICE, item=None, contract=a_contract())
