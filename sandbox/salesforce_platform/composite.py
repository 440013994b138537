"""Several calls in one: composite (25), batch (25) and graph (500 nodes).

Source: vendors/salesforce.md, section 5.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.salesforce_platform.call import Answer, Call
from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Actor, Org

_MOST, _MOST_LARGE, _MOST_NODES = 25, 5, 500
_REFERENCE = re.compile(r"@\{([\w]+)((?:\.\w+|\[\d+\])*)\}")
Dispatch = Callable[[Call], Answer]


class _Halted(Exception):
    """Takes back a composite whose every step must succeed."""


class Composite:
    def __init__(self, org: Org, dispatch: Dispatch) -> None:
        self._org, self._dispatch = org, dispatch

    def composite(self, call: Call) -> Answer:
        document = call.document()
        steps = _steps(document.get("compositeRequest"), _MOST)
        large = [s for s in steps if re.search(r"/(query|queryAll|composite/sobjects)(/|\?|$)", str(s.get("url")))]
        if len(large) > _MOST_LARGE:
            raise _limit(f"Limit of {_MOST_LARGE} query and collection subrequests exceeded")
        answers, _ = self._run(call, steps, document.get("allOrNone") is True)
        return Answer(200, {"compositeResponse": answers})

    def graph(self, call: Call) -> Answer:
        graphs = call.document().get("graphs")
        if not isinstance(graphs, list) or not all(isinstance(graph, dict) for graph in graphs):
            raise ApiError(400, "JSON_PARSER_ERROR", "graphs must be a list of objects")
        if sum(len(_steps(graph.get("compositeRequest"), _MOST_NODES)) for graph in graphs) > _MOST_NODES:
            raise _limit(f"Limit of {_MOST_NODES} nodes exceeded")
        made = []
        for graph in graphs:
            answers, good = self._run(call, graph["compositeRequest"], True)
            result = {"graphId": graph.get("graphId"), "graphResponse": {"compositeResponse": answers}}
            made.append(result | {"isSuccessful": good})
        return Answer(200, {"graphs": made})

    def batch(self, call: Call) -> Answer:
        document = call.document()
        steps = _steps(document.get("batchRequests"), _MOST)
        results: list[dict[str, Any]] = []
        halted = False
        for step in steps:
            if halted:
                body = ApiError(412, "BATCH_PROCESSING_HALTED", "Batch processing was halted").body()
                results.append({"statusCode": 412, "result": body})
                continue
            answer = self._one(call, str(step.get("method", "GET")), str(step["url"]), step.get("richInput"), {})
            results.append({"statusCode": answer.status, "result": answer.body})
            halted = answer.status >= 400 and document.get("haltOnError") is True
        return Answer(200, {"hasErrors": any(r["statusCode"] >= 400 for r in results), "results": results})

    def _run(self, call: Call, steps: list[dict[str, Any]], all_or_none: bool) -> tuple[list[dict[str, Any]], bool]:
        """The answers in order, and whether all are good; with all_or_none a bad one takes back the others."""
        answers: list[dict[str, Any]] = []
        bodies: dict[str, Any] = {}
        if not all_or_none:
            for step in steps:
                answers.append(self._step(call, step, bodies))
            return answers, all(one["httpStatusCode"] < 400 for one in answers)
        try:
            with self._org.transaction(call.actor):
                for step in steps:
                    answers.append(self._step(call, step, bodies))
                    if answers[-1]["httpStatusCode"] >= 400:
                        raise _Halted
        except _Halted:
            return [_halted(step) if i != len(answers) - 1 else answers[-1] for i, step in enumerate(steps)], False
        return answers, True

    def _step(self, call: Call, step: dict[str, Any], bodies: dict[str, Any]) -> dict[str, Any]:
        reference = step.get("referenceId")
        try:
            url, body = _resolved(step.get("url", ""), bodies), _resolved(step.get("body"), bodies)
            answer = self._one(call, str(step.get("method", "")), url, body, step.get("httpHeaders") or {})
        except ApiError as error:
            answer = Answer(error.status, error.body())
        if reference and answer.status < 300:
            bodies[str(reference)] = answer.body
        return {
            "body": answer.body,
            "httpHeaders": dict(answer.headers),
            "httpStatusCode": answer.status,
            "referenceId": reference,
        }

    def _one(self, call: Call, method: str, url: str, body: Any, headers: dict[str, str]) -> Answer:
        """A subrequest through the same door. Batch writes its paths without `/services/data/`."""
        parts = urlsplit(url)
        match = re.fullmatch(r"/?(?:services/data/)?v(\d+\.\d)/(.*)", parts.path)
        if match is None:
            return Answer(404, ApiError(404, "NOT_FOUND", "The requested resource does not exist").body())
        if re.match(r"composite/?(graph|batch|tree)?/?$", match.group(2)):
            return Answer(400, ApiError(400, "INVALID_OPERATION", "a composite cannot hold a composite").body())
        actor = Actor(call.actor.user_id, call.actor.client, match.group(1))
        segments = tuple(unquote(part) for part in match.group(2).split("/") if part)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        lower = dict(call.headers) | {name.lower(): value for name, value in headers.items()}
        return self._dispatch(Call(method.upper(), segments, query, lower, body, actor))


def _steps(given: Any, most: int) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(_is_step(one) for one in given):
        raise ApiError(400, "JSON_PARSER_ERROR", "the list of subrequests is missing or malformed")
    if len(given) > most:
        raise _limit(f"Limit of {most} subrequests exceeded")
    return given


def _is_step(one: Any) -> bool:
    return isinstance(one, dict) and "url" in one and isinstance(one.get("httpHeaders") or {}, dict)


def _limit(text: str) -> ApiError:
    return ApiError(400, "LIMIT_EXCEEDED", text)


def _halted(step: dict[str, Any]) -> dict[str, Any]:
    text = "The transaction was rolled back since another operation in the same transaction failed."
    body = ApiError(400, "PROCESSING_HALTED", text).body()
    return {"body": body, "httpHeaders": {}, "httpStatusCode": 400, "referenceId": step.get("referenceId")}


def _resolved(value: Any, bodies: dict[str, Any]) -> Any:
    """The value with every `@{ref.path}` replaced. Raises PROCESSING_HALTED for a reference that has no answer."""
    if isinstance(value, dict):
        return {name: _resolved(one, bodies) for name, one in value.items()}
    if isinstance(value, list):
        return [_resolved(one, bodies) for one in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _looked_up(whole, bodies)
    return _REFERENCE.sub(lambda match: str(_looked_up(match, bodies)), value)


def _looked_up(match: re.Match[str], bodies: dict[str, Any]) -> Any:
    found = bodies.get(match.group(1))
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", match.group(2)):
        if index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        elif isinstance(found, dict) and name:
            found = next((value for key, value in found.items() if key.lower() == name.lower()), None)
        else:
            found = None
    if found is None:
        raise ApiError(400, "PROCESSING_HALTED", f"Invalid reference specified. No value for {match.group(0)} found")
    return found
