"""What can be promised without any vendor: registration, fault table, one translator for all answers."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from events.commands import COMMANDS
from infra.registered import registered
from shared.faults import BusinessException, Duplicate, Fault, Poison, Throttled, Transient
from shared.runtime.handler import Handler
from tests.conformance.conftest import SYSTEMS
from tests.conformance.promised import Documented, connector_of
from tests.conformance.roles import WORLDS

ROOT = Path(__file__).resolve().parents[2]
FIVE = (Transient, Throttled, BusinessException, Duplicate, Poison)
BODIES = (b"", b"<html><body>Bad Gateway</body></html>", b"{", b"null", b"[]", b'"text"', b"\xff\xfe\x00", b'[["x"]]')


def module(system: str, name: str) -> ModuleType:
    return importlib.import_module(f"functions.connectors.{system}.{name}")


def fault_of(system: str, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Fault:
    found: Fault = module(system, "faults").fault_of(status, headers or {}, body)
    return found


def test_every_registered_connector_is_held_to_the_promises() -> None:
    assert [system for system in SYSTEMS if not (ROOT / f"tests/conformance/{system}.py").exists()] == []


def test_its_file_and_its_registration_speak_of_the_same_system(system: str) -> None:
    connector, registration = connector_of(system), registered()[system]
    assert connector.system == system
    assert set(connector.reads) == set(registration.feeds)
    assert set(connector.writes) == set(WORLDS[registration.role].records)
    assert set(connector.accepts) == set(connector.writes)


def test_what_it_has_not_is_said_in_words(system: str) -> None:
    connector = connector_of(system)
    assert bool(registered()[system].webhooks) == (connector.webhook is not None)
    assert connector.partial, "partial: the answers, or why there are none"
    assert all(len(why) > 10 for why in connector.vanishes.values())
    assert all(cut.rule for cut in connector.cuts.values())


def test_every_error_that_is_documented_becomes_its_fault(system: str, documented: Documented) -> None:
    answer = documented.answer
    fault = fault_of(system, answer.status, answer.body, answer.headers)
    assert (type(fault), fault.code) == (documented.kind, documented.code)
    assert fault.code != "unmapped_vendor_fault" and answer.source
    if documented.wait_s is not None:
        assert isinstance(fault, Throttled) and fault.retry_after_s == documented.wait_s


def test_throttling_in_the_vendors_own_shape_is_documented_with_its_wait(system: str) -> None:
    waits = [each.wait_s for each in connector_of(system).documented if each.kind is Throttled]
    assert waits and None not in waits


def test_every_row_of_its_table_is_reached_by_a_documented_answer(system: str) -> None:
    """A row that no documented answer leads to is a guess, or an answer is missing from the list."""
    documented = {each.code for each in connector_of(system).documented}
    rows = {code for name, value in vars(module(system, "faults")).items() if name.isupper() for code in codes(value)}
    assert rows and rows <= documented


def codes(table: Any) -> set[str]:
    """Our codes in a table of any nesting: what stands behind a class of fault in a pair."""
    if isinstance(table, dict):
        return set().union(*(codes(value) for value in table.values()), set())
    if isinstance(table, tuple | list):
        if len(table) == 2 and table[0] in FIVE and isinstance(table[1], str):
            return {table[1]}
        return set().union(*(codes(value) for value in table), set())
    return set()


@pytest.mark.parametrize("status", [400, 402, 405, 406, 410, 415, 417, 418, 451])
def test_an_unknown_refusal_is_never_taken_for_a_success_or_repeated(system: str, status: int) -> None:
    unknown = b'{"error": {"code": "NOBODY_KNOWS_THIS", "message": "?"}, "errorCode": "NOBODY_KNOWS_THIS"}'
    fault = fault_of(system, status, unknown)
    assert isinstance(fault, BusinessException)


def test_an_error_on_no_row_has_the_code_that_says_so(system: str) -> None:
    assert fault_of(system, 418, b"{}").code == "unmapped_vendor_fault"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("body", BODIES)
def test_a_server_error_may_work_later_whatever_its_body(system: str, status: int, body: bytes) -> None:
    assert isinstance(fault_of(system, status, body), Transient | Throttled)


@pytest.mark.parametrize("status", [300, 304, 400, 401, 403, 404, 409, 412, 422, 429, 499])
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_error_body_hides_no_status(system: str, status: int, body: bytes) -> None:
    fault = fault_of(system, status, body)
    assert type(fault) in FIVE
    assert isinstance(fault, Throttled) == (status == 429)


def test_every_command_has_a_lane_with_a_handler_that_takes_it(system: str) -> None:
    commands = module(system, "commands")
    for lane, queue in registered()[system].lanes.items():
        assert isinstance(getattr(commands, lane), Handler)
        assert set(queue.commands) <= set(COMMANDS)
        assert all(command in inspect.getsource(commands) for command in queue.commands)


def test_its_poll_knows_the_feeds_that_are_registered_and_asks_its_own_queue(system: str) -> None:
    poll = module(system, "poll")
    assert isinstance(poll.handler, Handler)
    assert f'"{system}-poll"' in inspect.getsource(poll)
    assert set(getattr(poll, "FEEDS", registered()[system].feeds)) == set(registered()[system].feeds)


def test_a_settings_class_of_its_own_names_account_and_slots(system: str) -> None:
    model = getattr(module(system, "settings"), registered()[system].mapping.settings)
    assert model.model_fields["slots"].default == registered()[system].account.slots
    assert model.model_fields["account"].default == system
