"""What AWS says -> our faults. The one table; every adapter's calls stand inside `aws_faults`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.faults import BusinessException, Fault, Throttled, Transient

BUSY = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
MISSING = frozenset(
    {
        "404",
        "NoSuchKey",
        "ParameterNotFound",
        "ResourceNotFoundException",
    }
)


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def aws_faults(*, missing: str | None = None, **facts: str) -> Iterator[None]:
    """missing: the code of the BusinessException when the thing asked for is not there.

    Throttling is Throttled("aws_busy"); no answer and an AWS failure are Transient. So is a refusal we do not expect, a
    missing permission or a malformed request: the message is tried again and ends in its DLQ, where it is seen.
    """
    try:
        yield
    except ClientError as error:
        raise fault_of(error, missing, facts) from error
    except BotoCoreError as error:
        raise Transient("aws_unreachable", cause=type(error).__name__, **facts) from error


def fault_of(error: ClientError, missing: str | None, facts: dict[str, str]) -> Fault:
    code = error_code(error)
    status: Any = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    shown = {"aws_code": code, "operation": error.operation_name, **facts}
    if missing and code in MISSING:
        return BusinessException(missing, **facts)
    if code in BUSY:
        return Throttled("aws_busy", 1, **shown)
    if status >= 500:
        return Transient("aws_unavailable", **shown)
    return Transient("aws_refused", **shown)
