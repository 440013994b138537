"""/services/rest/record/v1/...: which call does what, and how it is answered. Source: notes, section 3."""

from __future__ import annotations

import re

from sandbox.netsuite.book import Record
from sandbox.netsuite.call import Answer, Call
from sandbox.netsuite.errors import Detail, NetSuiteError, no_such_record
from sandbox.netsuite.fields import Field
from sandbox.netsuite.qfilter import compile_filter
from sandbox.netsuite.records import Options, Records
from sandbox.netsuite.render import RESOURCE_TYPE, Renderer, json_text, line_key, page, self_link
from sandbox.netsuite.schema import TYPES
from sandbox.netsuite.transforms import transform
from sandbox.netsuite.visibility import Visibility

_EXTERNAL_ID = re.compile(r"^[A-Za-z0-9_\-]+$")
_MODES = ("error", "warning", "ignore")
_LONGEST_HEADER = 4000
LARGEST_PAGE = 1000


class RecordApi:
    def __init__(self, records: Records, visibility: Visibility) -> None:
        self._records, self._visibility = records, visibility

    def answer(self, call: Call) -> Answer:
        """Raises NetSuiteError. `call.path`: /record/v1/<type>[/<id>[/...]]."""
        kind, *rest = call.path.removeprefix("/record/v1/").split("/")
        if kind not in TYPES:
            text = f"Record type '{kind}' does not exist."
            raise NetSuiteError(404, Detail(text, "NONEXISTENT_ID", {"o:errorUrl": call.path}))
        match call.method, rest:
            case "GET", []:
                return self._list(call, kind)
            case "POST", []:
                return self._create(call, kind)
            case "GET", [record_id]:
                return self._read(call, kind, record_id)
            case "PATCH", [record_id]:
                return self._update(call, kind, record_id)
            case "PUT", [record_id]:
                return self._upsert(call, kind, record_id)
            case "DELETE", [record_id]:
                self._records.delete(kind, self._resolve(kind, record_id))
                return Answer(204)
            case "POST", [record_id, "!transform", target]:
                return self._transform(call, kind, record_id, target)
            case "GET", [record_id, name, *line] if len(line) < 2:
                return self._part(call, kind, record_id, name, line)
            case "PATCH" | "PUT" | "DELETE", []:
                text = "Operations on a collection are asynchronous only. Send the header Prefer: respond-async."
                raise NetSuiteError(400, Detail(text, "INVALID_REQUEST", {"o:errorHeader": "Prefer"}))
        text = f"Method {call.method} is not allowed here."
        raise NetSuiteError(405, Detail(text, "INVALID_REQUEST", {"o:errorUrl": call.path}))

    def _list(self, call: Call, kind: str) -> Answer:
        limit, offset = page_of(call)
        test = compile_filter(TYPES[kind], call.query["q"]) if call.query.get("q") else None
        rows = (row for row in self._records.book.all(kind) if not self._visibility.hidden(kind, row["id"]))
        ids = [row["id"] for row in rows if test is None or test(row)]
        href = f"{_root(call)}/{kind}"
        items = [{"links": self_link(f"{href}/{i}"), "id": i} for i in ids[offset : offset + limit]]
        return _found(page(href, items, offset=offset, limit=limit, total=len(ids)), "collection")

    def _create(self, call: Call, kind: str) -> Answer:
        options = _options(call)
        record_id = self._records.create(kind, call.json(), options)
        return _written(call, kind, record_id, options)

    def _update(self, call: Call, kind: str, record_id: str) -> Answer:
        options, internal = _options(call), self._resolve(kind, record_id)
        self._records.update(kind, internal, call.json(), options)
        return _written(call, kind, internal, options)

    def _upsert(self, call: Call, kind: str, record_id: str) -> Answer:
        if not record_id.startswith("eid:"):
            text = "PUT is supported with an external ID only: eid:<externalId>."
            raise NetSuiteError(405, Detail(text, "INVALID_REQUEST", {"o:errorUrl": call.path}))
        options = _options(call)
        internal = self._records.upsert(kind, _external_id(record_id), call.json(), options)
        return _written(call, kind, internal, options)

    def _transform(self, call: Call, kind: str, record_id: str, target: str) -> Answer:
        if target not in TYPES:
            raise NetSuiteError(404, Detail(f"Record type '{target}' does not exist.", "NONEXISTENT_ID"))
        options, internal = _options(call), self._resolve(kind, record_id)
        created = transform(self._records, kind, internal, target, call.json(), options)
        return _written(call, target, created, options)

    def _read(self, call: Call, kind: str, record_id: str) -> Answer:
        record = self._visible(kind, record_id)
        shown = self._renderer(call).record(kind, record, call.names("fields"))
        return _found(shown, "singular")

    def _part(self, call: Call, kind: str, record_id: str, name: str, line: list[str]) -> Answer:
        """A sublist, one of its lines, or a block, by its own URL."""
        record = self._visible(kind, record_id)
        spec = TYPES[kind].fields.get(name)
        if spec is None or spec.kind not in ("sublist", "block"):
            raise NetSuiteError(404, Detail(f"'{name}' is not a sub-resource of '{kind}'.", "NONEXISTENT_ID"))
        href = f"{_root(call)}/{kind}/{record['id']}/{name}"
        renderer = self._renderer(call)
        if spec.kind == "block":
            return _found({"links": self_link(href), **renderer.line(spec, record.get(name, {}), href)}, "singular")
        lines = record.get(name, [])
        if line:
            return self._line(renderer, spec, lines, href, line[0])
        items = [_line_item(renderer, spec, row, href, whole=call.flag("expandSubResources")) for row in lines]
        return _found(page(href, items, offset=0, limit=LARGEST_PAGE, total=len(items)), "collection")

    def _line(self, renderer: Renderer, spec: Field, lines: list[Record], href: str, key: str) -> Answer:
        for row in lines:
            if line_key(spec, row) == key:
                return _found(_line_item(renderer, spec, row, href, whole=True), "singular")
        raise no_such_record("The line does not exist.")

    def _renderer(self, call: Call) -> Renderer:
        expand = None if call.flag("expandSubResources") else call.names("expand")
        return Renderer(self._records.book, _root(call), call.flag("simpleEnumFormat"), expand)

    def _visible(self, kind: str, record_id: str) -> Record:
        record = self._records.book.get(kind, self._resolve(kind, record_id))
        if record is None or self._visibility.hidden(kind, record["id"]):
            raise no_such_record()
        return record

    def _resolve(self, kind: str, record_id: str) -> str:
        """An id of a URL, internal or `eid:`, -> internal id. Raises 404 for an unknown external id."""
        if not record_id.startswith("eid:"):
            return record_id
        internal = self._records.book.id_of(kind, _external_id(record_id))
        if internal is None:
            raise no_such_record()
        return internal


