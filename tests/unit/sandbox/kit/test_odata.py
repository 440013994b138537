"""Query options of OData V2 and V4 over plain records: what they let through, in which order, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.kit.odata.errors import ODataError, SyntaxRefused, TypeRefused, UnknownName
from sandbox.kit.odata.options import read
from sandbox.kit.odata.page import cut, selected
from sandbox.kit.odata.parse import filter_tree
from sandbox.kit.odata.tree import equalities, paths

TYPES = {
    "id": "Edm.Guid",
    "number": "Edm.String",
    "amount": "Edm.Decimal",
    "lines": "Edm.Int32",
    "open": "Edm.Boolean",
    "postingDate": "Edm.Date",
    "changedAt": "Edm.DateTimeOffset",
    "createdAt": "Edm.DateTime",
    "owner/name": "Edm.String",
}
_ID = "0b1c2d3e-0000-4000-8000-00000000000"


def _row(n: int, **more: Any) -> dict[str, Any]:
    row = {
        "id": f"{_ID}{n}",
        "number": f"C-{n}",
        "amount": f"{n * 100}.50",
        "lines": n,
        "open": n % 2 == 1,
        "postingDate": f"2026-01-0{n}",
        "changedAt": f"2026-01-0{n}T12:00:00.500Z",
        "createdAt": f"2026-01-0{n}T12:00:00",
        "owner": {"name": "O'Neil" if n == 3 else "Łukasz"},
    }
    return row | more


ROWS = [_row(n) for n in range(1, 6)]


def _found(**options: str) -> str:
    page = cut(ROWS, read({f"${name}": text for name, text in options.items()}), TYPES)
    return "".join(row["number"][-1] for row in page.records)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("number eq 'C-2'", "2"),
        ("number ne 'C-2' and open eq true", "135"),
        ("amount gt 300", "345"),
        ("amount ge 300.50M and lines lt 5", "34"),
        ("amount add 1 eq 201.5", "2"),
        ("(number eq 'C-1' or number eq 'C-4') and not (open eq true)", "4"),
        ("number eq 'C-1' or number eq 'C-2' and open eq true", "1"),
        (f"id eq {_ID.upper()}3", "3"),
        (f"id eq guid'{_ID}3'", "3"),
        ("postingDate ge 2026-01-04", "45"),
        ("changedAt gt 2026-01-04T12:00:00.500Z", "5"),
        ("changedAt ge 2026-01-04T13:00:00.500+01:00", "45"),
        ("changedAt gt datetimeoffset'2026-01-04T12:00:00Z'", "45"),
        ("createdAt le datetime'2026-01-02T12:00:00'", "12"),
        ("owner/name eq 'O''Neil'", "3"),
        ("substringof('Neil',owner/name)", "3"),
        ("contains(owner/name,'ukas') and startswith(number,'C-')", "1245"),
        ("tolower(number) eq 'c-5'", "5"),
        ("number in ('C-1','C-9','C-5')", "15"),
        ("year(changedAt) eq 2026 and day(changedAt) eq 2", "2"),
        ("length(number) eq 3 and lines mod 2 eq 0", "24"),
        ("number eq null", ""),
        ("number ne null", "12345"),
        ("lines eq -1", ""),
    ],
)
def test_a_filter_lets_through_what_it_says(text: str, numbers: str) -> None:
    assert _found(filter=text) == numbers


def test_records_come_ordered_skipped_and_cut() -> None:
    assert _found(orderby="amount desc", top="2", skip="1") == "43"
    assert _found(orderby="open,number desc") == "42531"
    page = cut(ROWS, read({"$count": "true", "$filter": "lines gt 1", "$top": "2"}), TYPES)
    assert (page.total, len(page.records), page.left) == (4, 2, False)
    assert cut(ROWS, read({}), TYPES, most=3).left
    assert read({"$inlinecount": "allpages"}).count and not read({"$inlinecount": "none"}).count


def test_a_missing_value_is_null_before_all_others_and_in_no_range() -> None:
    rows = [_row(1), _row(2, amount=None), _row(3)]
    ordered = cut(rows, read({"$orderby": "amount"}), TYPES).records
    assert [row["lines"] for row in ordered] == [2, 1, 3]
    assert [row["lines"] for row in cut(rows, read({"$filter": "amount lt 999"}), TYPES).records] == [1, 3]
    assert [row["lines"] for row in cut(rows, read({"$filter": "amount eq null"}), TYPES).records] == [2]


@pytest.mark.parametrize(
    ("option", "text", "fault"),
    [
        ("filter", "number eq", SyntaxRefused),
        ("filter", "number eq 'open", SyntaxRefused),
        ("filter", "(number eq 'C-1'", SyntaxRefused),
        ("filter", "number eq 'C-1' nonsense", SyntaxRefused),
        ("filter", "number = 'C-1'", SyntaxRefused),
        ("filter", "guid'12' eq id", SyntaxRefused),
        ("filter", "missing eq 1", UnknownName),
        ("filter", "explode(number) eq 1", UnknownName),
        ("filter", "number eq 5", TypeRefused),
        ("filter", "amount gt 'x'", TypeRefused),
        ("filter", "number", TypeRefused),
        ("filter", "number add 'x' eq 'y'", TypeRefused),
        ("filter", "(" * 200 + "open" + ")" * 200, SyntaxRefused),
        ("orderby", "missing", UnknownName),
        ("orderby", "number sideways", SyntaxRefused),
        ("select", "number,missing", UnknownName),
        ("top", "-1", SyntaxRefused),
        ("skip", "many", SyntaxRefused),
        ("expand", "lines($select=id", SyntaxRefused),
        ("apply", "aggregate(x)", UnknownName),
    ],
)
def test_what_cannot_be_read_is_refused(option: str, text: str, fault: type[ODataError]) -> None:
    with pytest.raises(fault):
        cut(ROWS, read({f"${option}": text}), TYPES)


def test_expansions_of_both_versions_nest() -> None:
    four = read({"$expand": "lines($select=id,amount;$expand=tax;$filter=number eq 'a,b'),customer"}).expand
    assert list(four) == ["lines", "customer"]
    assert four["lines"].select == ("id", "amount") and list(four["lines"].expand) == ["tax"]
    two = read({"$expand": "to_Item,to_Item/to_Pricing,to_Item/to_Text"}).expand
    assert list(two) == ["to_Item"] and list(two["to_Item"].expand) == ["to_Pricing", "to_Text"]


def test_pinned_values_and_properties_read_are_known() -> None:
    tree = filter_tree("number eq 'C-1' and (open eq true and amount gt 5) and postingDate eq 2026-01-01")
    assert equalities(tree) == {"number": "C-1", "open": True, "postingDate": "2026-01-01"}
    assert equalities(filter_tree("number eq 'C-1' or open eq true")) == {}
    assert set(paths(tree)) == {"number", "open", "amount", "postingDate"}


def test_a_selection_keeps_what_must_stay() -> None:
    assert selected(ROWS[0], ("amount",), ("id",)) == {"id": f"{_ID}1", "amount": "100.50"}
    assert selected(ROWS[0], ()) == ROWS[0]
