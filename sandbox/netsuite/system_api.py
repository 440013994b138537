"""/services/rest/system/v1 and the metadata catalog."""

from __future__ import annotations

import json
from typing import Any

from sandbox.kit.clock import MovedClock
from sandbox.netsuite.call import Answer, Call
from sandbox.netsuite.errors import Detail, NetSuiteError
from sandbox.netsuite.fields import Field
from sandbox.netsuite.render import self_link
from sandbox.netsuite.schema import TYPES

_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number", "format": "double"},
    "whole": {"type": "integer", "format": "int64"},
    "flag": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
}


def system_answer(call: Call, clock: MovedClock, ceiling: int | None) -> Answer:
    """serverTime has milliseconds and a Z; governanceLimits tells the account's ceiling. Raises NetSuiteError 404."""
    name = call.path.removeprefix("/system/v1/")
    if name == "serverTime":
        now = clock.now()
        return _json({"serverTime": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"})
    if name == "governanceLimits":
        return _json({"accountConcurrencyLimit": ceiling, "accountUnallocatedConcurrencyLimit": ceiling})
    raise NetSuiteError(404, Detail(f"No system resource '{name}'.", "NONEXISTENT_ID"))


def catalog_answer(call: Call, accept: str) -> Answer:
    """/record/v1/metadata-catalog: the list of types, JSON Schema of one, or OpenAPI of the selected ones."""
    root = f"{call.origin}/services/rest/record/v1/metadata-catalog"
    name = call.path.removeprefix("/record/v1/metadata-catalog").strip("/")
    wanted = [part for part in call.query.get("select", "").split(",") if part] or list(TYPES)
    if unknown := [kind for kind in ([name] if name else wanted) if kind not in TYPES]:
        raise NetSuiteError(404, Detail(f"Record type '{unknown[0]}' does not exist.", "NONEXISTENT_ID"))
    if "swagger" in accept:
        return _json(_openapi([name] if name else wanted, call.origin))
    if name:
        return _json({"$schema": "http://json-schema.org/draft-06/hyper-schema#", **record_schema(name)})
    items = [{"name": kind, "links": [{"rel": "canonical", "href": f"{root}/{kind}"}]} for kind in wanted]
    return _json({"links": self_link(root), "items": items})


def record_schema(kind: str) -> dict[str, Any]:
    properties = {"id": {"title": "Internal ID", "type": "string"}}
    shown = {name: field_schema(spec) for name, spec in TYPES[kind].fields.items()}
    return {"type": "object", "properties": properties | shown, "required": list(TYPES[kind].required)}


def field_schema(spec: Field) -> dict[str, Any]:
    shown: dict[str, Any]
    if spec.kind == "ref":
        shown = {"type": "object", "properties": {name: {"type": "string"} for name in ("id", "externalId", "refName")}}
        shown["x-ns-targets"] = list(spec.targets)
    elif spec.kind == "choice":
        code: dict[str, Any] = {"type": "string"} | ({"enum": list(spec.options)} if spec.options else {})
        shown = {"type": "object", "properties": {"id": code, "refName": {"type": "string"}}}
    elif spec.kind == "block":
        shown = {"type": "object", "properties": {name: field_schema(inner) for name, inner in spec.inner.items()}}
    elif spec.kind == "sublist":
        line = {"type": "object", "properties": {name: field_schema(inner) for name, inner in spec.inner.items()}}
        shown = {"type": "object", "properties": {"items": {"type": "array", "items": line}}}
    else:
        shown = dict(_FORMATS[spec.kind])
    return shown | ({"readOnly": True} if spec.read_only else {})


def _openapi(kinds: list[str], origin: str) -> dict[str, Any]:
    verbs = {kind: _paths(kind) for kind in kinds}
    paths = {path: operations for found in verbs.values() for path, operations in found.items()}
    schemas = {kind: record_schema(kind) for kind in kinds}
    info = {"title": "NetSuite REST Record API", "version": "v1"}
    servers = [{"url": f"{origin}/services/rest/record/v1"}]
    return {"openapi": "3.0.1", "info": info, "servers": servers, "paths": paths, "components": {"schemas": schemas}}


def _paths(kind: str) -> dict[str, Any]:
    done = {"responses": {"204": {"description": "No Content"}}}
    read = {"responses": {"200": {"description": "OK"}}}
    return {
        f"/{kind}": {"get": read, "post": done},
        f"/{kind}/{{id}}": {"get": read, "patch": done, "put": done, "delete": done},
    }


def _json(body: Any) -> Answer:
    return Answer(200, json.dumps(body), {"Content-Type": "application/json"})
