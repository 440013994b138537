"""The embedded AWS with a meter: `python -m bench.counting_launcher`, in place of sandbox.estate.launcher.

Nothing of the fabric is touched. Counted are the requests that reach the emulator's services, and what AWS bills for
though no request is seen here: messages that rules and state machines send, what event source mappings receive and
delete, states entered, calls of functions. `GET /_bench/usage` tells the counters since the start (usage.py reads them).
"""

from __future__ import annotations

import functools
import json
import math
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import version
from typing import Any

from sandbox.estate import launcher

USAGE_PATH = "/_bench/usage"
NOT_OURS = "billweave-bench"
"""In the user agent of the bench's own requests, which are not counted."""
CHUNK_BYTES = 65_536
READS = frozenset({"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"})
PUMPED = frozenset({"GetQueueAttributes", "FilterLogEvents", "PutMetricData", "DescribeLogGroups", "ListQueues"})
"""Only the sandbox's metrics pump, the command line and the bench ask these; no function does in normal work."""

Handle = Callable[..., Awaitable[tuple[int, Any, Any]]]


class Meter:
    """Thread-safe counters by name: "requests:<service>.<operation>", "units:<what>"."""

    def __init__(self) -> None:
        self._lock, self._counts = threading.Lock(), Counter[str]()

    def add(self, name: str, amount: float = 1) -> None:
        with self._lock:
            self._counts[name] += amount  # type: ignore[assignment]

    def told(self) -> dict[str, float]:
        with self._lock:
            return dict(self._counts)


METER = Meter()


def operation(method: str, headers: Mapping[str, str], query: Mapping[str, Any]) -> str:
    target = str(headers.get("x-amz-target", ""))
    action = query.get("Action")
    return target.rpartition(".")[2] or (str(action[0] if isinstance(action, list) else action) if action else method)


def counted(service: str, handle: Handle) -> Handle:
    """A service's handle_request that counts, and for the table asks what each request consumed."""

    @functools.wraps(handle)
    async def metered(method: str, path: str, headers: Any, body: bytes, query: Any) -> tuple[int, Any, Any]:
        told = {str(name).lower(): value for name, value in headers.items()}
        name = operation(method, told, query or {})
        if NOT_OURS in str(told.get("user-agent", "")) or name in PUMPED or is_partners(name, body):
            return await handle(method, path, headers, body, query)
        METER.add(f"requests:{service}.{name}")
        if service == "dynamodb":
            body = with_consumed(body)
        answer = await handle(method, path, headers, body, query)
        if service == "dynamodb":
            count_capacity(name, body, answer)
        elif service == "events" and name == "PutEvents":
            entries = json.loads(body)["Entries"]
            METER.add("units:eventbridge_events", sum(chunks(len(json.dumps(entry))) for entry in entries))
        elif service == "sqs":
            METER.add("units:sqs_requests", chunks(len(body)))
        return answer

    return metered


def is_partners(name: str, body: bytes) -> bool:
    """A vendor's own events, which its simulator puts on the partner bus."""
    return name == "PutEvents" and all(
        e.get("Source", "").startswith("aws.partner/") for e in json.loads(body)["Entries"]
    )


def chunks(size: int) -> int:
    return max(1, math.ceil(size / CHUNK_BYTES))


def with_consumed(body: bytes) -> bytes:
    try:
        return json.dumps(json.loads(body) | {"ReturnConsumedCapacity": "INDEXES"}).encode()
    except ValueError:
        return body


def count_capacity(name: str, body: bytes, answer: tuple[int, Any, Any]) -> None:
    """A refused write consumes as well; its size is not told, so the least there is: one unit an item, two in a
    transaction."""
    kind = "rru" if name in READS else "wru"
    try:
        told = json.loads(answer[2])
    except (TypeError, ValueError):
        return
    if answer[0] >= 400:
        if kind == "wru":
            items = len(json.loads(body).get("TransactItems", ()))
            METER.add("units:dynamodb_wru", 2 * items if items else 1)
            METER.add("units:dynamodb_refused_writes")
        return
    consumed = told.get("ConsumedCapacity") or []
    for each in consumed if isinstance(consumed, list) else [consumed]:
        METER.add(f"units:dynamodb_{kind}", float(each["CapacityUnits"]))


