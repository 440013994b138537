"""After deploying: what the stacks' outputs mean for a client, and the vendors' credentials where connectors read them.

Outputs the estate understands:
  ApiId or ApiUrl            the HTTP API
  ConnectionName             in the stack of a system: the name of that system's secret
  Pacer                  the function that hands out polls, by name
All outputs land in estate.json's `resources`; see `resources` for their names there.
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
from sandbox.estate.registered import pushing

CLIENT_ID = "billweave-estate"
PUSHING = pushing()
MADE_BY_CDK = ("ExportsOutput", "PublishOutput")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")


def snake_case(name: str) -> str:
    """TableName -> table_name, ERPQueueUrl -> erp_queue_url."""
    return "_".join(word.lower() for word in WORD.findall(name))


def resources(outputs: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Outputs by stack -> one flat mapping: TableName -> table, ApiId -> api_id; exports CDK makes for itself are left out.

    A name that several stacks use for different things is told apart by the last part of the stack's name:
    ConnectionName of billweave-sandbox-netsuite -> netsuite_connection.
    """
    said: dict[str, dict[str, str]] = {}
    for stack, values in outputs.items():
        for key, value in values.items():
            if not key.startswith(MADE_BY_CDK):
                said.setdefault(snake_case(key).removesuffix("_name"), {})[stack] = value
    found: dict[str, str] = {}
    for name, by_stack in said.items():
        alike = len(set(by_stack.values())) == 1
        found |= {name if alike else f"{_last_word(stack)}_{name}": value for stack, value in by_stack.items()}
    return found


def _last_word(stack: str) -> str:
    return snake_case(stack.rpartition("-")[2])


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
    webhook_secret: str,
) -> Estate:
    """outputs: of the CDK CLI; issuer and servers: ready files; webhook_secret: what a vendor's own URL ends in.

    Raises EstateError.
    """
    named, told = resources(outputs), issuer["credentials"]
    client = {"client_id": CLIENT_ID, "client_secret": told["clients"][CLIENT_ID]}
    base_url = api_base_url(aws, named)
    return Estate(
        aws={"endpoint_url": aws.endpoint_url, "region": aws.region, "account": aws.account},
        api={
            "base_url": base_url,
            "token": bearer_token(told),
            "issuer": {"token_url": told["token_url"], "audience": told["audience"]} | client,
        },
        resources={"deployment": deployment} | named,
        systems={
            name: with_webhook(
                ready, f"{base_url}/webhooks/{name}/", webhook_secret if name in PUSHING and base_url else None
            )
            for name, ready in servers.items()
        },
    )


def with_webhook(ready: Mapping[str, Any], prefix: str, secret: str | None) -> dict[str, Any]:
    """A ready file without the process id, and with its webhook for a vendor that pushes.

    The address is in the credentials too: some vendors are told it by the connector itself.
    """
    told = {key: value for key, value in ready.items() if key != "pid"}
    if secret is None:
        return told
    webhook = {"webhook_secret": secret, "webhook_url": prefix + secret}
    return told | {"webhook_url": prefix + secret, "credentials": told["credentials"] | webhook}


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


def first_polls(estate: Estate) -> None:
    """Polls begin now: the pacer's schedule strikes for the first time a minute after it was made."""
    if pacer := estate.resources.get("pacer"):
        estate.client("lambda").invoke(FunctionName=pacer, InvocationType="Event", Payload=b"{}")


def connection_secret(named: Mapping[str, str], system: str) -> str | None:
    """The output that is that system's connection, or its secret."""
    squeezed = {
        name.replace("_", ""): value for name, value in named.items()
    }  # where words end in sap_s4hana is a guess
    own = system.replace("_", "")
    return squeezed.get(f"{own}connection") or squeezed.get(f"{own}secret")
