from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal

import pytest
import yaml

from infra.deployment import load
from infra.policies import BOOK, DIRECTORY, LONGEST, PolicyError, policies_json, policies_of, policies_parameter
from shared.adapters.policies import unpacked
from shared.domain.policies import Policies
from shared.domain.tax import TaxCategory

ROOT = DIRECTORY.parents[1]
SANDBOX = load("sandbox")


@pytest.fixture(scope="module")
def policies() -> Policies:
    return policies_of(SANDBOX)


@pytest.mark.parametrize("name", ["sandbox", "example-prod-us", "example-prod-de"])
def test_policies_of_every_deployment_fit_one_parameter_and_read_back_the_same(name):
    deployment = load(name)
    text = policies_parameter(deployment)
    assert len(text.encode()) <= LONGEST
    assert BOOK.validate_json(unpacked(text)) == policies_of(deployment)


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


def test_every_type_that_a_handler_raises_by_name_is_declared(policies):
    """raise_trouble refuses an undeclared type, and the trouble itself would then be lost in a retry."""
    declared = {policy.type for policy in policies.exceptions}
    raised = set()
    for path in (ROOT / "functions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "raise_trouble":
                raised |= {each.value for each in node.args[1:2] if isinstance(each, ast.Constant)}
    assert raised and raised <= declared


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    text = yaml.safe_load((DIRECTORY / "standard.yaml").read_text())
    text["exceptions"], text["approval_over"] = [], {}
    (tmp_path / "standard.yaml").write_text(yaml.safe_dump(text))
    with pytest.raises(PolicyError) as refused:
        policies_of(SANDBOX, tmp_path)
    lines = str(refused.value).splitlines()
    assert "approval_over: has no EUR, the currency of DE" in lines
    assert "exceptions: type unexpected_refusal is raised by the fabric and has no owner" in lines


def test_an_unknown_owner_is_refused(tmp_path):
    text = yaml.safe_load((DIRECTORY / "standard.yaml").read_text())
    text["exceptions"][0]["owner"] = "somebody"
    (tmp_path / "standard.yaml").write_text(yaml.safe_dump(text))
    with pytest.raises(PolicyError, match="owner"):
        policies_of(SANDBOX, tmp_path)
