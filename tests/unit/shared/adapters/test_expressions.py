"""Conditions and changes as DynamoDB works them out; what cannot be read is never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.expressions import Expression

ROW: Any = {"pk": "A", "sk": "HEAD", "status": "draft", "revision": 3}
NAMES = {"#status": "status", "#revision": "revision"}
VALUES = {":draft": {"S": "draft"}, ":three": {"N": "3"}, ":ten": {"N": "10"}, ":x": {"S": "x"}}


@pytest.mark.parametrize(
    ("text", "on_row", "on_nothing"),
    [
        ("attribute_not_exists(pk)", False, True),
        ("attribute_exists(pk) AND #status = :draft", True, False),
        ("attribute_not_exists(pk) OR #revision < :ten", True, True),
        ("revision < :three", False, False),
        ("NOT revision < :three", True, True),
        ("(attribute_not_exists(pk) OR revision = :ten) AND #status = :draft", False, False),
        ("#status IN (:x, :draft)", True, False),
        ("begins_with(pk, :x)", False, False),
        ("revision <> :ten", True, True),
    ],
)
def test_a_condition_holds_as_it_does_there(text: str, on_row: bool, on_nothing: bool) -> None:
    expression = Expression(text, NAMES, VALUES)
    assert (expression.holds(ROW), expression.holds(None)) == (on_row, on_nothing)


def test_a_change_reads_the_row_as_it_was() -> None:
    text = "SET revision = revision + :ten, kept = if_not_exists(kept, :x) REMOVE #status ADD counted :three"
    changed = Expression(text, NAMES, VALUES).applied(ROW)
    assert changed == {"pk": "A", "sk": "HEAD", "revision": 13, "kept": "x", "counted": 3}
    assert ROW["revision"] == 3 and "status" in ROW


@pytest.mark.parametrize(
    "text", ["size(pk) > :ten", "pk BETWEEN :x AND :draft", "pk = :x extra", "pk ~ :x", "(pk = :x"]
)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        Expression(text, NAMES, VALUES).holds(ROW)
