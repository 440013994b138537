"""A walk by (SystemModstamp, Id): pages follow each other, the overlap is read again, nothing is handed on twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.platforms.salesforce.place import Place, changed_since

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
OVERLAP = timedelta(minutes=5)


def after(place: Place, *seconds: int, more: bool = False) -> Place:
    rows = [(NINE + timedelta(seconds=at), f"a{at:04d}") for at in seconds]
    return place.after(rows, OVERLAP, more=more)


def test_a_page_begins_behind_the_last_row_of_the_one_before() -> None:
    asked = after(Place(), 1, 2, more=True).condition(OVERLAP)
    assert asked == (
        "(SystemModstamp > 2026-03-02T09:00:02.000Z OR (SystemModstamp = 2026-03-02T09:00:02.000Z AND Id > 'a0002'))"
    )


def test_a_pass_begins_an_overlap_before_the_newest_change() -> None:
    assert after(Place(), 600).condition(OVERLAP) == "SystemModstamp >= 2026-03-02T09:05:00.000Z"
    assert changed_since(NINE) == "SystemModstamp >= 2026-03-02T09:00:00.000Z"


def test_what_was_handed_on_is_known_within_the_overlap_and_forgotten_past_it() -> None:
    place = after(after(Place(), 1), 200)
    assert not place.is_new("a0001", NINE + timedelta(seconds=1))
    assert place.is_new("a0001", NINE + timedelta(seconds=2))
    assert after(place, 900).is_new("a0001", NINE + timedelta(seconds=1))


@given(st.lists(st.integers(0, 9000), max_size=40), st.booleans())
def test_a_place_comes_back_from_its_cursor(seconds: list[int], more: bool) -> None:
    place = after(Place(), *sorted(seconds), more=more and bool(seconds))
    assert Place.read(place.as_cursor()) == place
