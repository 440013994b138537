"""Options applied to records: filtered, ordered, counted, cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sandbox.kit.odata.errors import UnknownName
from sandbox.kit.odata.evaluate import Record, predicate, typed_reader
from sandbox.kit.odata.options import Options, Order


class Page(NamedTuple):
    """`total`: records the filter lets through, before `$skip` and `$top`. `left`: any after this page."""

    records: list[Any]
    total: int
    left: bool


def cut(
    records: Iterable[Record], options: Options, types: Mapping[str, str], of: str = "the entity", most: int = 20_000
) -> Page:
    """most: the server's page size; `left` tells that the page ended there although `$top` asked for more.

    Raises UnknownName and TypeRefused for a filter, order or selection that does not fit the types.
    """
    for name in options.select:
        if name not in types and name not in options.expand:
            raise UnknownName(f"Could not find a property named '{name}' on type '{of}'.", name)
    found: Sequence[Record]
    if options.filter is not None:
        holds = predicate(options.filter, types, of)
        found = [record for record in records if holds(record)]
    else:
        found = list(records)
    found = ordered(found, options.orderby, types, of)
    wanted = found[options.skip :] if options.top is None else found[options.skip : options.skip + options.top]
    return Page(list(wanted[:most]), len(found), len(wanted) > most)


def ordered(records: Sequence[Record], orders: Sequence[Order], types: Mapping[str, str], of: str) -> list[Record]:
    """Stable; null before everything else when ascending. Raises UnknownName."""
    found = list(records)
    for order in reversed(orders):
        read = typed_reader(order.path, types, of)
        found.sort(key=lambda record: _rank(read(record)), reverse=order.descending)
    return found


def _rank(value: Any) -> tuple[bool, Any]:
    return (False, 0) if value is None else (True, value)


def selected(record: Record, select: Sequence[str], keep: Sequence[str] = ()) -> dict[str, Any]:
    """Only the selected properties (all if none is named) and those to keep always, in the record's order."""
    if not select:
        return dict(record)
    wanted = {*select, *keep}
    return {name: value for name, value in record.items() if name in wanted}
