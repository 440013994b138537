"""AWS clients that answer by a script, for what neither moto nor the embedded AWS does on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


def refusal(code: str, status: int = 400, operation: str = "Operation", **more: Any) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "hush"}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(answer, operation)


class Scripted:
    """Every call takes the next answer of its script; an exception is raised. calls: what was asked."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**asked: Any) -> Any:
            self.calls.append((name, asked))
            answer = self._answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call
