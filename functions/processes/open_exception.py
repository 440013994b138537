"""Step of every saga: what failed becomes an exception somebody owns; with a token, the saga waits for their answer."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import exception_type, raise_trouble
from shared.runtime.wiring import AwsPorts


class OpenException(Input):
    """error: the state's errorOutput, {"Error", "Cause"}. subject: the canonical id of what stopped."""

    subject: str
    correlation_id: str
    step: str
    error: dict[str, Any] = Field(default_factory=dict)
    legal_entity_id: str | None = None
    contract_id: str | None = None
    invoice_id: str | None = None
    milestone_id: str | None = None
    task_token: str | None = Field(default=None, repr=False)


@process_step(OpenException, wire=AwsPorts.from_env)
def handler(command: OpenException, ports: Ports) -> dict[str, str]:
    code, facts = fault_in(command.error)
    trouble = raise_trouble(
        ports,
        exception_type(code, ports),
        command.subject,
        legal_entity_id=command.legal_entity_id or _legal_entity_of(command, ports),
        correlation_id=command.correlation_id,
        facts=facts | {"step": command.step, "code": code},
        task_token=command.task_token,
    )
    return {"exception_id": trouble.exception_id}


def fault_in(error: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """(our fault code, its facts) out of a state's error output: ours as JSON, or AWS's own name and words."""
    cause = _parsed(error.get("Cause"))
    if isinstance(cause, dict) and "errorMessage" in cause:
        cause = _parsed(cause["errorMessage"])
    if isinstance(cause, dict) and isinstance(cause.get("code"), str):
        facts = cause.get("facts")
        return cause["code"], {k: str(v) for k, v in facts.items()} if isinstance(facts, dict) else {}
    return str(error.get("Error") or "unknown").replace(".", "_").lower(), {}


def _parsed(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _legal_entity_of(command: OpenException, ports: Ports) -> str:
    if command.contract_id and (contract := ports.contracts.find(command.contract_id)):
        return contract.legal_entity_id
    if command.invoice_id and (invoice := ports.invoices.find(command.invoice_id)):
        return invoice.group.legal_entity_id
    if contract := ports.contracts.find(command.correlation_id):
        return contract.legal_entity_id
    return ports.policies.current().identity_scope
