from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.exchange import FxDate
from shared.domain.policies import TaxPolicy, TaxSource
from shared.usecases.check_policies import check_policies
from tests.build import a_tax_rule, the_policies
from tests.rates import book_rule, card_rule

BOOK = the_policies()


def found(**changes: Any) -> list[str]:
    return [str(each) for each in check_policies(replace(BOOK, **changes))]


def with_rule(*rules: Any) -> dict[str, Any]:
    return {"tax_rules": (*rules, *BOOK.tax_rules)}


SERVICE = TaxPolicy("DE01", TaxSource.SERVICE, url="https://tax.example/decide")


@pytest.mark.parametrize(
    "changes",
    [
        {"fx_rules": (book_rule(), card_rule())},
        {"tax_policies": (SERVICE,), "tax_rules": ()},
        {"tax_policies": (replace(SERVICE, url="http://127.0.0.1:9/decide"),)},
        with_rule(
            a_tax_rule("de-training", "domestic", "E", "0", "Exempt", service="training", code="VATEX-EU-132-1I")
        ),
        with_rule(a_tax_rule("de-ch", "rest_of_world", "O", "0", "There", buyer_country="CH", code="VATEX-EU-O")),
        with_rule(
            a_tax_rule("de-one", "domestic", "S", "7", service="books"),
            a_tax_rule("de-two", "domestic", "S", "7", service="maps"),
        ),
    ],
)
def test_rules_that_say_more_are_fit_for_use(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"fx_rules": (book_rule(), book_rule())}, "another rule has this name"),
        ({"fx_rules": (book_rule(), replace(book_rule(), rule="b"))}, "fx_rules[2] b: there is another rule for book"),
        ({"fx_rules": (replace(book_rule(), source="me"),)}, "source 'me' is none of ecb"),
        ({"fx_rules": (book_rule(32),)}, "max_age_days 32 is not 0 to 31"),
        ({"fx_rules": (replace(card_rule(), dated_by=FxDate.INVOICE_DATE),)}, "rate_card is dated by work_date"),
        ({"tax_policies": (replace(SERVICE, url=None),)}, "tax_policies[1] DE01: needs a url"),
        ({"tax_policies": (replace(SERVICE, url="http://tax.example"),)}, "is no https address"),
        ({"tax_policies": (TaxPolicy("DE01", url="https://x.example"),)}, "takes no url"),
        ({"tax_policies": (SERVICE, SERVICE)}, "is there twice"),
        (with_rule(a_tax_rule("x", "domestic", "S", "7", service="a", code="VATEX-EU-G")), "category S takes no code"),
        (
            with_rule(a_tax_rule("x", "domestic", "E", "0", "Why", service="a", code="VATEX-EU-G")),
            "goes with category G",
        ),
        (with_rule(a_tax_rule("x", "domestic", "E", "0", "Why", service="a", code="13b")), "not of the VATEX list"),
        (
            {"tax_rules": (*BOOK.tax_rules, a_tax_rule("late", "domestic", "S", "7", service="books"))},
            "late: never wins: de-domestic above it covers all its dates",
        ),
        ({"tax_rules": tuple(replace(r, service="only") for r in BOOK.tax_rules)}, "no rule without end for seller DE"),
    ],
)
def test_what_contradicts_itself_is_named(changes: dict[str, Any], finding: str) -> None:
    assert any(finding in each for each in found(**changes)), found(**changes)
