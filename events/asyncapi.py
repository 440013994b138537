"""The AsyncAPI 3.0 document: channels, who sends, who receives, and the schema of each message."""

from __future__ import annotations

from typing import Any

from events.registry import PUBLISHED
from events.routes import COMMAND_ROUTES, EVENT_ROUTES, ROLES, CommandRoute
from events.schemas import result_of

Document = dict[str, Any]

DESCRIPTION = """Events travel on one EventBridge bus: `detail-type` is the channel's address, `detail` the message, a
CloudEvents 1.0 object. Rules match a prefix of the address ("time.approved."), one queue per consumer. Commands travel
on one SQS queue per system and lane with the token of the saga that waits; the answer goes to that token.
Delivery is at least once and in no order: `sequence` tells older from newer."""


def asyncapi() -> Document:
    """Schemas are referred to, relative to events/."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Billweave", "version": "1.0.0", "description": " ".join(DESCRIPTION.split())},
        "defaultContentType": "application/json",
        "channels": _event_channels() | _command_channels() | {"sagaAnswer": _answer_channel()},
        "operations": _event_operations() | _command_operations(),
        "components": {"messages": _event_messages() | _command_messages() | _result_messages()},
    }


def camel(name: str) -> str:
    """time.approved.v1 -> timeApprovedV1, processes/time_to_bill -> processesTimeToBill."""
    first, *rest = name.replace(".", " ").replace("_", " ").replace("/", " ").replace("-", " ").split()
    return first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in rest)


def _event_channels() -> Document:
    return {
        camel(event_type): {
            "address": event_type,
            "title": event_type,
            "description": _first_line(event_type),
            "messages": {camel(event_type): {"$ref": f"#/components/messages/{camel(event_type)}"}},
        }
        for event_type in PUBLISHED
    }


def _event_operations() -> Document:
    operations: Document = {}
    for event_type, route in EVENT_ROUTES.items():
        for room in route.sent_by:
            operations[_named(room, "send", event_type)] = _operation("send", room, camel(event_type))
        for room in route.received_by:
            operations[_named(room, "receive", event_type)] = _operation("receive", room, camel(event_type))
    return operations


def _event_messages() -> Document:
    return {
        camel(event_type): {
            "name": event_type,
            "title": event_type,
            "contentType": "application/cloudevents+json",
            "correlationId": {"location": "$message.payload#/correlationid"},
            "payload": _schema(event_type),
        }
        for event_type in PUBLISHED
    }


def _command_channels() -> Document:
    channels: Document = {}
    for name, route in _command_routes():
        channel = channels.setdefault(_queue(route), _command_channel(route))
        channel["messages"][camel(name)] = {"$ref": f"#/components/messages/{camel(name)}"}
    return channels


def _command_channel(route: CommandRoute) -> Document:
    return {
        "address": route.queue,
        "title": f"{route.role} {route.lane}",
        "description": f"Commands to the {route.role.upper()}, lane {route.lane}; an SQS queue with its own DLQ.",
        "parameters": {route.role: _system_of(route.role)},
        "messages": {},
    }


def _system_of(role: str) -> Document:
    systems = ROLES[role]
    return {"description": f"The deployment's {role.upper()}.", "default": systems[0], "examples": list(systems)}


def _answer_channel() -> Document:
    """No address: the token in each command is the way back to the saga that waits."""
    names = sorted({result_of(name).__name__ for name in COMMAND_ROUTES})
    return {
        "address": None,
        "title": "answer to the saga that waits",
        "messages": {camel(name): {"$ref": f"#/components/messages/{camel(name)}"} for name in names},
    }


def _command_operations() -> Document:
    operations: Document = {}
    for name, route in _command_routes():
        channel, answer = _queue(route), camel(result_of(name).__name__)
        reply = {
            "channel": {"$ref": "#/channels/sagaAnswer"},
            "messages": [{"$ref": f"#/channels/sagaAnswer/messages/{answer}"}],
        }
        system = f"connectors/{route.role}"
        for room, action in ((route.sent_by, "send"), (system, "receive")):
            operation = _operation(action, room, channel, camel(name)) | {"reply": reply}
            operations[_named(room, action, f"{name}/{channel}")] = operation
    return operations


def _command_messages() -> Document:
    return {
        camel(name): {
            "name": name,
            "title": name,
            "correlationId": {"location": "$message.payload#/correlation_id"},
            "payload": _schema(f"commands/{name}"),
        }
        for name in COMMAND_ROUTES
    }


def _result_messages() -> Document:
    names = sorted({result_of(name).__name__ for name in COMMAND_ROUTES})
    return {camel(name): {"name": name, "title": name, "payload": _schema(f"commands/{name}")} for name in names}


def _operation(action: str, room: str, channel: str, message: str | None = None) -> Document:
    return {
        "action": action,
        "title": f"{room} {'sends' if action == 'send' else 'receives'}",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message or channel}"}],
        "tags": [{"name": room}],
    }


def _schema(name: str) -> Document:
    return {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": {"$ref": f"schema/{name}.json"}}


def _command_routes() -> list[tuple[str, CommandRoute]]:
    return [(name, route) for name, routes in COMMAND_ROUTES.items() for route in routes]


def _queue(route: CommandRoute) -> str:
    return camel(f"{route.role}-{route.lane}")


def _named(room: str, action: str, what: str) -> str:
    return f"{camel(room)}.{action}.{camel(what)}"


def _first_line(event_type: str) -> str:
    """Of the model's module: "time.approved: a time entry and its approval, as they stand now."."""
    module = __import__(PUBLISHED[event_type].__module__, fromlist=["__doc__"])
    return (module.__doc__ or event_type).strip().splitlines()[0]
