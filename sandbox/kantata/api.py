"""`/api/v1/...`: who asks, which resource, list or one, read or write; with or without `.json` at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.kantata import actions, references
from sandbox.kantata.access import Viewer
from sandbox.kantata.auth import Auth
from sandbox.kantata.book import Book, Record
from sandbox.kantata.call import Call
from sandbox.kantata.clock import Clock
from sandbox.kantata.defaults import hidden
from sandbox.kantata.errors import ApiError, bad_request, forbidden, invalid, not_found
from sandbox.kantata.feed import Feed
from sandbox.kantata.fields import id_list
from sandbox.kantata.forms import read_body
from sandbox.kantata.kinds import KINDS, reference_subject
from sandbox.kantata.limits import RateLimits
from sandbox.kantata.listing import list_page
from sandbox.kantata.present import Presenter
from sandbox.kantata.settings import Settings
from sandbox.kantata.shape import REFERENCES, Kind
from sandbox.kantata.writers import WRITERS, Writer
from sandbox.kit.faults import FaultPlan

MAX_BULK_DELETE = 100


class Api:
    def __init__(
        self, book: Book, auth: Auth, settings: Settings, clock: Clock, feed: Feed, plan: FaultPlan,
        limits: RateLimits,
    ) -> None:  # fmt: skip
        self._book, self._auth, self._settings, self._clock = book, auth, settings, clock
        self._feed, self._plan, self._limits = feed, plan, limits

    async def handle(self, request: Request) -> Response:
        path = request.path_params["path"].strip("/").removesuffix(".json")
        resource, *rest = path.split("/")
        try:
            user = self._auth.user(request)
            body = await read_body(request) if request.method in ("POST", "PUT", "PATCH", "DELETE") else {}
            refused = self._limits.refuse(request.headers["authorization"], resource)
            if refused is not None:
                return refused
            with self._book.work():
                call = self.call(user, _params(request, body))
                answer = self._answer(call, request.method, resource, rest, body)
        except ApiError as refusal:
            legacy = refusal.status != 401 and resource in self._settings.legacy_error_resources
            return refusal.response(legacy=legacy)
        return Response(status_code=204) if answer is None else JSONResponse(answer)

    def call(self, user: Record, params: Mapping[str, str] | None = None) -> Call:
        return Call(self._book, Viewer(self._book, user), self._settings, self._clock, self._feed, params or {})

    def _answer(self, call: Call, method: str, resource: str, rest: list[str], body: Record) -> dict[str, Any] | None:
        special = actions.find(method, resource, rest)
        if special:
            return special(call, rest, body)
        kind = KINDS.get(resource)
        if kind is None or len(rest) > 1:
            raise not_found()
        feature_off = resource == "subscribed_events" and not self._settings.subscribed_events_enabled
        if feature_off or (kind.admin_only and not call.viewer.is_admin):
            raise forbidden()
        record_id = rest[0] if rest else None
        match method:
            case "GET" | "HEAD":
                return self._one(call, kind, record_id) if record_id else list_page(call, kind, self._plan)
            case "POST" if record_id is None:
                return self._create(call, kind, body)
            case "PUT" | "PATCH" if record_id:
                return self._update(call, kind, record_id, body)
            case "DELETE":
                self._delete(call, kind, [record_id] if record_id else id_list(dict(call.params), "ids"))
                return None
        raise not_found()

    def _one(self, call: Call, kind: Kind, record_id: str) -> dict[str, Any]:
        """What lists leave out by default is not found here either."""
        record = call.find(kind.key, record_id)
        leave_out = hidden(call, kind.key)
        if leave_out and leave_out(record):
            raise not_found()
        return Presenter(call).answer(kind.key, [record])

    def _create(self, call: Call, kind: Kind, body: Record) -> dict[str, Any]:
        write = _writer(kind).create
        if write is None:
            raise not_found()
        many = body.get(kind.key)
        wanted = many if isinstance(many, list) and kind.bulk > 1 else [_wrapped(kind, body)]
        if len(wanted) > kind.bulk:
            raise invalid(kind.key, f"At most {kind.bulk} can be created at once")
        made = []
        for number, one in enumerate(wanted):
            try:
                record = write(call, one)
                self._refer(call, kind, record, one)
            except ApiError as refusal:
                raise (_numbered(refusal, number) if many else refusal) from refusal
            made.append(record["id"])
        return Presenter(call).answer(kind.key, [call.known(kind.key, i) for i in made])

    def _refer(self, call: Call, kind: Kind, record: Record, body: Record) -> None:
        reference = body.get("external_reference")
        if isinstance(reference, dict) and REFERENCES in kind.assocs:
            references.attach(call, reference_subject(kind), record["id"], reference)

    def _update(self, call: Call, kind: Kind, record_id: str, body: Record) -> dict[str, Any]:
        write = _writer(kind).update
        if write is None:
            raise not_found()
        wanted = _wrapped(kind, body)
        record = write(call, call.find(kind.key, record_id), wanted)
        self._refer(call, kind, record, wanted)
        return Presenter(call).answer(kind.key, [call.known(kind.key, record["id"])])

    def _delete(self, call: Call, kind: Kind, ids: list[str]) -> None:
        write = _writer(kind).delete
        if write is None:
            raise not_found()
        if not ids:
            raise bad_request("ids is missing")
        if len(ids) > MAX_BULK_DELETE:
            raise invalid("ids", f"At most {MAX_BULK_DELETE} can be deleted at once")
        for record_id in ids:
            write(call, call.find(kind.key, record_id))


def _writer(kind: Kind) -> Writer:
    return WRITERS.get(kind.key, Writer())


def _wrapped(kind: Kind, body: Record) -> Record:
    inner = body.get(kind.singular)
    if not isinstance(inner, dict):
        raise bad_request(f"{kind.singular} is missing from the request")
    return inner


def _numbered(refusal: ApiError, number: int) -> ApiError:
    return ApiError(refusal.status, [e | {"message": f"Item {number}: {e['message']}"} for e in refusal.errors])


def _params(request: Request, body: Record) -> dict[str, str]:
    """Query and the body's own scalars, as Rails merges them; `include[]=a&include[]=b` reads like `include=a,b`."""
    params = {name: str(value) for name, value in body.items() if isinstance(value, (str, int))}
    seen: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        seen.setdefault(name.removesuffix("[]"), []).append(value)
    return params | {name: ",".join(values) for name, values in seen.items()}
