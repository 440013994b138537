"""Carries out one OData call: finds, renders, makes, changes, removes, calls functions.

Source: vendor notes, section 3.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sandbox.kit.odata import options as odata
from sandbox.kit.odata.errors import ODataError
from sandbox.sap_s4hana import atom, metadata
from sandbox.sap_s4hana.address import Address, read_address
from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.call import JSON_TYPES, Answer, Call, json_text
from sandbox.sap_s4hana.changing import Changing
from sandbox.sap_s4hana.errors import Detail, SapError, bad_payload, not_found
from sandbox.sap_s4hana.functions import Functions, parameters_of
from sandbox.sap_s4hana.given import read_given
from sandbox.sap_s4hana.reading import BAD_QUERY, Reader
from sandbox.sap_s4hana.render import Renderer, etag_of
from sandbox.sap_s4hana.schema import Entity, Function
from sandbox.sap_s4hana.timesheets import COMPLEX
from sandbox.sap_s4hana.work import Work

_VERSION = {2: {"dataserviceversion": "2.0"}, 4: {"odata-version": "4.0"}}


class Gateway:
    def __init__(self, work: Work, reader: Reader, changing: Changing, functions: Functions) -> None:
        self._work, self._reader, self._changing, self._functions = work, reader, changing, functions

    def answer(self, call: Call) -> Answer:
        """Raises SapError."""
        if call.path in ("", "$metadata"):
            return self._about(call)
        function = self._function(call)
        if function is not None:
            return self._called(call, function)
        address = read_address(call.service, call.path)
        match call.method:
            case "GET" | "HEAD":
                return self._read(call, address)
            case "POST":
                return self._create(call, address)
            case "PATCH" | "MERGE" | "PUT":
                return self._change(call, address)
            case "DELETE":
                return self._remove(call, address)
        raise SapError(405, "/IWFND/CM_MGW/001", f"Method {call.method} is not allowed")

    def _about(self, call: Call) -> Answer:
        if call.method not in ("GET", "HEAD"):
            raise SapError(405, "/IWFND/CM_MGW/001", f"Method {call.method} is not allowed on this resource")
        if call.path == "$metadata":
            return Answer(
                200, metadata.document(call.service), {"content-type": "application/xml"} | _VERSION[call.version]
            )
        names = list(call.service.sets)
        if call.version == 4:
            sets = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
            return _json(call, 200, {"@odata.context": "$metadata", "value": sets})
        if not call.wants_json():
            return Answer(
                200, atom.service(call.root, names), {"content-type": "application/atomsvc+xml"} | _VERSION[2]
            )
        return _json(call, 200, {"d": {"EntitySets": names}})

    def _read(self, call: Call, address: Address) -> Answer:
        options = self._options(call)
        render = Renderer(call.service, call.root, self._reader)
        _check_expand(call, address.entity, options)
        if self._reader.is_one(address, call.service):
            row = self._reader.row(call.service, address)
            return self._one(call, 200, address.entity, render.entity(address.entity, row, options), row)
        found = self._reader.listing(call.service, address, options)
        if address.count:
            return Answer(200, str(found.total), {"content-type": "text/plain;charset=utf-8"})
        bodies = [render.entity(address.entity, row, options) for row in found.rows]
        onward = _next(call, found.next_at) if found.next_at is not None else ""
        return self._many(call, address.entity, bodies, found.total if options.count else None, onward)

    def _create(self, call: Call, address: Address) -> Answer:
        if len(address.steps) > 1 or address.steps[0].key is not None:
            return self._create_below(call, address)
        return self._created(call, address.entity, call.json())

    def _create_below(self, call: Call, address: Address) -> Answer:
        """POST to `A_Set('1')/to_Item`: the parent's key goes without saying."""
        if address.steps[-1].key is not None or len(address.steps) < 2:
            raise SapError(405, "/IWFND/CM_MGW/001", "POST is not allowed on a single entity")
        parent_path = call.path.rsplit("/", 1)[0]
        above = read_address(call.service, parent_path)
        parent = self._reader.row(call.service, above)
        nav = above.entity.navs[address.steps[-1].name]
        known = {theirs: parent[ours] for theirs, ours in nav.by}
        return self._created(call, address.entity, dict(call.json()) | known)

    def _created(self, call: Call, entity: Entity, body: Mapping[str, Any]) -> Answer:
        complexes = COMPLEX if entity.table == "TimeSheetEntryCollection" else None
        given = read_given(entity, body, call.service.sets, version=call.version, complexes=complexes)
        self._work.warnings.clear()
        with self._work.book.unit():
            row = self._changing.create(entity, given)
        render = Renderer(call.service, call.root, self._reader)
        expand = {name: odata.Options(expand=_deep(rows)) for name, rows in given.below.items()}
        answer = self._one(call, 201, entity, render.entity(entity, row, odata.Options(expand=expand)), row)
        answer.headers["location"] = render.uri(entity, row)
        if self._work.warnings:
            answer.headers["sap-message"] = _message(self._work.warnings)
        return answer

    def _change(self, call: Call, address: Address) -> Answer:
        row = self._matched(call, address)
        body = call.json()
        given = read_given(address.entity, body.get("d", body), call.service.sets, version=call.version, changing=True)
        values = dict(given.values)
        if call.method == "PUT":
            open_to = (one for one in address.entity.fields.values() if one.updatable)
            values = {one.name: one.blank for one in open_to} | values
        with self._work.book.unit():
            changed = self._changing.change(address.entity, row, values)
        etag = etag_of(address.entity, changed, call.version)
        return Answer(204, "", _VERSION[call.version] | ({"etag": etag} if etag else {}))

    def _remove(self, call: Call, address: Address) -> Answer:
        row = self._matched(call, address)
        with self._work.book.unit():
            self._changing.remove(address.entity, row)
        return Answer(204, "", dict(_VERSION[call.version]))

    def _matched(self, call: Call, address: Address) -> Row:
        """The row to be changed. Raises SapError 428 without If-Match, 412 where it is not the row's any more."""
        if not self._reader.is_one(address, call.service):
            raise SapError(405, "/IWFND/CM_MGW/001", f"Method {call.method} is not allowed on a collection")
        row = self._reader.row(call.service, address)
        etag, match = etag_of(address.entity, row, call.version), call.headers.get("if-match", "")
        if etag and not match and self._work.settings.require_if_match:
            raise SapError(428, "/IWBEP/CM_MGW_RT/094", "Data modification request requires an If-Match header")
        if etag and match and match != "*" and etag not in [one.strip() for one in match.split(",")]:
            raise SapError(
                412, "/IWBEP/CM_MGW_RT/095", "Precondition failed: the entity was changed by another request"
            )
        return row

    def _function(self, call: Call) -> Function | None:
        last = call.path.rpartition("/")[2]
        if call.version == 2:
            return call.service.functions.get(call.path)
        return call.service.functions.get(last.rpartition(".")[2]) if "." in last else None

    def _called(self, call: Call, function: Function) -> Answer:
        if call.method != function.method:
            raise SapError(405, "/IWFND/CM_MGW/001", f"{function.name} is called by {function.method}")
        if call.version == 4:
            return self._action(call, function)
        given = parameters_of(function, call.query)
        with self._work.book.unit():
            found = self._functions.rows(function, given)
            if found is None:
                return _json(call, 200, {"d": self._functions.plain(function, given)})
        entity, row = call.service.sets[found[0]], found[1][0]
        body = Renderer(call.service, call.root, self._reader).entity(entity, row, odata.Options())
        return self._one(call, 200, entity, body, row)

    def _action(self, call: Call, function: Function) -> Answer:
        if call.path.partition("/")[0] != "BillingDocument":
            raise not_found(f"Action {function.name} is not bound to this set")
        with self._work.book.unit():
            rows = self._functions.create_from_sd_document(call.json())
        entity = call.service.sets[function.returns]
        render = Renderer(call.service, call.root, self._reader)
        bodies = [render.entity(entity, row, odata.Options()) for row in rows]
        return _json(call, 200, {"@odata.context": f"../$metadata#{entity.name}", "value": bodies})

    def _options(self, call: Call) -> odata.Options:
        try:
            return odata.read(call.query)
        except ODataError as exc:
            raise SapError(400, BAD_QUERY, exc.text, exc.name) from exc

    def _one(self, call: Call, status: int, entity: Entity, body: dict[str, Any], row: Row) -> Answer:
        etag = etag_of(entity, row, call.version)
        if call.version == 4:
            answer = _json(call, status, {"@odata.context": f"$metadata#{entity.name}/$entity"} | body)
        elif call.wants_json():
            answer = _json(call, status, {"d": body})
        else:
            text = atom.entry(entity, body)
            answer = Answer(
                status, text, {"content-type": "application/atom+xml;type=entry;charset=utf-8"} | _VERSION[2]
            )
        if etag:
            answer.headers["etag"] = etag
        return answer

    def _many(self, call: Call, entity: Entity, bodies: list[Any], total: int | None, onward: str) -> Answer:
        if call.version == 4:
            whole: dict[str, Any] = {"@odata.context": f"$metadata#{entity.name}"}
            whole |= {"@odata.count": total} if total is not None else {}
            whole |= {"value": bodies} | ({"@odata.nextLink": onward} if onward else {})
            return _json(call, 200, whole)
        if not call.wants_json():
            kind = {"content-type": "application/atom+xml;type=feed;charset=utf-8"}
            return Answer(200, atom.feed(entity, bodies, call.root, onward), kind | _VERSION[2])
        inner: dict[str, Any] = {"results": bodies}
        inner |= {"__count": str(total)} if total is not None else {}
        inner |= {"__next": onward} if onward else {}
        return _json(call, 200, {"d": inner})


