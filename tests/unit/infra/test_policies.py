from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import yaml

from infra.deployment import load
from infra.policies import BOOK, DIRECTORY, LONGEST, PolicyError, contradictions, policies_json, policies_of
from shared.domain.policies import Policies
from shared.domain.tax import TaxCategory

SANDBOX = load("sandbox")


@pytest.fixture(scope="module")
def policies() -> Policies:
    return policies_of(SANDBOX)


@pytest.mark.parametrize("name", ["sandbox", "example-prod-us", "example-prod-de"])
def test_policies_of_every_deployment_fit_one_parameter_and_read_back_the_same(name):
    deployment = load(name)
    text = policies_json(deployment)
    assert len(text.encode()) <= LONGEST
    assert BOOK.validate_json(text) == policies_of(deployment)


def test_amounts_and_rates_travel_as_strings():
    assert '"rate":"19"' in policies_json(SANDBOX)
    assert '"USD":"250000"' in policies_json(SANDBOX)


def test_germany_taxes_at_home_and_reverses_the_charge_in_the_eu(policies):
    def rule(buyer: str, on: date):
        return next(
            r
            for r in policies.tax_rules
            if (r.seller_country, r.buyer) == ("DE", buyer)
            and r.valid_from <= on
            and not (r.valid_to and r.valid_to <= on)
        )

    today = date(2026, 11, 30)
    assert (rule("domestic", today).category, rule("domestic", today).rate) == (TaxCategory.STANDARD, Decimal(19))
    assert (rule("eu_business", today).category, rule("eu_business", today).reason) == (
        TaxCategory.REVERSE_CHARGE,
        "Reverse charge",
    )
    assert rule("eu_consumer", today).rate == Decimal(19)
    assert rule("rest_of_world", today).category is TaxCategory.OUTSIDE_SCOPE
    assert rule("domestic", date(2020, 12, 31)).rate == Decimal(16)
    assert rule("domestic", date(2021, 1, 1)).rate == Decimal(19)


def test_every_exception_type_has_an_owner_a_clock_and_an_action(policies):
    assert all(policy.hours > 0 and policy.actions and policy.words.endswith(".") for policy in policies.exceptions)


def test_a_country_without_a_rule_for_some_buyer_is_a_contradiction(policies):
    fewer = replace(policies, tax_rules=tuple(r for r in policies.tax_rules if r.rule != "de-eu-business"))
    assert list(contradictions(fewer)) == ["no tax rule without end for seller DE, buyer eu_business"]


@pytest.mark.parametrize(
    "change, words",
    [
        ({"rate": Decimal(0)}, "category S with rate 0"),
        ({"category": TaxCategory.REVERSE_CHARGE, "rate": Decimal(0)}, "needs a reason"),
        ({"reason": "because"}, "takes no reason"),
        ({"valid_to": date(2000, 1, 1)}, "valid_to is not after valid_from"),
        ({"buyer": "martian"}, "buyer 'martian'"),
    ],
)
def test_a_tax_rule_must_agree_with_itself(policies, change, words):
    domestic = next(r for r in policies.tax_rules if r.rule == "de-domestic")
    wrong = replace(policies, tax_rules=(*policies.tax_rules, replace(domestic, **change)))
    assert any(words in each for each in contradictions(wrong))


def test_a_currency_without_a_threshold_is_a_contradiction(policies):
    assert "approval_over has no EUR, the currency of DE" in list(
        contradictions(replace(policies, approval_over={"USD": Decimal(1)}))
    )


def test_the_types_the_runtime_falls_back_to_cannot_be_left_out(policies):
    fewer = tuple(policy for policy in policies.exceptions if policy.type != "unexpected_refusal")
    assert list(contradictions(replace(policies, exceptions=fewer))) == ["exception type unexpected_refusal is missing"]


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    text = yaml.safe_load((DIRECTORY / "standard.yaml").read_text())
    text["exceptions"], text["approval_over"] = [], {}
    (tmp_path / "standard.yaml").write_text(yaml.safe_dump(text))
    with pytest.raises(PolicyError) as refused:
        policies_of(SANDBOX, tmp_path)
    assert len(str(refused.value).splitlines()) == 4


def test_an_unknown_owner_is_refused(tmp_path):
    text = yaml.safe_load((DIRECTORY / "standard.yaml").read_text())
    text["exceptions"][0]["owner"] = "somebody"
    (tmp_path / "standard.yaml").write_text(yaml.safe_dump(text))
    with pytest.raises(PolicyError, match="owner"):
        policies_of(SANDBOX, tmp_path)
