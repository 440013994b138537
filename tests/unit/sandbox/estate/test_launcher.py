"""The corrections of the embedded AWS, without starting it."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

import pytest

from sandbox.estate.launcher import (
    UntriedEmulator,
    asking_routes,
    by_name,
    correct,
    corrected,
    exception_name,
    failing_at_once,
    fairly,
    known_by_arn,
    secret_name,
    with_partners,
)

LOG = """START
Traceback (most recent call last):
  File "/var/task/index.py", line 3, in handler
    raise KeyError("x")
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/var/task/index.py", line 5, in handler
    raise BusinessException("period_closed")
shared.faults.BusinessException: period_closed
"""


def failed(message: str, log: str) -> dict[str, Any]:
    return {"error": True, "log": log, "body": {"errorType": "Runtime.HandlerError", "errorMessage": message}}


def test_the_name_is_that_of_the_last_exception_without_its_module() -> None:
    assert exception_name(LOG) == "BusinessException"


def test_an_exception_without_a_message_has_a_name() -> None:
    assert exception_name("Traceback (most recent call last):\n  File x\nValueError\n") == "ValueError"


def test_a_log_without_traceback_names_nothing() -> None:
    assert exception_name("ValueError: printed by a handler, not raised") is None


def test_a_failure_gets_the_class_name_of_what_was_raised() -> None:
    answer = corrected(lambda *_: failed("period_closed", LOG))()
    assert answer["body"]["errorType"] == "BusinessException"


def test_a_dead_worker_is_an_exit_error() -> None:
    answer = corrected(lambda *_: failed("Worker process died", ""))()
    assert answer["body"]["errorType"] == "Runtime.ExitError"


def test_a_timeout_and_a_success_stay_as_they_are() -> None:
    timeout = {"error": True, "body": {"errorType": "Sandbox.Timedout", "errorMessage": "..."}, "log": LOG}
    assert corrected(lambda: dict(timeout))() == timeout
    assert corrected(lambda: {"body": {"errorType": "Runtime.HandlerError"}})() == {
        "body": {"errorType": "Runtime.HandlerError"}
    }


def test_another_release_of_the_emulator_is_refused() -> None:
    with pytest.raises(UntriedEmulator, match="1.5.34"):
        correct("1.5.34")


def test_a_secret_name_is_read_from_its_arn() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:billweave/sandbox/net-suite-1a2b3c"
    assert secret_name(arn) == "billweave/sandbox/net-suite"
    assert secret_name("billweave/sandbox/net-suite") == "billweave/sandbox/net-suite"


class Secrets:
    """The emulator's handlers of a secret, as far as they matter here: known by name."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def create(self, logical_id: str, props: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        self.names.append(props["Name"])
        return props["Name"], {"Arn": f"arn:aws:secretsmanager:us-east-1:000000000000:secret:{props['Name']}-abcdef"}

    def update(self, name: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
        assert name in self.names and new["Name"] == name
        return name, {"Arn": f"arn:aws:secretsmanager:us-east-1:000000000000:secret:{name}-abcdef"}

    def delete(self, name: str, props: dict[str, Any]) -> None:
        self.names.remove(name)


@pytest.mark.parametrize("props", [{}, {"Name": "billweave/netsuite"}])
def test_a_secret_lives_from_creation_to_deletion_under_its_arn(props: dict[str, Any]) -> None:
    theirs = Secrets()
    ours = known_by_arn({"create": theirs.create, "update": theirs.update, "delete": theirs.delete})
    physical_id, _ = ours["create"]("NetsuiteSecret1A2B", props, "stack")
    again, _ = ours["update"](physical_id, props, props | {"Description": "new"}, "stack")
    assert again == physical_id
    assert secret_name(physical_id) == theirs.names[0]
    ours["delete"](physical_id, props)
    assert theirs.names == []


def test_a_secret_without_a_name_gets_the_form_it_has_on_aws() -> None:
    theirs = Secrets()
    known_by_arn({"create": theirs.create, "update": theirs.update, "delete": theirs.delete})["create"](
        "Key1A", {}, "s"
    )
    logical_id, _, tail = theirs.names[0].partition("-")
    assert (logical_id, len(tail)) == ("Key1A", 12)


@pytest.mark.parametrize(
    ("sources", "let_through"),
    [
        (["aws.partner/salesforce.com/00D/0YL"], True),
        (["aws.partner/x", "aws.s3"], False),
        (["billweave"], False),
        ([], False),
    ],
)
def test_only_partner_sources_pass_as_the_platforms_own(sources: list[str], let_through: bool) -> None:
    asked: list[bool] = []
    with_partners(lambda body, allow_aws_source: asked.append(allow_aws_source))(
        {"Entries": [{"Source": source} for source in sources]}
    )
    assert asked == [let_through]


class Failed(Exception):
    error, cause = "Transient", "table_busy"


def test_a_function_that_fails_fails_the_state_that_waits_for_its_callback() -> None:
    waiting = {token: {"event": Event(), "error": None} for token in ("ours", "another")}

    def call(function: str, event: Any) -> Any:
        raise Failed

    with pytest.raises(Failed):
        failing_at_once(call, waiting, Failed)("open-exception", {"task_token": "ours", "step": "PostInvoice"})
    assert waiting["ours"]["error"] == {"Error": "Transient", "Cause": "table_busy"}
    assert [token for token, told in waiting.items() if told["event"].is_set()] == ["ours"]


def queue_of(*groups: str, fifo: bool = False) -> dict[str, Any]:
    messages = [
        {"id": n, "group_id": group, "receive_count": 0, "visible_at": 0.0, "sent_at": float(n)}
        for n, group in enumerate(groups)
    ]
    return {"is_fifo": fifo, "messages": messages}


def first(queue: dict[str, Any], most: int, visibility_s: int) -> list[dict[str, Any]]:
    """As the emulator collects them: the first that are visible."""
    visible = [message for message in queue["messages"] if message["visible_at"] == 0.0][:most]
    for message in visible:
        message.update(receive_count=1, visible_at=float("inf"))
    return visible


def test_a_groups_messages_come_before_those_of_one_that_has_more_in_hand() -> None:
    queue = queue_of("A", "A", "A", "A", "B", "A", "B")
    taken = [fairly(first)(queue, 1, 30)[0]["id"] for _ in range(7)]
    assert taken == [0, 4, 1, 6, 2, 3, 5]


def test_without_groups_a_queue_stays_as_it_is() -> None:
    queue = queue_of("", "", "")
    assert [fairly(first)(queue, 1, 30)[0]["id"] for _ in range(3)] == [0, 1, 2]


@pytest.mark.parametrize(("cors", "asked_of_cors"), [({}, False), ({"allowOrigins": ["*"]}, True)])
def test_options_goes_to_its_route_where_there_is_no_cors(cors: dict[str, Any], asked_of_cors: bool) -> None:
    async def handle(api_id: str, stage: str, path: str, method: str) -> tuple[bool, str]:
        return method == "OPTIONS", by_name(lambda _, name, __: name)(api_id, method, path)

    answer = asking_routes(handle, {"a": {"corsConfiguration": cors}})
    assert asyncio.run(answer("a", "$default", "/webhooks/x", "OPTIONS")) == (asked_of_cors, "OPTIONS")
