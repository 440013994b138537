"""Walking a list that changes meanwhile: nothing is missed, nothing is handled twice, the walk ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.walk import MARK, Place, fresh_rows, next_place

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIZE, OVERLAP = 3, timedelta(seconds=20)


class Listing:
    """A list as the vendor keeps it: the time of each row's last change, at a clock that the test moves."""

    def __init__(self) -> None:
        self.now = START
        self.changed: dict[int, datetime] = {}

    def touch(self, id_: int) -> None:
        self.changed[id_] = self.now

    def page(self, place: Place) -> Page:
        rows = sorted((at, id_) for id_, at in self.changed.items() if at > place.after)
        part = rows[(place.page - 1) * SIZE : place.page * SIZE]
        answer: tuple[Row, ...] = tuple({"id": str(id_), "updated_at": at.isoformat()} for at, id_ in part)
        return Page(answer, len(rows), {}, self.now)


class Walker:
    """place: goes through JSON each time, as a cursor does."""

    def __init__(self, listing: Listing) -> None:
        self.listing, self.place = listing, Place(START - timedelta(days=1))
        self.handled: list[tuple[str, str]] = []

    def step(self) -> int | None:
        page = self.listing.page(self.place)
        fresh, left = fresh_rows(page, self.place, "updated_at")
        self.handled += [(str(row["id"]), str(row["updated_at"])) for row in fresh]
        following, due = next_place(
            self.place, page, fresh, left, "updated_at", size=SIZE, overlap=OVERLAP, now=self.listing.now
        )
        self.place = Place.read(json.loads(json.dumps(following.as_cursor())), START)
        return due

    def scan(self) -> int | None:
        """To the end of the list."""
        for _ in range(200):
            due = self.step()
            if due != 0:
                return due
        raise AssertionError("the scan does not end")

    def settle(self) -> None:
        """Polled each few seconds until nothing can be late any more."""
        for _ in range(30):
            self.listing.now += timedelta(seconds=3)
            self.scan()


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("touch"), st.integers(1, 12)),
        st.tuples(st.just("wait"), st.integers(0, 40)),
        st.tuples(st.just("step"), st.just(0)),
    ),
    max_size=60,
)


def acts(words: str) -> list[tuple[str, int]]:
    return [(word.rstrip("0123456789"), int(word.lstrip("abcdefghijklmnopqrstuvwxyz"))) for word in words.split()]


LEFT_ON_A_LATER_PAGE = "touch2 touch3 step0 touch1 touch4 wait1 step0 wait39 touch1 step0"
"""A row leaves the second that is walked by page, is found again on a later page, and is not settled yet."""
WALKED_AFTER_A_PAUSE = "touch1 touch2 touch3 touch4 wait1 step0 wait40 wait40 wait40 wait40 touch1 wait1 step0"
"""The newest change runs far ahead of the second that is still walked by page."""


@example(acts(LEFT_ON_A_LATER_PAGE))
@example(acts(WALKED_AFTER_A_PAUSE))
@settings(max_examples=400)
@given(ACTS)
def test_the_last_state_of_every_row_is_handled_exactly_once(acts: list[tuple[str, int]]) -> None:
    listing = Listing()
    walker = Walker(listing)
    for act, number in acts:
        if act == "touch":
            listing.touch(number)
        elif act == "wait":
            listing.now += timedelta(seconds=number)
        else:
            walker.step()
    walker.settle()
    last = [(str(id_), at.isoformat()) for id_, at in listing.changed.items()]
    assert [walker.handled.count(state) for state in last] == [1] * len(last)
    assert len(walker.handled) == len(set(walker.handled))


@given(st.integers(1, 40), st.data())
def test_a_row_that_becomes_visible_late_is_handled(count: int, data: st.DataObject) -> None:
    listing = Listing()
    walker = Walker(listing)
    for id_ in range(count):
        listing.touch(id_)
        listing.now += timedelta(seconds=data.draw(st.integers(0, 2)))
    walker.settle()
    late_by = data.draw(st.integers(0, 15))
    listing.changed[999] = listing.now - timedelta(seconds=late_by + 1)
    walker.settle()
    assert [id_ for id_, _ in walker.handled].count("999") == 1


def test_many_rows_of_one_second_are_walked_by_page() -> None:
    listing = Listing()
    for id_ in range(20):
        listing.touch(id_)
    walker = Walker(listing)
    walker.settle()
    assert sorted(int(id_) for id_, _ in walker.handled) == list(range(20))


@given(st.lists(st.integers(0, 19), max_size=12), st.integers(1, 6))
def test_rows_that_leave_a_second_while_it_is_walked_hide_no_others(gone: list[int], after: int) -> None:
    """An approval taken back shortens the pages behind it: the next page begins past a row nobody has read."""
    listing = Listing()
    for id_ in range(20):
        listing.touch(id_)
    listing.now += timedelta(seconds=2)
    walker = Walker(listing)
    for _ in range(after):
        walker.step()
    for id_ in gone:
        listing.changed.pop(id_, None)
    walker.scan()
    seen = {int(id_) for id_, _ in walker.handled}
    assert set(listing.changed) <= seen


def test_a_row_of_the_present_second_waits_until_the_second_is_over() -> None:
    listing = Listing()
    listing.touch(1)
    walker = Walker(listing)
    assert walker.step() == 1
    assert walker.handled == []
    listing.now += timedelta(seconds=1)
    assert walker.step() is None
    assert len(walker.handled) == 1


def test_a_quiet_list_is_not_read_again_and_again() -> None:
    listing = Listing()
    for id_ in range(9):
        listing.touch(id_)
        listing.now += timedelta(seconds=1)
    walker = Walker(listing)
    walker.settle()
    assert len(listing.page(walker.place).rows) <= 1


def test_a_while_after_a_burst_only_what_is_new_is_read() -> None:
    listing = Listing()
    walker = Walker(listing)
    for id_ in range(60):
        listing.touch(id_)
    listing.now += timedelta(seconds=2)
    walker.scan()
    listing.now += timedelta(seconds=31)
    walker.scan()
    listing.now += timedelta(seconds=2)
    walker.scan()
    listing.touch(99)
    listing.now += timedelta(seconds=2)
    assert len(listing.page(walker.place).rows) <= SIZE
    walker.scan()
    assert walker.handled[-1][0] == "99"


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), min_size=1, max_size=30))
def test_rows_told_some_seconds_ahead_hide_no_later_ones(changes: list[tuple[int, int]]) -> None:
    listing = Listing()
    walker = Walker(listing)
    for id_, (ahead, wait) in enumerate(changes):
        listing.changed[id_] = listing.now + timedelta(seconds=ahead)
        listing.now += timedelta(seconds=wait)
        walker.scan()
    for _ in range(4):
        listing.now += timedelta(seconds=2)
        walker.scan()
    assert {id_ for id_, _ in walker.handled} == {str(id_) for id_ in range(len(changes))}


def test_marks_of_long_ago_are_let_go() -> None:
    listing = Listing()
    walker = Walker(listing)
    for id_ in range(50):
        listing.touch(id_)
        listing.now += timedelta(minutes=1)
        walker.scan()
    assert len(walker.place.seen) < 6


def test_five_thousand_marks_are_a_small_cursor() -> None:
    seen = {f"{minute:08x}": "x" * MARK * 500 for minute in range(12)}
    assert len(json.dumps(Place(START, seen=seen).as_cursor())) < 70_000
