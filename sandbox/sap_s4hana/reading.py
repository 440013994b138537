"""Finding rows: by key, by navigation, by query options over an index where a filter names one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sandbox.kit.odata.errors import ODataError
from sandbox.kit.odata.options import Options
from sandbox.kit.odata.page import cut
from sandbox.kit.odata.tree import AnyOf, Binary, Call, Junction, Literal, Negation, Node, Property, equalities
from sandbox.sap_s4hana.address import Address, Step
from sandbox.sap_s4hana.book import Book, Row
from sandbox.sap_s4hana.errors import SapError, bad_payload, not_found
from sandbox.sap_s4hana.fields import unpadded
from sandbox.sap_s4hana.schema import Entity, Nav, Service
from sandbox.sap_s4hana.settings import Settings
from sandbox.sap_s4hana.visibility import Visibility

BAD_QUERY = "/IWBEP/CM_MGW_RT/054"


class Listing(NamedTuple):
    """`next_at`: where the next page begins, None after the last."""

    rows: list[Any]
    total: int
    next_at: int | None


class Reader:
    def __init__(self, book: Book, settings: Settings, visibility: Visibility) -> None:
        self._book, self._settings, self._visibility = book, settings, visibility

    def row(self, service: Service, address: Address) -> Row:
        """Raises SapError 404."""
        found = self._last(service, address)
        if found is None or not isinstance(found, dict):
            raise not_found()
        return found

    def is_one(self, address: Address, service: Service) -> bool:
        """Whether the address names one row and not a collection."""
        last = address.steps[-1]
        if last.key is not None:
            return True
        return len(address.steps) > 1 and not self._nav(service, address.steps).many

    def listing(self, service: Service, address: Address, options: Options) -> Listing:
        """Raises SapError 400 for options that do not fit."""
        if len(address.steps) == 1:
            rows: Iterable[Row] = self._candidates(address.entity, options)
        else:
            parent = self._parent(service, address)
            owner = self._owner(service, address.steps)
            rows = self.related(service, owner, parent, self._nav(service, address.steps))
        return self.page(address.entity, rows, options)

    def page(self, entity: Entity, rows: Iterable[Row], options: Options) -> Listing:
        options, start, size = _paged(options, self._settings.page_size)
        options = Options(**(vars(options) | {"filter": options.filter and _converted(options.filter, entity)}))
        known = entity.types()
        stray = next((name for name in options.select if "/" not in name and name not in (*known, *entity.navs)), None)
        if stray:
            raise bad_payload(f"Property '{stray}' is not defined in type '{entity.type_name}'", stray)
        try:
            plain = Options(**(vars(options) | {"select": ()}))
            found = cut(self._visible(entity, rows), plain, known, entity.type_name, size)
        except ODataError as exc:
            raise SapError(400, BAD_QUERY, exc.text, exc.name) from exc
        return Listing(found.records, found.total, start + len(found.records) if found.left else None)

    def related(self, service: Service, entity: Entity, row: Mapping[str, Any], nav: Nav) -> list[Row]:
        target = service.sets[nav.target]
        values = tuple(str(row.get(ours, "")) for _, ours in nav.by)
        if not any(values):
            return []
        found = self._book.tables[target.table].matching(tuple(theirs for theirs, _ in nav.by), values)
        return list(self._visible(target, found))

    def _candidates(self, entity: Entity, options: Options) -> Iterable[Row]:
        table = self._book.tables[entity.table]
        node = options.filter and _converted(options.filter, entity)
        pinned = {
            name: value
            for name, value in equalities(node).items()
            if name in entity.fields and entity.fields[name].is_text and isinstance(value, str)
        }
        if pinned:
            name, value = next(iter(pinned.items()))
            return table.matching((name,), (value,))
        return table.rows.values()

    def _visible(self, entity: Entity, rows: Iterable[Row]) -> Iterable[Row]:
        if not self._visibility.hides:
            return rows
        table = self._book.tables[entity.table]
        return [row for row in rows if not self._visibility.hidden(entity.table, table.key_of(row))]

    def _parent(self, service: Service, address: Address) -> Row:
        steps = address.steps[:-1]
        found = self._last(service, Address(self._owner(service, address.steps), steps))
        if found is None:
            raise not_found()
        return found

    def _last(self, service: Service, address: Address) -> Row | None:
        row: Row | None = None
        entity: Entity | None = None
        for step in address.steps:
            if entity is None:
                entity = service.sets[step.name]
                row = self._keyed(entity, step)
                continue
            nav = entity.navs[step.name]
            rows = self.related(service, entity, row or {}, nav) if row is not None else []
            entity = service.sets[nav.target]
            if step.key is not None:
                table = self._book.tables[entity.table]
                rows = [one for one in rows if table.key_of(one) == step.key]
            row = rows[0] if rows else None
        return row

    def _keyed(self, entity: Entity, step: Step) -> Row | None:
        if step.key is None or self._visibility.hidden(entity.table, step.key):
            return None
        return self._book.get(entity.table, *step.key)

    @staticmethod
    def _owner(service: Service, steps: tuple[Step, ...]) -> Entity:
        entity = service.sets[steps[0].name]
        for step in steps[1:-1]:
            entity = service.sets[entity.navs[step.name].target]
        return entity

    def _nav(self, service: Service, steps: tuple[Step, ...]) -> Nav:
        return self._owner(service, steps).navs[steps[-1].name]


def _paged(options: Options, size: int) -> tuple[Options, int, int]:
    """`$skiptoken` is where to go on; `$top` still counts from the start of the whole list."""
    token = options.skiptoken
    if token is None:
        return options, options.skip, size
    if not token.isdigit():
        raise bad_payload(f"Invalid $skiptoken '{token}'")
    start = int(token)
    left = None if options.top is None else max(0, options.top - (start - options.skip))
    return Options(**(vars(options) | {"skip": start, "top": left})), start, size


def _converted(node: Node, entity: Entity) -> Node:
    """Numbers compared as they are kept: `'0017100001'` finds `17100001`."""
    match node:
        case Binary(operator, Property(path) as left, Literal(edm, value)) if _is_number(entity, path):
            return Binary(operator, left, Literal(edm, unpadded(value) if isinstance(value, str) else value))
        case Binary(operator, left, right):
            return Binary(operator, _converted(left, entity), _converted(right, entity))
        case Junction(operator, parts):
            return Junction(operator, tuple(_converted(part, entity) for part in parts))
        case Negation(part):
            return Negation(_converted(part, entity))
        case Call() | AnyOf() | Property() | Literal():
            return node


def _is_number(entity: Entity, path: str) -> bool:
    one = entity.fields.get(path)
    return one is not None and one.kind in ("id", "padded")
