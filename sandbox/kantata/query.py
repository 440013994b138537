"""Lists: which records, in what order, which page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.clock import parse_instant
from sandbox.kantata.defaults import hidden
from sandbox.kantata.errors import bad_request
from sandbox.kantata.filters import FILTERS, parse_flag
from sandbox.kantata.kinds import reference_subject
from sandbox.kantata.present import names
from sandbox.kantata.shape import REFERENCES, Kind

MAX_PER_PAGE = 200
DEFAULT_PER_PAGE = 20
Test = Callable[[Record], bool]

_REFERENCE_PARAMS = {
    "external_reference_service_name": "service_name",
    "external_reference_service_model": "service_model",
    "external_reference_service_model_ref": "service_model_ref",
    "external_reference_status": "status",
    "external_reference_external_status": "external_status",
    "external_reference_external_message": "external_message",
}


class Page(NamedTuple):
    rows: list[Record]
    total: int
    size: int
    number: int


def cut(params: Mapping[str, str], rows: list[Record]) -> Page:
    """The asked page of a list. `page`/`per_page`, or `limit`/`offset`, which win when both are given."""
    size, start, number = _window(params)
    return Page(rows[start : start + size], len(rows), size, number)


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, "")
    return int(text) if text.lstrip("-").isdigit() else default


def _window(params: Mapping[str, str]) -> tuple[int, int, int]:
    """(size, first index, page number). Too large a size is capped, nonsense falls to the default, as recorded."""
    if "limit" in params and "offset" in params:
        size = min(max(_number(params, "limit", DEFAULT_PER_PAGE), 1), MAX_PER_PAGE)
        start = max(_number(params, "offset", 0), 0)
        return size, start, start // size + 1
    size = _number(params, "per_page", DEFAULT_PER_PAGE)
    size = min(size if size > 0 else DEFAULT_PER_PAGE, MAX_PER_PAGE)
    number = max(_number(params, "page", 1), 1)
    return size, (number - 1) * size, number


_PAGING = frozenset({"page", "per_page", "limit", "offset"})
_BY_THE_CLOCK = frozenset({"subscribed_events"})
"""Lists that change though nobody writes: what is in them is a question of time."""


def matching(call: Call, kind: Kind) -> list[Record]:
    """Everything the viewer sees that passes all filters, in order; a list read page by page is found once."""
    if kind.key in _BY_THE_CLOCK:
        return _found(call, kind)
    asked = frozenset((name, value) for name, value in call.params.items() if name not in _PAGING)
    return call.book.remembered((kind.key, call.viewer.user_id, asked), lambda: _found(call, kind))


def _found(call: Call, kind: Kind) -> list[Record]:
    rows = list(_candidates(call, kind))
    for test in _tests(call, kind):
        rows = [row for row in rows if test(row)]
    if not call.viewer.is_admin:
        rows = [row for row in rows if call.viewer.sees(kind.key, row)]
    orders = (*kind.orders, *call.settings.extra_orders.get(kind.key, ()))
    return _ordered(kind, orders, rows, call.params.get("order"))


def _candidates(call: Call, kind: Kind) -> Iterable[Record]:
    if "only" in call.params:
        asked = sorted({i for i in names(call.params["only"]) if i.isdigit()}, key=int)
        return [row for i in asked if (row := call.book.get(kind.key, i))]
    workspace = call.params.get("workspace_id", "")
    if workspace.isdigit() and kind.key in ("time_entries", "expenses", "stories"):
        return call.book.with_value(kind.key, "workspace_id", workspace)
    return call.book.all(kind.key)


def _tests(call: Call, kind: Kind) -> Iterable[Test]:
    """The cheap ones first."""
    yield from _stamp_tests(call, kind)
    for name, build in FILTERS.get(kind.key, {}).items():
        if name in call.params:
            yield build(call, call.params[name])
    leave_out = hidden(call, kind.key)
    if leave_out:
        yield lambda row: not leave_out(row)
    if REFERENCES in kind.assocs:
        yield from _reference_tests(call, kind)


def _stamp_tests(call: Call, kind: Kind) -> Iterable[Test]:
    for name in ("created", "updated", "last_synced"):
        field = f"{name}_at"
        if name == "last_synced" and kind.key != "external_references":
            continue
        after, before = call.params.get(f"{name}_after"), call.params.get(f"{name}_before")
        if after:
            since = parse_instant(f"{name}_after", after)
            yield lambda row, f=field, t=since: (row.get(f) or "") > t  # type: ignore[misc]
        if before:
            until = parse_instant(f"{name}_before", before)
            yield lambda row, f=field, t=until: (row.get(f) or "~") < t  # type: ignore[misc]


def _reference_tests(call: Call, kind: Kind) -> Iterable[Test]:
    params = call.params
    wanted = {field: params[name] for name, field in _REFERENCE_PARAMS.items() if params.get(name)}
    number = wanted.get("service_model_ref", "0")
    if call.settings.integer_service_model_ref and not number.lstrip("-").isdigit():
        raise bad_request("external_reference_service_model_ref is not an integer")
    refs = set(names(params.get("external_reference_service_model_refs")))
    if len(refs) > MAX_PER_PAGE:
        raise bad_request("external_reference_service_model_refs takes at most 200 ids")
    if wanted or refs:
        found = _referred(
            call, kind,
            lambda ref: all(str(ref[f]) == v for f, v in wanted.items())
            and (not refs or ref["service_model_ref"] in refs),
        )  # fmt: skip
        yield lambda row: row["id"] in found
    if "has_external_references" in params:
        has, any_ = parse_flag(params["has_external_references"]), _referred(call, kind, lambda ref: True)
        yield lambda row: (row["id"] in any_) is has
    without = params.get("without_external_reference_service_name")
    if without:
        synced = _referred(call, kind, lambda ref: ref["service_name"] == without)
        yield lambda row: row["id"] not in synced


def _referred(call: Call, kind: Kind, test: Test) -> set[str]:
    """Ids of the objects of this resource that have such a reference."""
    of_kind = call.book.with_value("external_references", "subject_type", reference_subject(kind))
    return {ref["subject_id"] for ref in of_kind if test(ref)}


def _ordered(kind: Kind, orders: tuple[str, ...], rows: list[Record], order: str | None) -> list[Record]:
    """An order the endpoint does not offer is passed over for its default one, silently, as the vendor does."""
    name, _, direction = (order or "").partition(":")
    name = _ORDER_NAMES.get((kind.key, name), name)
    if name not in orders:
        name, _, direction = kind.default_order.partition(":")

    if direction == "desc":
        rows = rows[::-1]  # they come in the order of their ids, which decides between equals
    if name == "id":
        return rows
    blank = [row for row in rows if row.get(name) is None]
    filled = [row for row in rows if row.get(name) is not None] if blank else rows
    if direction == "desc":
        return sorted(filled, key=itemgetter(name), reverse=True) + blank
    return blank + sorted(filled, key=itemgetter(name))


_ORDER_NAMES = {
    ("expenses", "amount"): "amount_in_cents",
    ("timesheet_submissions", "date"): "start_date",
    ("expense_report_submissions", "date"): "created_at",
    ("workspaces", "price"): "price_in_cents",
}
