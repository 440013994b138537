"""Whose answer was lost repeats the same request, never a second one."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from cli.acting import acted
from cli.connection import Connection, ConnectionFailed, OutcomeUnknown

ASKED = {"request_id": "r-1", "dry_run": False}
NOWHERE = "http://127.0.0.1:1"


class Lambda:
    def __init__(self, error: str | None) -> None:
        self._error = error

    def invoke(self, **_: Any) -> dict[str, Any]:
        if self._error is None:
            raise ReadTimeoutError(endpoint_url=NOWHERE)
        body = json.dumps({"errorType": self._error, "errorMessage": "why"}).encode()
        return {"Payload": io.BytesIO(body), "FunctionError": "Unhandled"}


def ask(asked: Mapping[str, Any], by: str | None = None, error: str | None = None) -> None:
    acted(Connection("sandbox", NOWHERE, "t0ken", Lambda(error)), by, "write-off", "/operate/write-offs", asked)


@pytest.mark.parametrize(
    ("by", "error"), [(None, None), ("Ada", None), ("Ada", "Transient"), ("Ada", "Sandbox.Timedout")]
)
def test_a_lost_answer_tells_the_name_to_repeat_it_under(by: str | None, error: str | None) -> None:
    with pytest.raises(OutcomeUnknown, match="repeat it with --request r-1, it counts once"):
        ask(ASKED, by, error)


def test_a_refusal_says_only_why() -> None:
    with pytest.raises(ConnectionFailed, match="write-off refused: why$") as refused:
        ask(ASKED, "Ada", "BusinessException")
    assert not isinstance(refused.value, OutcomeUnknown)


@pytest.mark.parametrize("asked", [ASKED | {"dry_run": True}, {"reason": "x"}])
def test_what_writes_nothing_or_has_no_name_promises_nothing(asked: Mapping[str, Any]) -> None:
    with pytest.raises(OutcomeUnknown) as lost:
        ask(asked)
    assert "--request" not in str(lost.value)
