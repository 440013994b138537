"""Lengths, numbers and references as Business Central counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.connectors.business_central.odata import both, equal, one_of, option
from functions.connectors.business_central.texts import cut, in_two, number_of, our_id_of, reference_of
from shared.domain.identity import derived_id

TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS, st.integers(1, 120))
def test_a_cut_text_begins_as_the_text_and_fits(text: str, most: int) -> None:
    assert text.startswith(cut(text, most)) and units(cut(text, most)) <= most


@given(TEXTS)
def test_a_text_over_two_fields_is_whole_or_full(text: str) -> None:
    first, second = in_two(text, 100, 50)
    said = " ".join(text.split())
    assert units(first) <= 100 and units(second) <= 50
    assert said.startswith((first + second).rstrip())
    assert units(said) > 148 or first + second == said


def test_an_emoji_is_kept_or_dropped_never_halved() -> None:
    assert cut("a" * 99 + "🚀", 100) == "a" * 99
    assert cut("a" * 98 + "🚀", 100) == "a" * 98 + "🚀"


def test_our_ids_are_numbers_of_twenty_and_references_of_thirty_two() -> None:
    ours = derived_id("invoice", "x")
    assert len(number_of(ours)) == 20 and reference_of(ours).startswith(number_of(ours))
    assert our_id_of(reference_of(ours)) == ours
    assert our_id_of(reference_of(ours).lower()) == ours


@pytest.mark.parametrize(
    "reference", ["", None, "ENG9-2026-01-R1", "x" * 32, "8F1A7C0E52A44D0B9D630B6F5F3F2B11", "9" * 35]
)
def test_what_others_write_there_is_not_ours(reference: str | None) -> None:
    assert our_id_of(reference) is None


def test_an_option_is_read_through_its_xml_name() -> None:
    assert [option(each) for each in ("In_x0020_Review", "In Review", "_x0020_", " ", None, "A_x002E_B")] == [
        "In Review", "In Review", "", "", "", "A.B",
    ]  # fmt: skip


def test_a_filter_quotes_what_people_write() -> None:
    assert both(equal("number", "O'Neil"), "a eq 1") == "number eq 'O''Neil' and a eq 1"
    assert one_of("id", ["1", "2"]) == "id eq 1 or id eq 2"
