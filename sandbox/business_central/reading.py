"""Reading: lists with filters, order and pages; single records; what is expanded with them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cmp_to_key
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from sandbox.business_central import dimensions, receivables
from sandbox.business_central.book import Record
from sandbox.business_central.call import Answer, Call
from sandbox.business_central.errors import Refused, bad_request, rule
from sandbox.business_central.fields import Entity, Link
from sandbox.business_central.filters import adapted, readable
from sandbox.business_central.present import Presenter
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.work import Work
from sandbox.kit.odata.errors import ODataError, UnknownName
from sandbox.kit.odata.evaluate import predicate, typed_reader
from sandbox.kit.odata.options import Options, Order, read
from sandbox.kit.odata.page import selected
from sandbox.kit.odata.tree import equalities

LARGEST_PAGE = 20_000
_NEED = {
    "salesInvoiceLines": (("documentId", "id"), "lines_need_document"),
    "salesCreditMemoLines": (("documentId", "id"), "lines_need_document"),
    "journalLines": (("journalId", "id"), "journal_needed"),
    "customerPayments": (("journalId", "id"), "journal_needed"),
}


class Where(NamedTuple):
    """What a path leads to: a set, below which record (if any), by which link."""

    entity: Entity
    parent: Record | None = None
    parent_kind: str = ""
    link: Link | None = None


def options_of(call: Call, entity: Entity) -> Options:
    """Raises Refused 400."""
    params = dict(call.params)
    if "$filter" in params:
        params["$filter"] = readable(params["$filter"])
    try:
        options = read(params)
    except ODataError as exc:
        raise _told(exc) from exc
    return _for(options, entity)


def _for(options: Options, entity: Entity) -> Options:
    return replace(options, filter=adapted(options.filter, entity)) if options.filter is not None else options


def _told(exc: ODataError) -> Refused:
    code = "BadRequest" if isinstance(exc, UnknownName) else "BadRequest_InvalidRequestUrl"
    return bad_request("odata", code=code, text=exc.text)


def records_at(work: Work, where: Where, pinned: Mapping[str, Any]) -> Iterable[Record]:
    """Candidates for a list. Raises Refused where a set can only be read below something."""
    kind = where.entity.set_name
    if kind == "dimensionSetLines":
        if where.parent is None:
            raise rule("dimension_parent")
        return dimensions.lines_of(work, where.parent_kind, where.parent)
    if kind in receivables.MADE:
        customers = [where.parent] if where.parent else work.book.all("customers", work.company)
        return [receivables.MADE[kind](work, customer) for customer in customers]
    if where.parent is not None and where.link is not None and where.link.foreign:
        return work.book.where(kind, work.company, where.link.foreign, where.parent["id"])
    names, message = _NEED.get(kind, ((), ""))
    if names and not any(name in pinned for name in names):
        raise rule(message)
    found = work.book.pinned(kind, work.company, pinned)
    return work.book.all(kind, work.company) if found is None else found


class Found(NamedTuple):
    records: list[Record]
    total: int
    token: str | None


def found_at(work: Work, where: Where, options: Options, size: int) -> Found:
    """One page of at most `size` records. Raises Refused 400."""
    entity, name = where.entity, f"Microsoft.NAV.{where.entity.name}"
    records = records_at(work, where, equalities(options.filter))
    try:
        if options.filter is not None:
            holds = predicate(options.filter, entity.types, name)
            records = [record for record in records if holds(record)]
        found = _Ordered(entity, options.orderby, name)
        ordered = found.sorted(records)
    except ODataError as exc:
        raise _told(exc) from exc
    total, token = len(ordered), _token(options.skiptoken)
    left = options.top if token is None else token.get("top")
    if token is None:
        start = options.skip
    elif "after" in token:
        start = found.after(ordered, token["after"])
    else:
        start = int(token["offset"])
    count = size if left is None else min(size, left)
    page = ordered[start : start + count]
    rest = len(ordered) > start + len(page) and (left is None or left > len(page)) and bool(page)
    next_token = None
    if rest:
        mark: dict[str, Any] = {"after": found.mark(page[-1])} if options.orderby else {"offset": start + len(page)}
        next_token = _text(mark | ({} if left is None else {"top": left - len(page)}))
    return Found(page, total, next_token)


class _Ordered:
    """The order of a list. Asked for: pages go on after the last record seen. Not asked for: pages are counted off,
    and shift when records come or go before them."""

    def __init__(self, entity: Entity, orders: Sequence[Order], name: str) -> None:
        self._asked = bool(orders)
        wanted = list(orders) or [Order(field, False) for field in entity.order]
        self._reads = [(typed_reader(order.path, entity.types, name), order.descending) for order in wanted]

    def sorted(self, records: Iterable[Record]) -> list[Record]:
        found = sorted(records, key=lambda record: str(record["id"])) if self._asked else list(records)
        for read_value, descending in reversed(self._reads):
            found.sort(key=lambda record: read_value(record), reverse=descending)
        return found

    def mark(self, record: Record) -> dict[str, Any]:
        return {name: record[name] if isinstance(record[name], str | int | bool) else str(record[name])
                for name in record if not name.startswith("_")}  # fmt: skip

    def after(self, ordered: list[Record], mark: Mapping[str, Any]) -> int:
        """How many records come no later than the marked one, which may be gone."""
        key = cmp_to_key(self._compare)
        place = key(dict(mark))
        low, high = 0, len(ordered)
        while low < high:
            middle = (low + high) // 2
            if place < key(ordered[middle]):
                high = middle
            else:
                low = middle + 1
        return low

    def _compare(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
        for read_value, descending in self._reads:
            left, right = read_value(dict(one)), read_value(dict(other))
            if left != right:
                return (-1 if left < right else 1) * (-1 if descending else 1)
        return (str(one["id"]) > str(other["id"])) - (str(one["id"]) < str(other["id"]))


def _token(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        token = json.loads(base64.urlsafe_b64decode(text.encode()))
    except ValueError as exc:
        raise bad_request("odata", code="BadRequest_InvalidRequestUrl", text="The skip token is not valid.") from exc
    return token if isinstance(token, dict) else None


def _text(token: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(token).encode()).decode()


class Reader:
    def __init__(self, presenter: Presenter) -> None:
        self._presenter = presenter

    def list(self, work: Work, call: Call, where: Where) -> Answer:
        options = options_of(call, where.entity)
        size, headers = self._size(work, call)
        found = found_at(work, where, options, size)
        body: dict[str, Any] = {"@odata.context": f"{call.root}/$metadata#{call.path}"}
        if options.count:
            body["@odata.count"] = found.total
        body["value"] = [self.shown(work, where.entity, record, options) for record in found.records]
        if found.token is not None:
            kept = {name: text for name, text in call.params.items() if name not in ("$skip", "$skiptoken", "$top")}
            query = urlencode(kept | {"$skiptoken": found.token}, quote_via=quote, safe="$")
            body["@odata.nextLink"] = f"{call.root}/{call.path}?{query}"
        return Answer(200, body, headers)

    def one(self, work: Work, call: Call, entity: Entity, record: Record) -> Answer:
        options = options_of(call, entity)
        return Answer(200, self.entity_body(work, call, entity, record, options))

    def entity_body(
        self, work: Work, call: Call, entity: Entity, record: Record, options: Options | None = None
    ) -> dict[str, Any]:
        path = call.path.partition("(")[0] if entity.set_name == "companies" else f"companies({work.company})"
        context = f"{call.root}/$metadata#{path}/{entity.set_name}/$entity"
        return {"@odata.context": context} | self.shown(work, entity, record, options or Options())

    def shown(self, work: Work, entity: Entity, record: Record, options: Options) -> dict[str, Any]:
        """Raises Refused for a selection or expansion of what is not there."""
        for name in options.select:
            if name not in entity.by_name and name not in options.expand:
                raise _told(
                    UnknownName(f"Could not find a property named '{name}' on type 'Microsoft.NAV.{entity.name}'.")
                )
        made = self._presenter.show(entity, record)
        if options.select:
            made = selected(made, options.select, ("@odata.etag",))
        if not options.expand:
            return made
        made = dict(made)
        for name, inner in options.expand.items():
            made[name] = self._expanded(work, entity, record, name, inner)
        return made

    def _expanded(self, work: Work, entity: Entity, record: Record, name: str, options: Options) -> Any:
        link = entity.parts.get(name)
        if link is None:
            text = f"Could not find a property named '{name}' on type 'Microsoft.NAV.{entity.name}'."
            raise _told(UnknownName(text))
        target = ENTITIES[link.set_name]
        options = _for(options, target)
        if link.foreign:
            where = Where(target, record, entity.set_name, link)
            found = found_at(work, where, options, LARGEST_PAGE)
            return [self.shown(work, target, one, options) for one in found.records]
        linked = linked_one(work, record, link)
        return None if linked is None else self.shown(work, target, linked, options)

    def _size(self, work: Work, call: Call) -> tuple[int, dict[str, str]]:
        """The page size that holds, and the header that says so. Raises Refused 413."""
        asked = call.prefers("odata.maxpagesize") or call.prefers("maxpagesize")
        if asked is None or not asked.isdigit() or int(asked) < 1:
            return work.settings.page_size, {}
        if int(asked) > LARGEST_PAGE:
            raise Refused(413, "BadRequest", "page_too_large", size=asked, most=LARGEST_PAGE)
        return int(asked), {"Preference-Applied": f"odata.maxpagesize={asked}"}


def linked_one(work: Work, record: Record, link: Link) -> Record | None:
    if link.set_name in receivables.MADE:
        return receivables.MADE[link.set_name](work, record)
    return work.by_id(link.set_name, record[link.local])