def _external_id(record_id: str) -> str:
    external_id = record_id.removeprefix("eid:")
    if not _EXTERNAL_ID.match(external_id):
        text = f"Invalid external ID '{external_id}'. Use letters, digits, underscore and hyphen."
        raise NetSuiteError(400, Detail(text, "INVALID_PARAMETER", {"o:errorUrl": record_id}))
    return external_id


def page_of(call: Call) -> tuple[int, int]:
    """(limit, offset) of a collection call. Raises 400 when not whole, too large, or offset no multiple of limit."""
    try:
        limit, offset = int(call.query.get("limit", LARGEST_PAGE)), int(call.query.get("offset", 0))
    except ValueError as exc:
        raise _bad_page("limit", "limit and offset must be whole numbers.") from exc
    if not 1 <= limit <= LARGEST_PAGE:
        raise _bad_page("limit", f"limit must be from 1 to {LARGEST_PAGE}.")
    if offset < 0 or offset % limit:
        raise _bad_page("offset", "offset must be a multiple of limit.")
    return limit, offset


def _bad_page(name: str, text: str) -> NetSuiteError:
    return NetSuiteError(
        400, Detail(f"Invalid query parameter: {text}", "INVALID_PARAMETER", {"o:errorQueryParam": name})
    )


def _options(call: Call) -> Options:
    return Options(
        _mode(call, "X-NetSuite-PropertyNameValidation", "warning"),
        _mode(call, "X-NetSuite-PropertyValueValidation", "error"),
        call.names("replace"),
        call.flag("replaceSelectedFields"),
    )


def _mode(call: Call, header: str, default: str) -> str:
    mode = call.header(header, default).lower()
    if mode not in _MODES:
        raise NetSuiteError(
            400, Detail(f"Invalid value of header {header}.", "INVALID_HEADER", {"o:errorHeader": header})
        )
    return mode


def _root(call: Call) -> str:
    return f"{call.origin}/services/rest/record/v1"


def _written(call: Call, kind: str, record_id: str, options: Options) -> Answer:
    headers = {"Location": f"{_root(call)}/{kind}/{record_id}"}
    if options.warnings:
        told = ", ".join(f'299 NetSuite "{text}"' for text in options.warnings)
        headers["Warning"] = told.encode("ascii", "backslashreplace").decode()[:_LONGEST_HEADER]
    return Answer(204, "", headers)


def _found(body: object, shape: str) -> Answer:
    return Answer(200, json_text(body), {"Content-Type": RESOURCE_TYPE.format(kind=shape)})


def _line_item(renderer: Renderer, spec: Field, row: Record, href: str, *, whole: bool) -> dict[str, object]:
    at = f"{href}/{line_key(spec, row)}"
    return {"links": self_link(at), **(renderer.line(spec, row, at) if whole else {})}