def _message(warnings: list[Detail]) -> str:
    """One header for all: the first, with the others as its details. ASCII, as headers are."""
    said = [{"code": one.code, "message": one.text, "target": one.target, "severity": "warning"} for one in warnings]
    return json.dumps(said[0] | {"details": said[1:10]})


def _json(call: Call, status: int, body: Any) -> Answer:
    return Answer(status, json_text(body), {"content-type": JSON_TYPES[call.version]} | _VERSION[call.version])


def _next(call: Call, start: int) -> str:
    """Absolute in V2, relative to the service in V4."""
    query = {name: value for name, value in call.query.items() if name != "$skiptoken"} | {"$skiptoken": str(start)}
    text = "&".join(f"{name}={quote(value, safe=chr(39) + '(),:/')}" for name, value in query.items())
    return (
        f"{call.path}?{text}"
        if call.version == 4
        else f"{call.root}/{quote(call.path, safe=chr(39) + '(),=/$')}?{text}"
    )


def _deep(rows: list[Any]) -> dict[str, odata.Options]:
    """What was given below is shown below."""
    names = {name: inner for row in rows for name, inner in row.below.items()}
    return {name: odata.Options(expand=_deep(inner)) for name, inner in names.items()}


def _check_expand(call: Call, entity: Entity, options: odata.Options) -> None:
    for name, inner in options.expand.items():
        if name not in entity.navs:
            raise bad_payload(f"Navigation property '{name}' is not defined in type '{entity.type_name}'", name)
        _check_expand(call, call.service.sets[entity.navs[name].target], inner)
