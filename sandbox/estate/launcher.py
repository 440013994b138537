"""Start the embedded AWS with six corrections, in this process: `python -m sandbox.estate.launcher`.

1. The emulator's local executor names every exception `Runtime.HandlerError`, and so no Retry or Catch of a state
   machine would ever match one by name. The class name is taken from the traceback in the worker's log instead, as AWS
   does, and a worker that died becomes `Runtime.ExitError`.
2. In a template, `Ref` of a secret is its ARN on AWS and its name here. CDK cuts names and policies out of that ARN, and
   a stack that does so could not be deployed ("Fn::Select cannot select nonexistent value at index 6").
3. A vendor's partner events, whose source begins `aws.partner/`, reach a bus on AWS through the vendor's own account.
   Here that account is missing and every source that begins `aws.` is refused; a simulator may put partner events.
4. A function that is invoked with a task token and fails leaves its state waiting for the token until the timeout, thirty
   days for an exception. On AWS the task fails at once, and is retried.
5. A standard queue whose messages have a group is fair on AWS: while one group has many in hand, another's messages come
   first. Here they came as they were sent, and a thousand invoices of one legal entity held up the next one's.
6. OPTIONS is answered as CORS asks, and without CORS refused. On AWS an API without CORS hands it to the route that has
   it: a vendor's handshake.

Only for the one release this was tried with: another is refused. Port, host and the rest come from the emulator's own
environment variables; see emulator.py.
"""

from __future__ import annotations

import gc
import re
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from sandbox.estate.workers import raise_workers

TRIED_WITH = "1.5.33"
EXCEPTION_LINE = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?([A-Za-z_]\w*)(?::|$)")

Execute = Callable[..., Any]
Properties = dict[str, Any]


class UntriedEmulator(Exception):
    """The installed emulator is not the release the correction was written for."""


def exception_name(log: str) -> str | None:
    """The class name of the last exception in the last traceback of a worker's log; None if there is no traceback."""
    before, marker, last = log.rpartition("Traceback (most recent call last):")
    if not marker:
        return None
    found = None
    for line in last.splitlines():
        if line[:1].strip() and (hit := EXCEPTION_LINE.match(line)):
            found = hit[1]
    return found


def corrected(execute: Execute) -> Execute:
    """`execute` answers {"body", "error"?, "log"?}; a failed one gets the error type AWS would report."""

    def warm(*args: Any, **kwargs: Any) -> dict[str, Any]:
        answer: dict[str, Any] = execute(*args, **kwargs)
        body = answer.get("body")
        if answer.get("error") and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
            if body.get("errorMessage") == "Worker process died":
                body["errorType"] = "Runtime.ExitError"
            else:
                body["errorType"] = exception_name(answer.get("log") or "") or "Runtime.HandlerError"
        return answer

    return warm


def secret_name(physical_id: str) -> str:
    """arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters> -> <name>; a name stays itself."""
    return physical_id.split(":", 6)[6].rpartition("-")[0] if physical_id.startswith("arn:") else physical_id


def known_by_arn(handlers: dict[str, Execute]) -> dict[str, Execute]:
    """The emulator's handlers of AWS::SecretsManager::Secret, with the ARN as the physical id instead of the name.

    create and update answer (physical id, attributes); the attributes hold Arn. A secret the template gives no name
    is called `<logical id>-<12 characters>`, as on AWS, because CDK counts on that form.
    """

    def create(logical_id: str, props: Properties, *args: Any, **kwargs: Any) -> tuple[str, dict[str, str]]:
        named = {"Name": f"{logical_id}-{uuid.uuid4().hex[:12]}"} | props
        _, attributes = handlers["create"](logical_id, named, *args, **kwargs)
        return attributes["Arn"], attributes

    def update(
        physical_id: str, old: Properties, new: Properties, *args: Any, **kwargs: Any
    ) -> tuple[str, dict[str, str]]:
        name = secret_name(physical_id)
        kept = {"Name": name} | new if "Name" not in old else new
        _, attributes = handlers["update"](name, old, kept, *args, **kwargs)
        return attributes["Arn"], attributes

    def delete(physical_id: str, *args: Any, **kwargs: Any) -> Any:
        return handlers["delete"](secret_name(physical_id), *args, **kwargs)

    return handlers | {"create": create, "update": update, "delete": delete}


