"""The AsyncAPI document: complete, whole in its references, and true to the handlers that exist."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from events.asyncapi import asyncapi
from events.commands import COMMANDS
from events.registry import PUBLISHED, UPCASTERS
from events.routes import COMMAND_ROUTES, EVENT_ROUTES
from events.schemas import HERE, all_schemas

ROOT = HERE.parent
DOCUMENT = yaml.safe_load((HERE / "asyncapi.yaml").read_text())
CHANNEL_KEYS = {"address", "title", "description", "messages", "parameters"}
OPERATION_KEYS = {"action", "title", "channel", "messages", "tags", "reply"}
MESSAGE_KEYS = {"name", "title", "contentType", "correlationId", "payload"}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def found(reference: str) -> Any:
    node: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def test_the_committed_document_is_what_the_models_say() -> None:
    assert DOCUMENT == asyncapi()


def test_it_has_the_parts_of_asyncapi_3() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert all(set(channel) <= CHANNEL_KEYS for channel in DOCUMENT["channels"].values())
    assert all(set(operation) <= OPERATION_KEYS for operation in DOCUMENT["operations"].values())
    assert all(set(message) <= MESSAGE_KEYS for message in DOCUMENT["components"]["messages"].values())
    assert {operation["action"] for operation in DOCUMENT["operations"].values()} == {"send", "receive"}


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        if reference.startswith("#/"):
            assert found(reference), reference
        else:
            assert (HERE / reference).is_file(), reference


def test_an_operations_messages_are_of_its_own_channel() -> None:
    for name, operation in DOCUMENT["operations"].items():
        for message in operation["messages"]:
            assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/"), name


def test_every_published_event_has_its_channel_message_and_route() -> None:
    addresses = {channel["address"] for channel in DOCUMENT["channels"].values()}
    assert set(PUBLISHED) <= addresses
    assert set(EVENT_ROUTES) == set(PUBLISHED)
    assert all(route.sent_by for route in EVENT_ROUTES.values())


def test_every_command_is_sent_received_and_answered() -> None:
    assert set(COMMAND_ROUTES) == set(COMMANDS)
    with_reply = [name for name, operation in DOCUMENT["operations"].items() if "reply" in operation]
    assert len(with_reply) == 2 * sum(len(routes) for routes in COMMAND_ROUTES.values())


def test_every_schema_is_the_payload_of_one_message() -> None:
    payloads = [message["payload"]["schema"]["$ref"] for message in DOCUMENT["components"]["messages"].values()]
    assert sorted(payloads) == sorted(f"schema/{name}.json" for name in all_schemas())


def consumers() -> dict[str, set[str]]:
    """event type -> rooms with a handler for it, read from the handlers' own decorators."""
    types = {model.__name__: event_type for event_type, model in PUBLISHED.items()}
    rooms: dict[str, set[str]] = {}
    for path in sorted((ROOT / "functions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "event_consumer"):
                continue
            for argument in node.args:
                name = getattr(argument, "id", "")
                if name in types:
                    rooms.setdefault(types[name], set()).add(room_of(path))
    return rooms


def room_of(path: Path) -> str:
    return "/".join(path.relative_to(ROOT / "functions").parts[:2]).removesuffix(".py")


def test_who_acts_on_an_event_is_who_has_a_handler_for_it() -> None:
    """A handler names the newest version; an older one reaches it by its upcaster."""
    newest = EVENT_ROUTES.keys() - UPCASTERS.keys()
    declared = {event_type: set(EVENT_ROUTES[event_type].received_by) for event_type in newest}
    declared = {event_type: rooms for event_type, rooms in declared.items() if rooms}
    assert consumers() == declared


def commands_in_definitions() -> set[tuple[str, str, str]]:
    """(saga, command, queue name as substituted) of every command that a state machine sends, by name or by choice."""
    sent: set[tuple[str, str, str]] = set()

    def walk(saga: str, node: Any) -> None:
        if isinstance(node, dict):
            body = node.get("MessageBody")
            if isinstance(body, dict) and "command" in body:
                for command in COMMANDS.keys() & re.findall(r"\w+", body["command"]):
                    sent.add((f"processes/{saga}", command, node["QueueUrl"]))
            for value in node.values():
                walk(saga, value)
        elif isinstance(node, list):
            for value in node:
                walk(saga, value)

    for path in sorted((ROOT / "infra" / "state_machines").glob("*.asl.json")):
        walk(path.name.removesuffix(".asl.json"), json.loads(path.read_text()))
    return sent


def test_who_sends_a_command_and_where_is_what_the_state_machines_say() -> None:
    declared = {
        (route.sent_by, name, f"${{{route.role.capitalize()}{route.lane.capitalize()}QueueUrl}}")
        for name, routes in COMMAND_ROUTES.items()
        for route in routes
    }
    assert commands_in_definitions() == declared


def announced() -> dict[str, set[str]]:
    """event type -> processes that announce it: calls of announce(Model(...), process="...") in the handlers, or of
    announce(<a choice between functions of the file that make models>, ...)."""
    types = {model.__name__: event_type for event_type, model in PUBLISHED.items()}
    rooms: dict[str, set[str]] = {}
    for path in sorted(path for room in ("functions", "shared") for path in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "announce"):
                continue
            process = next((each.value for each in node.keywords if each.arg == "process"), None)
            for model in types.keys() & made_by(node.args[0], tree):
                if isinstance(process, ast.Constant):
                    rooms.setdefault(types[model], set()).add(f"processes/{process.value}")
    return rooms


def made_by(expression: ast.expr, tree: ast.Module) -> set[str]:
    """Models called in it, or in the functions of the same file that it calls."""
    called = {getattr(node.func, "id", "") for node in ast.walk(expression) if isinstance(node, ast.Call)}
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in called]
    inner = {getattr(node.func, "id", "") for body in bodies for node in ast.walk(body) if isinstance(node, ast.Call)}
    return called | inner


def test_who_announces_an_event_is_who_is_said_to_send_it() -> None:
    ours = {
        event_type: set(route.sent_by)
        for event_type, route in EVENT_ROUTES.items()
        if any(room.startswith("processes/") for room in route.sent_by)
    }
    assert announced() == ours
