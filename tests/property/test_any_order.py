"""However the versions of a source arrive, what counts is the newest."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.source import Applied
from tests.property.books import Books, Version

versions = st.builds(
    Version,
    sequence=st.integers(1, 12),
    minutes=st.none() | st.integers(1, 600),
    job=st.integers(0, 2),
    day=st.integers(1, 28),
)
histories = st.lists(versions, min_size=1, max_size=10, unique_by=lambda version: version.sequence)


def worth(books: Books, entry_id: str) -> dict[tuple[str, str], Decimal]:
    """What the items of one source sum to, per project and currency; nothing where they cancel."""
    sums: dict[tuple[str, str], Decimal] = {}
    for item in books.items.values():
        if item.source_id == entry_id:
            place = (item.project_id, item.value.currency)
            sums[place] = sums.get(place, Decimal(0)) + item.value.amount
    return {place: amount for place, amount in sums.items() if amount}


def after(*delivered: Version) -> Books:
    books = Books()
    for version in delivered:
        books.deliver("t-1", version)
    return books


@given(histories, st.data())
def test_any_order_and_any_repetition_end_as_the_newest_alone(history: list[Version], data: st.DataObject) -> None:
    newest = max(history, key=lambda version: version.sequence)
    storm = data.draw(st.permutations(history + data.draw(st.lists(st.sampled_from(history), max_size=10))))
    books, alone = after(*storm), after(newest)
    assert worth(books, "t-1") == worth(alone, "t-1")
    assert books.sources["t-1"].value == alone.sources["t-1"].value or newest.minutes is None
    assert books.sources["t-1"].value.amount == alone.sources["t-1"].value.amount
    assert books.sources["t-1"].sequence == newest.sequence


@given(histories)
def test_a_history_told_again_changes_nothing(history: list[Version]) -> None:
    books = after(*history)
    before = (dict(books.sources), dict(books.items))
    assert Applied.NEW not in {books.deliver("t-1", version) for version in history}
    assert (books.sources, books.items) == before


@given(histories)
def test_at_most_one_item_stands_for_a_source(history: list[Version]) -> None:
    books = after(*history)
    reversed_ids = {item.reverses for item in books.items.values() if item.reverses}
    standing = [item for item in books.items.values() if not item.reverses and item.wip_id not in reversed_ids]
    record = books.sources["t-1"]
    assert [item.wip_id for item in standing] == ([record.wip_id] if record.wip_id else [])
    assert len(reversed_ids) == sum(1 for item in books.items.values() if item.reverses)