def with_partners(put_events: Execute) -> Execute:
    """`put_events` takes the body of PutEvents; one that holds only partner sources is let through."""

    def put(body: dict[str, Any], allow_aws_source: bool = False) -> Any:
        sources = [str(entry.get("Source", "")) for entry in body.get("Entries", [])]
        partner = bool(sources) and all(source.startswith("aws.partner/") for source in sources)
        return put_events(body, allow_aws_source=allow_aws_source or partner)

    return put


def failing_at_once(call: Execute, waiting: dict[str, Properties], failure: type[Exception]) -> Execute:
    """`call` invokes a function with (name, event). waiting: by task token; `failure` carries .error and .cause."""

    def invoke(function: str, event: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(function, event, *args, **kwargs)
        except failure as exc:
            given = event.values() if isinstance(event, dict) else ()
            for token in [value for value in given if isinstance(value, str) and value in waiting]:
                waiting[token]["error"] = {"Error": getattr(exc, "error", ""), "Cause": getattr(exc, "cause", "")}
                waiting[token]["event"].set()
            raise

    return invoke


def fairly(collect: Execute) -> Execute:
    """`collect` takes (queue, how many, visibility in seconds) and gives the first visible messages of the queue."""

    def take(queue: Properties, most: int, visibility_s: int) -> Any:
        messages = queue["messages"]
        if not queue["is_fifo"] and len({message.get("group_id") for message in messages}) > 1:
            now = time.time()
            in_hand = Counter(
                message.get("group_id")
                for message in messages
                if message.get("receive_count") and message["visible_at"] > now
            )
            messages.sort(key=lambda message: (in_hand[message.get("group_id")], message["sent_at"]))
        return collect(queue, most, visibility_s)

    return take


class Routed(str):
    """A method that is no question of CORS: not equal to its own name until a route is looked for."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


def asking_routes(handle: Execute, apis: dict[str, Properties]) -> Execute:
    """`handle` answers a request to (api, stage, path, method, ...); `apis` holds each API's corsConfiguration."""

    async def answer(api_id: str, stage: str, path: str, method: str, *args: Any, **kwargs: Any) -> Any:
        cors = (apis.get(api_id) or {}).get("corsConfiguration")
        asked = Routed(method) if method == "OPTIONS" and not cors else method
        return await handle(api_id, stage, path, asked, *args, **kwargs)

    return answer


def by_name(match: Execute) -> Execute:
    """`match` finds the route of (api, method, path)."""
    return lambda api_id, method, path: match(api_id, str(method), path)


def correct(installed: str) -> None:
    """Raises UntriedEmulator unless `installed` is the release this was tried with."""
    if installed != TRIED_WITH:
        raise UntriedEmulator(
            f"ministack {installed} is installed, the correction was tried with {TRIED_WITH}: "
            "run tests/estate against the new one, then change TRIED_WITH"
        )
    from ministack.services import apigateway, eventbridge, lambda_svc, sqs, stepfunctions
    from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

    secret = "AWS::SecretsManager::Secret"
    _RESOURCE_HANDLERS[secret] = known_by_arn(_RESOURCE_HANDLERS[secret])
    lambda_svc._execute_function_warm = corrected(lambda_svc._execute_function_warm)
    sqs._collect_msgs = fairly(sqs._collect_msgs)
    apigateway._match_route = by_name(apigateway._match_route)
    apigateway._handle_execute_in_scope = asking_routes(apigateway._handle_execute_in_scope, apigateway._apis)
    eventbridge._put_events = with_partners(eventbridge._put_events)
    stepfunctions._call_lambda = failing_at_once(
        stepfunctions._call_lambda, stepfunctions._task_tokens, stepfunctions._ExecutionError
    )


def collect_rarely() -> None:
    """The emulator keeps every row it was given, and looking through all of them for garbage took a quarter of its time."""
    gc.set_threshold(50_000, 50, 1_000)


def read_once() -> None:
    """The emulator parses a condition anew for every row it holds it against, which took a seventh of its time."""
    from ministack.services import dynamodb

    dynamodb._condition_syntax_error = lru_cache(maxsize=4096)(dynamodb._condition_syntax_error)


def main() -> None:
    collect_rarely()
    correct(version("ministack"))
    read_once()
    raise_workers()
    from ministack.app import main as serve

    sys.argv = ["ministack"]
    serve()


if __name__ == "__main__":
    main()
