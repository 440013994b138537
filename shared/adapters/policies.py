"""Policies: one SSM parameter with Policies as JSON, read again every minute, validated before use."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.adapters.aws_faults import aws_faults
from shared.domain.policies import Policies
from shared.faults import Fault, Transient

FRESH_S = 60.0


class SsmPolicyBook:
    """A change that does not validate, or cannot be read, leaves the last good version in force for this process.

    Without one, current() raises Transient("policies_unreadable"): what needs them waits until they are put right.
    """

    def __init__(self, client: Any, parameter: str, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._client, self._parameter, self._elapsed = client, parameter, elapsed
        self._policies: Policies | None = None
        self._read_at = 0.0

    def current(self) -> Policies:
        if self._policies is None or self._elapsed() - self._read_at >= FRESH_S:
            self._policies, self._read_at = self._newest(), self._elapsed()
        return self._policies

    def _newest(self) -> Policies:
        try:
            return self._read()
        except Fault:
            if self._policies is None:
                raise
            return self._policies

    def _read(self) -> Policies:
        with aws_faults(parameter=self._parameter):
            text = self._client.get_parameter(Name=self._parameter, WithDecryption=True)["Parameter"]["Value"]
        try:
            return TypeAdapter(Policies).validate_json(text)
        except ValidationError as error:
            wrong = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            raise Transient("policies_unreadable", parameter=self._parameter, where=wrong) from None
