"""JSON Schema of everything that travels: each event's whole envelope, each command's whole message and its result."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, create_model

from events import commands
from events.commands import COMMANDS, Command, CommandMessage, Result
from events.envelope import Envelope
from events.registry import PUBLISHED

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
HERE = Path(__file__).parent


def all_schemas() -> dict[str, Schema]:
    """Path below events/schema, without .json -> schema: "time.approved.v1", "commands/PostInvoice"."""
    events = {event_type: event_schema(event_type) for event_type in PUBLISHED}
    messages = {f"commands/{name}": command_schema(name) for name in COMMANDS}
    results = {f"commands/{result_of(name).__name__}": result_schema(name) for name in COMMANDS}
    return events | messages | results


def event_schema(event_type: str) -> Schema:
    """What a reader may rely on. Fields that later versions of the producer add are allowed, as by every consumer."""
    model = PUBLISHED[event_type]
    schema = _schema_of(Envelope[model], event_type, _said(model))  # type: ignore[valid-type]
    schema["properties"]["type"] = {"const": event_type, "title": "Type", "type": "string"}
    return schema


def command_schema(name: str) -> Schema:
    """The SQS message body: the command, the token of the saga that waits, and its payload."""
    model = COMMANDS[name]
    message = create_model(
        f"{name}Message",
        __base__=CommandMessage,
        command=(Literal[name], ...),  # type: ignore[arg-type]
        payload=(model, ...),
    )
    return _schema_of(message, f"command.{name}", _said(model))


def result_schema(name: str) -> Schema:
    """What the waiting saga gets back."""
    model = result_of(name)
    return _schema_of(model, f"result.{model.__name__}", _said(model) or f"The answer to {name}.")


def result_of(name: str) -> type[Result]:
    """PostInvoice -> PostInvoiceResult; both reports have the one ReportResult."""
    command: type[Command] = COMMANDS[name]
    own = getattr(commands, f"{command.__name__}Result", None)
    return own if own is not None else commands.ReportResult


def sample_path(event_type: str) -> Path:
    """time.approved.v1 -> events/time_approved/sample_v1.json, beside the model."""
    module = PUBLISHED[event_type].__module__.split(".")
    return HERE / module[1] / f"sample_{module[2]}.json"


def _said(model: type[BaseModel]) -> str:
    """Its own docstring, without the indent that some Python versions keep."""
    return inspect.cleandoc(model.__dict__.get("__doc__") or "")


def _schema_of(model: type[BaseModel], name: str, description: str) -> Schema:
    """Schemas are of validation: a field with a default may be missing, as in events from before it existed."""
    body = model.model_json_schema(mode="validation")
    named = {"$schema": DRAFT, "$id": f"urn:billweave:{name}"} | body | {"title": name}
    return named | {"description": description} if description else named
