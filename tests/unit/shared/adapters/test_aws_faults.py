"""AWS's refusals: what passes by waiting, what is not there, what has to be tried again."""

from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from shared.adapters.aws_faults import aws_faults
from shared.faults import BusinessException, Fault, Throttled, Transient
from tests.unit.shared.adapters.scripted import refusal


def fault(error: Exception, missing: str | None = None) -> Fault:
    with pytest.raises(Fault) as caught, aws_faults(missing=missing, key="k"):
        raise error
    return caught.value


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "ProvisionedThroughputExceededException", "SlowDown", "TooManyRequestsException"]
)
def test_throttling_is_throttled(code: str) -> None:
    assert isinstance(fault(refusal(code)), Throttled)


@pytest.mark.parametrize(
    "error",
    [
        refusal("InternalServerError", 500),
        refusal("ServiceUnavailable", 503),
        EndpointConnectionError(endpoint_url="http://x"),
        ReadTimeoutError(endpoint_url="http://x"),
    ],
)
def test_no_answer_and_aws_trouble_are_transient(error: Exception) -> None:
    assert isinstance(fault(error), Transient)


@pytest.mark.parametrize("code", ["NoSuchKey", "404", "ResourceNotFoundException", "ParameterNotFound"])
def test_what_is_not_there_is_the_callers_business_exception(code: str) -> None:
    missing = fault(refusal(code), missing="document_missing")
    assert isinstance(missing, BusinessException)
    assert (missing.code, missing.facts) == ("document_missing", {"key": "k"})


def test_a_refusal_nobody_expects_is_tried_again_and_named() -> None:
    unexpected = fault(refusal("AccessDeniedException", operation="PutItem"))
    assert isinstance(unexpected, Transient)
    assert unexpected.facts == {"aws_code": "AccessDeniedException", "operation": "PutItem", "key": "k"}


def test_our_own_faults_pass_as_they_are() -> None:
    ours = BusinessException("mine")
    assert fault(ours) is ours
