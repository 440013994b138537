"""After deploying: what the stacks' outputs mean for a client, and the vendors' credentials where connectors read them.

Outputs the estate understands (names of CfnOutputs, in any stack):
  ApiId or ApiUrl        the HTTP API
  <System>Connection...  the Secrets Manager name or ARN of that system's connection, e.g. NetsuiteConnectionName;
                         the word Secret is understood, too
All outputs land in estate.json's `resources` under their name in snake_case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx

from sandbox.estate.description import Estate
from sandbox.estate.emulator import Emulator
from sandbox.estate.processes import EstateError

CLIENT_ID = "billweave-estate"
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")


def snake_case(name: str) -> str:
    """TableName -> table_name, ERPQueueUrl -> erp_queue_url."""
    return "_".join(word.lower() for word in WORD.findall(name))


def resources(outputs: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Outputs by stack -> one flat mapping, without the exports CDK makes for itself.

    Raises EstateError if two stacks say different things under one name.
    """
    found: dict[str, str] = {}
    for stack, values in outputs.items():
        for key, value in values.items():
            if key.startswith(("ExportsOutput", "PublishOutput")):
                continue
            name = snake_case(key)
            if found.setdefault(name, value) != value:
                raise EstateError(f"output {key} of {stack} is already {found[name]!r} in another stack")
    return found


def api_base_url(aws: Emulator, named: Mapping[str, str]) -> str:
    """By path on the emulator's own address: a host name under localhost does not resolve everywhere. "" if no API."""
    api_id = named.get("api_id") or named.get("api_url", "").removeprefix("https://").partition(".")[0]
    return f"{aws.endpoint_url}/_aws/execute-api/{api_id}/$default" if api_id else ""


def bearer_token(issuer: Mapping[str, Any]) -> str:
    """From the issuer's token endpoint, as any client would get one. Raises EstateError if it is refused."""
    secret = issuer["clients"][CLIENT_ID]
    grant = {"grant_type": "client_credentials"}
    answer = httpx.post(issuer["token_url"], data=grant, auth=(CLIENT_ID, secret), timeout=10, trust_env=False)
    if answer.status_code != 200:
        raise EstateError(f"the issuer refused {CLIENT_ID}: {answer.status_code} {answer.text}")
    return str(answer.json()["access_token"])


def describe(
    aws: Emulator,
    deployment: str,
    outputs: Mapping[str, Mapping[str, str]],
    issuer: Mapping[str, Any],
    servers: Mapping[str, Mapping[str, Any]],
) -> Estate:
    """outputs: of the CDK CLI; issuer and servers: ready files. Raises EstateError."""
    named, told = resources(outputs), issuer["credentials"]
    client = {"client_id": CLIENT_ID, "client_secret": told["clients"][CLIENT_ID]}
    return Estate(
        aws={"endpoint_url": aws.endpoint_url, "region": aws.region, "account": aws.account},
        api={
            "base_url": api_base_url(aws, named),
            "token": bearer_token(told),
            "issuer": {"token_url": told["token_url"], "audience": told["audience"]} | client,
        },
        resources={"deployment": deployment} | named,
        systems={
            name: {key: ready[key] for key in ("base_url", "control_url", "credentials")}
            for name, ready in servers.items()
        },
    )


def connections(estate: Estate) -> None:
    """Each system's secret becomes {"base_url", "credentials"}: what an operator puts there for a real vendor.

    A system without a secret in the outputs is not deployed; nothing to do for it.
    """
    secrets = estate.client("secretsmanager")
    for system, ready in estate.systems.items():
        secret = connection_secret(estate.resources, system)
        if secret:
            text = json.dumps({"base_url": ready["base_url"], "credentials": ready["credentials"]})
            secrets.put_secret_value(SecretId=secret, SecretString=text)


def connection_secret(named: Mapping[str, str], system: str) -> str | None:
    """The one output that names the system and its connection or secret."""
    for name, value in named.items():
        words = name.split("_")
        if system in words and ("connection" in words or "secret" in words):
            return value
    return None