def also_counting(function: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    """`function`, after which `note(result, *arguments)` counts."""

    @functools.wraps(function)
    def both(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        note(result, *args)
        return result

    return both


def metered_call(execute: Callable[..., Any]) -> Callable[..., Any]:
    """A function's run: its seconds times its memory, and what it logged."""

    def run(function: Any, *args: Any, **kwargs: Any) -> Any:
        config = function.get("config") or function
        began = time.perf_counter()
        answer = execute(function, *args, **kwargs)
        took_s = time.perf_counter() - began
        name = str(config.get("FunctionName", "unknown"))
        METER.add(f"calls:{name}")
        METER.add(f"seconds:{name}", took_s)
        METER.add("units:lambda_requests")
        METER.add("units:lambda_gb_s", took_s * int(config.get("MemorySize", 128)) / 1024)
        METER.add("units:log_bytes", len(str(answer.get("log") or "")))
        return answer

    return run


def _received(batch: Any, *_: Any) -> None:
    if batch:
        METER.add("units:sqs_requests")
        METER.add("requests:sqs.ReceiveMessage (mapping, with messages)")


def _deleted(_: Any, __: str, handles: Any) -> None:
    if handles:
        METER.add("units:sqs_requests")
        METER.add("requests:sqs.DeleteMessageBatch (mapping)")


def _sent_by(whom: str) -> Callable[..., None]:
    def note(*_: Any) -> None:
        METER.add("units:sqs_requests")
        METER.add(f"requests:sqs.SendMessage ({whom})")

    return note


def _entered(*_: Any) -> None:
    METER.add("units:state_transitions")


def _ended_state(_: Any, __: Any, kind: str, *___: Any) -> None:
    if kind in ("SucceedStateEntered", "FailStateEntered"):
        METER.add("units:state_transitions")
    elif kind == "ExecutionSucceeded":
        METER.add("units:executions_ended")


def install() -> None:
    """After the launcher's corrections, before the emulator serves."""
    from ministack import app
    from ministack.services import dynamodb, eventbridge, lambda_svc, s3, secretsmanager, sqs, ssm, stepfunctions

    for service, module in {
        "dynamodb": dynamodb, "events": eventbridge, "s3": s3, "secretsmanager": secretsmanager, "sqs": sqs,
        "ssm": ssm, "states": stepfunctions, "lambda": lambda_svc,
    }.items():  # fmt: skip
        module.handle_request = counted(service, module.handle_request)
    lambda_svc._execute_function_warm = metered_call(lambda_svc._execute_function_warm)
    sqs._receive_messages_for_esm = also_counting(sqs._receive_messages_for_esm, _received)
    sqs._delete_messages_for_esm = also_counting(sqs._delete_messages_for_esm, _deleted)
    eventbridge._dispatch_to_sqs = also_counting(eventbridge._dispatch_to_sqs, _sent_by("rule"))
    sent = also_counting(stepfunctions._invoke_sqs_send_message, _sent_by("state machine"))
    for prefix, handler in stepfunctions._SERVICE_DISPATCH.items():
        if handler is stepfunctions._invoke_sqs_send_message:
            stepfunctions._SERVICE_DISPATCH[prefix] = sent
    for kind in ("pass", "task", "choice", "wait", "parallel", "map"):
        name = f"_execute_{kind}"
        setattr(stepfunctions, name, also_counting(getattr(stepfunctions, name), _entered))
    stepfunctions._add_event = also_counting(stepfunctions._add_event, _ended_state)
    app.app = telling(app.app)


def telling(served: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The emulator's application, which also tells the counters."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != USAGE_PATH:
            await served(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(METER.told()).encode()})

    return application


def main() -> None:
    launcher.correct(version("ministack"))
    install()
    from ministack.app import main as serve

    sys.argv = ["ministack"]
    serve()


if __name__ == "__main__":
    main()
