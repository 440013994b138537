from datetime import date

import pytest

from shared.domain.parties import LegalEntity
from shared.faults import BusinessException
from shared.usecases.decide_tax import decide_tax
from tests.build import a_customer, the_policies

BOOK = the_policies()
GERMAN = BOOK.legal_entities[0]
TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("country", "tax_number", "rule", "rate"),
    [
        ("DE", "DE123456788", "de-domestic", 19),
        ("DE", None, "de-domestic", 19),
        ("FR", "FR12345678901", "de-eu-business", 0),
        ("GR", "EL123456789", "de-eu-business", 0),
        ("FR", None, "de-eu-consumer", 19),
        ("GB", "GB123456789", "de-world", 0),
        ("US", None, "de-world", 0),
    ],
)
def test_seller_and_buyer_find_their_rule(country: str, tax_number: str | None, rule: str, rate: int) -> None:
    decision = decide_tax(BOOK, GERMAN, a_customer(country, tax_number), on=TODAY)
    assert (decision.rule, decision.rate) == (rule, rate)


@pytest.mark.parametrize(
    ("on", "rate"),
    [(date(2020, 6, 30), 19), (date(2020, 7, 1), 16), (date(2020, 12, 31), 16), (date(2021, 1, 1), 19)],
)
def test_the_rule_of_the_invoice_date_decides(on: date, rate: int) -> None:
    assert decide_tax(BOOK, GERMAN, a_customer(), on=on).rate == rate


def test_no_rule_is_a_question_never_a_zero() -> None:
    swiss = LegalEntity("CH01", "Billweave AG", "CH", "CHF", "Europe/Zurich", "CHE1")
    with pytest.raises(BusinessException, match="tax_undetermined") as refusal:
        decide_tax(BOOK, swiss, a_customer(), on=TODAY)
    assert refusal.value.facts["seller_country"] == "CH"
    with pytest.raises(BusinessException, match="tax_undetermined"):
        decide_tax(BOOK, GERMAN, a_customer(), on=date(1999, 1, 1))
