"""Policies: one SSM parameter with Policies as JSON, read again every minute, validated before use.

The JSON stands there as it is or, past what a parameter holds, as "deflate:" and base64 of the deflated text.
"""

from __future__ import annotations

import base64
import binascii
import time
import zlib
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.adapters.aws_faults import aws_faults
from shared.domain.policies import Policies
from shared.faults import Fault, Transient

FRESH_S = 60.0
PACKED = "deflate:"


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
            return TypeAdapter(Policies).validate_json(unpacked(text))
        except ValidationError as error:
            wrong = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            raise Transient("policies_unreadable", parameter=self._parameter, where=wrong) from None
        except (binascii.Error, zlib.error) as error:
            raise Transient("policies_unreadable", parameter=self._parameter, where="packing") from error


def unpacked(text: str) -> bytes:
    """Raises binascii.Error or zlib.error for what was cut off or mistyped."""
    if not text.startswith(PACKED):
        return text.encode()
    return zlib.decompress(base64.b64decode(text.removeprefix(PACKED), validate=True))
