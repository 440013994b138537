import ast
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shared.domain.policies import ExceptionPolicy, Policies
from shared.usecases import check_policies as check_policies_module
from shared.usecases.check_policies import RAISED, check_policies
from tests.build import a_tax_rule, the_policies

BOOK = the_policies()
RULES = BOOK.tax_rules
OWNED = BOOK.exceptions[0]


def found(policies: Policies) -> list[str]:
    return [str(finding) for finding in check_policies(policies)]


def test_policies_fit_for_use_have_no_findings() -> None:
    assert found(BOOK) == []


def test_a_dated_exception_may_stand_above_its_rule() -> None:
    assert RULES[0].valid_to is not None and RULES[1].valid_to is None
    assert found(BOOK) == []


@pytest.mark.parametrize(
    ("rules", "finding"),
    [
        ((RULES[1], RULES[0], *RULES[2:]), "tax_rules[2] de-2020h2: never wins: de-domestic above it covers all"),
        (
            (a_tax_rule("early", "domestic", "S", "16", valid_to=date(2030, 1, 1)), *RULES[2:])
            + (a_tax_rule("late", "domestic", "S", "19", valid_from=date(2029, 1, 1)),),
            "tax_rules[5] late: overlaps early in part",
        ),
        (RULES[2:], "tax_rules: no rule without end for seller DE, buyer domestic"),
        ((*RULES, a_tax_rule("x", "martian", "S", "19")), "tax_rules[6] x: buyer 'martian' is none of domestic,"),
        ((*RULES[:4], a_tax_rule("x", "rest_of_world", "O", "0")), "tax_rules[5] x: category O needs a reason"),
        ((*RULES[:4], a_tax_rule("x", "rest_of_world", "Z", "0", "x")), "category Z takes no reason"),
        ((*RULES[:4], a_tax_rule("x", "rest_of_world", "S", "0")), "category S with rate 0"),
        ((*RULES[:4], a_tax_rule("x", "rest_of_world", "O", "5", "x")), "category O with rate 5"),
        ((*RULES[:4], a_tax_rule("x", "rest_of_world", "S", "190")), "rate 190 is no percentage"),
        (
            (*RULES, a_tax_rule("x", "domestic", "S", "7", valid_from=date(1999, 1, 1), valid_to=date(1999, 1, 1))),
            "tax_rules[6] x: is never valid",
        ),
        ((*RULES, replace(RULES[0], buyer="domestic", seller_country="AT")), "another rule has this name"),
    ],
)
def test_a_tax_table_that_decides_wrongly_is_found(rules: Any, finding: str) -> None:
    assert any(finding in each for each in found(replace(BOOK, tax_rules=rules)))


@pytest.mark.parametrize(
    ("policy", "finding"),
    [
        (replace(OWNED, owner="somebody"), "exceptions[1] amendment_plan: owner 'somebody' is none of finance"),
        (replace(OWNED, hours=0), "0 hours: the clock must run"),
        (replace(OWNED, actions=()), "has no action: nobody could end it"),
        (replace(OWNED, actions=("shrug",)), "action 'shrug' is none of"),
        (replace(OWNED, words=""), "has no words"),
    ],
)
def test_an_exception_that_nobody_could_end_is_found(policy: ExceptionPolicy, finding: str) -> None:
    assert any(finding in each for each in found(replace(BOOK, exceptions=(policy, *BOOK.exceptions[1:]))))


def test_a_type_that_code_raises_and_nobody_owns_is_found() -> None:
    assert found(replace(BOOK, exceptions=BOOK.exceptions[1:])) == [
        "exceptions: type amendment_plan is raised by the fabric and has no owner"
    ]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"version": ""}, "version: is empty"),
        ({"identity_scope": ""}, "identity_scope: is empty"),
        ({"legal_entities": ()}, "legal_entities: is empty"),
        ({"legal_entities": BOOK.legal_entities * 2}, "legal_entities[2] DE01: is there twice"),
        ({"legal_entities": (replace(BOOK.legal_entities[0], currency="eur"),)}, "is not an ISO 4217 code"),
        ({"legal_entities": (replace(BOOK.legal_entities[0], country="Germany"),)}, "is no ISO 3166-1 alpha-2 code"),
        ({"approval_over": {"EUR": Decimal(-1)}}, "approval_over.EUR: -1 is negative"),
        ({"approval_over": {}}, "approval_over: has no EUR, the currency of DE01"),
        (
            {"exceptions": (*BOOK.exceptions, OWNED)},
            f"exceptions[{len(BOOK.exceptions) + 1}] amendment_plan: is declared twice",
        ),
    ],
)
def test_everything_else_that_is_wrong_is_named_by_its_place(change: dict[str, Any], finding: str) -> None:
    assert any(finding in each for each in found(replace(BOOK, **change)))


def raised_in(folder: Path) -> set[str]:
    """Types that handlers raise by name: raise_trouble(ports, "type", ...) and park(..., exception="type")."""
    types: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "raise_trouble":
                types |= {each.value for each in node.args[1:2] if isinstance(each, ast.Constant)}
    return types


def test_every_type_that_code_raises_by_name_must_be_declared() -> None:
    functions = Path(check_policies_module.__file__).parents[2] / "functions"
    assert raised_in(functions) and raised_in(functions) <= RAISED


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(check_policies(replace(BOOK, version="", identity_scope="", legal_entities=()))) == 3
