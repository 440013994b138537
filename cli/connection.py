"""A deployment to talk to: it reads by the experience API and acts by the operations functions, never by tables.

Locally both are told by the estate's file; on AWS by the deployment's name and an AWS profile, the API's address being
an output of its experience stack and the token BILLWEAVE_API_TOKEN, or fetched with BILLWEAVE_TOKEN_URL,
BILLWEAVE_CLIENT_ID and BILLWEAVE_CLIENT_SECRET. The AWS and HTTP clients are imported when first used: commands that need
neither start without them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

READ_TIMEOUT_S = 35
REFUSALS = ("BusinessException", "Poison")
"""The ends of an operation that said no; any other leaves open what was done."""


class ConnectionFailed(Exception):
    """The deployment cannot be reached, or said no: the message names the place and the remedy."""


class OutcomeUnknown(ConnectionFailed):
    """What was asked may have been done: its answer was lost, or says nothing of it."""


@dataclass(frozen=True)
class Connection:
    """deployment: its name in infra/deployments. token: a bearer token for the API."""

    deployment: str
    api_url: str
    token: str = field(repr=False)
    aws: Any
    """A boto3 Lambda client."""

    def read(self, path: str, **query: str | None) -> dict[str, Any]:
        """GET of one route. Raises ConnectionFailed with the API's own words."""
        return self._asked("GET", path, params={name: value for name, value in query.items() if value is not None})

    def ask(self, path: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """POST of a question too long for a query: it reads like any other."""
        return self._asked("POST", path, json=question)

    def _asked(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        import httpx

        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.api_url}{path}"
        try:
            answer = httpx.request(method, url, headers=headers, timeout=READ_TIMEOUT_S, **content)
        except httpx.HTTPError as exc:
            raise OutcomeUnknown(f"the API at {self.api_url} does not answer: {exc}") from exc
        # Who may act is the policies' to say, in words; the gateway has none.
        in_words = "problem+json" in answer.headers.get("content-type", "")
        if answer.status_code in (401, 403) and not in_words:
            raise ConnectionFailed(f"the API refused the token ({answer.status_code}): get a new one, see docs/cli.md")
        if answer.status_code >= 500:
            raise OutcomeUnknown(_words(answer))
        if answer.status_code != 200:
            raise ConnectionFailed(_words(answer))
        found: dict[str, Any] = answer.json()
        return found

    def act(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Invokes one operations function ("start-billing"). Raises ConnectionFailed with the function's own words."""
        name = f"billweave-{self.deployment}-{operation}"
        from botocore.exceptions import BotoCoreError

        try:
            answer = self.aws.invoke(FunctionName=name, Payload=json.dumps(payload).encode())
        except BotoCoreError as exc:
            raise OutcomeUnknown(f"{operation} does not answer: {exc}") from exc
        body = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            failed = ConnectionFailed if body.get("errorType") in REFUSALS else OutcomeUnknown
            raise failed(f"{operation} refused: {body.get('errorMessage', body)}")
        found: dict[str, Any] = body
        return found


def of_estate(state_dir: Path) -> Connection:
    """The local estate's. Raises ConnectionFailed if none is up."""
    import boto3

    try:
        told = json.loads((state_dir / "estate.json").read_text())
    except FileNotFoundError as exc:
        raise ConnectionFailed(f"no estate is up in {state_dir}: `billweave up` starts one") from exc
    aws = boto3.client(
        "lambda",
        endpoint_url=told["aws"]["endpoint_url"],
        region_name=told["aws"]["region"],
        aws_access_key_id=told["aws"]["account"],
        aws_secret_access_key="local",
        config=_aws_config(),
    )
    return Connection(told["resources"]["deployment"], told["api"]["base_url"], told["api"]["token"], aws)


def of_deployment(deployment: str, profile: str | None, region: str | None) -> Connection:
    """A deployment on AWS. Raises ConnectionFailed naming what is not set."""
    import boto3

    session = boto3.Session(profile_name=profile, region_name=region)
    stacks = session.client("cloudformation", config=_aws_config())
    try:
        described = stacks.describe_stacks(StackName=f"billweave-{deployment}-experience")["Stacks"][0]
    except stacks.exceptions.ClientError as exc:
        raise ConnectionFailed(f"no deployment {deployment!r} in this account and region: {exc}") from exc
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    if "ApiUrl" not in outputs:
        raise ConnectionFailed(f"the experience stack of {deployment!r} has no output ApiUrl: deploy it again")
    return Connection(
        deployment, outputs["ApiUrl"].rstrip("/"), _token(), session.client("lambda", config=_aws_config())
    )


def _aws_config() -> Any:
    from botocore.config import Config

    return Config(connect_timeout=5, read_timeout=90, retries={"max_attempts": 3})


def _token() -> str:
    import httpx

    if token := os.environ.get("BILLWEAVE_API_TOKEN"):
        return token
    names = ("BILLWEAVE_TOKEN_URL", "BILLWEAVE_CLIENT_ID", "BILLWEAVE_CLIENT_SECRET")
    url, client_id, secret = (os.environ.get(name, "") for name in names)
    if not (url and client_id and secret):
        raise ConnectionFailed(f"no token for the API: set BILLWEAVE_API_TOKEN, or {', '.join(names)}")
    answer = httpx.post(url, data={"grant_type": "client_credentials"}, auth=(client_id, secret), timeout=20)
    if answer.status_code != 200:
        raise ConnectionFailed(f"the identity provider refused the client ({answer.status_code})")
    return str(answer.json()["access_token"])


def _words(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        return f"the API answered {answer.status_code}"
    facts = ", ".join(f"{k}={v}" for k, v in told.items() if k not in ("title", "status", "statusCode"))
    return f"{told.get('title', told.get('message', answer.status_code))}{': ' + facts if facts else ''}"
