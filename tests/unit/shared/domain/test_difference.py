"""One way to tell what a record says otherwise than before."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.difference import Change, changes, fields, lines


def test_fields_are_named_by_their_place() -> None:
    record = {"net": {"amount": "1.00"}, "lines": [{"no": 1}, {"no": 2}], "token": "x"}
    assert fields(record, unseen={"token"}) == {"lines[0].no": 1, "lines[1].no": 2, "net.amount": "1.00"}


def test_what_goes_and_what_comes_are_lines() -> None:
    found = changes(fields({"a": 1, "b": "x"}), fields({"a": 1, "b": "y", "c": Decimal("1.50")}))
    assert lines("WIP#1 ITEM", found) == ["- WIP#1 ITEM b: x", "+ WIP#1 ITEM b: y", "+ WIP#1 ITEM c: 1.50"]


def test_null_says_as_little_as_nothing_and_is_no_word() -> None:
    assert changes({"a": None}, {}) == []
    assert changes({"a": None}, {"a": "null"}) == [Change("a", None, "null")]


def test_what_was_not_there_comes_whole() -> None:
    assert changes(None, {"a": "1", "b": True}) == [Change("a", None, "1"), Change("b", None, "true")]
