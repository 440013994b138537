"""The manifest and the handlers that exist are the same, and no entry grants less or more than its handler uses."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from infra.manifest import ALL, PARKING_QUEUES, Access, EventQueue, FunctionEntry, Step

_spec = importlib.util.spec_from_file_location("reach", Path(__file__).parent / "reach.py")
assert _spec and _spec.loader
reach = importlib.util.module_from_spec(_spec)
sys.modules["reach"] = reach
_spec.loader.exec_module(reach)

QUEUES = {entry.queue.queue for entry in ALL if entry.queue} | set(PARKING_QUEUES)


def used(entry: FunctionEntry) -> set:
    module = entry.handler.rpartition(".")[0]
    routes = {module: f"{module}_routes", "functions.experience.api": "functions.experience.routes"}[module]
    if reach.path_of(routes):  # they hang on the resolver, which the handler's first call imports
        module = routes
        return set().union(*(reach.uses(module, name) for name in reach.read(module).definitions))
    return reach.uses(module, entry.attribute)


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)
def test_every_entry_is_a_file_with_that_handler(entry):
    path = reach.ROOT / entry.path
    assert path.exists()
    assert entry.attribute in reach.read(entry.handler.rpartition(".")[0]).definitions


def test_every_handler_that_exists_is_in_the_manifest():
    assert reach.handlers() <= {(entry.path, entry.attribute) for entry in ALL}


def test_names_are_unique_and_stay_under_lambdas_64_characters():
    names = [entry.name for entry in ALL]
    assert len(set(names)) == len(names)
    assert max(len(name) for name in names) + len("billweave-") + 24 + len("-") <= 64


def test_steps_have_file_names_of_their_own():
    stems = [entry.stem for entry in ALL if isinstance(entry.trigger, Step)]
    assert len(set(stems)) == len(stems)


def test_no_two_functions_read_one_queue():
    queues = [entry.queue.queue for entry in ALL if entry.queue]
    assert len(set(queues)) == len(queues)


def test_every_queue_that_is_sent_to_is_there():
    assert {queue for entry in ALL for queue in entry.sends} <= QUEUES


def test_every_published_event_type_that_a_rule_waits_for_exists():
    from events.registry import PUBLISHED

    known = set(PUBLISHED)
    for entry in ALL:
        if isinstance(entry.trigger, EventQueue):
            for prefix in entry.trigger.types:
                assert [name for name in known if name.startswith(prefix)], prefix


WRITING = [entry for entry in ALL if entry.room != "experience"]
"""The API runs steps of processes too, on ports that keep their writes to themselves: it needs no right to write."""


def test_the_api_may_write_nothing_whatever_steps_it_runs_dry():
    for entry in ALL:
        if entry.room == "experience":
            assert (entry.table, entry.documents) == (Access.READ, Access.READ)
            assert not (entry.answers or entry.starts or entry.sends or entry.publishes or entry.drains)


@pytest.mark.parametrize("entry", WRITING, ids=lambda entry: entry.name)
def test_a_handler_that_answers_tasks_may_and_no_other(entry):
    answers = {use.method for use in used(entry) if use.port == "tasks"}
    is_lane = entry.queue is not None and entry.attribute != "handler"  # the runtime answers for it
    assert entry.answers == bool(answers or is_lane)


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)
def test_a_handler_may_start_the_sagas_it_starts_and_no_other(entry):
    assert {use.argument for use in used(entry) if use.port == "sagas"} == set(entry.starts)


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)
def test_a_handler_may_send_where_it_sends(entry):
    sent = {use.argument for use in used(entry) if (use.port, use.method) == ("queues", "send")}
    assert bool(sent) == bool(entry.sends) or entry.publishes
    assert {queue for queue in sent if queue} <= set(entry.sends)


@pytest.mark.parametrize("entry", WRITING, ids=lambda entry: entry.name)
def test_a_handler_may_do_with_documents_what_it_does(entry):
    found = {(use.port, use.method) for use in used(entry) if use.port in ("documents", "raw", "state_history")}
    needed = Access.NONE
    if found:
        needed = (
            Access.WRITE if found & {("documents", "put"), ("raw", "keep"), ("state_history", "keep")} else Access.READ
        )
    assert entry.documents is needed


def test_large_events_can_be_left_in_the_bucket_and_fetched_there():
    assert {entry.name for entry in ALL if entry.publishes and entry.bucket is Access.WRITE} == {
        "operate",
        "publish-outbox",
        "redrive",
        "sweep-outbox",
    }
    assert all(entry.bucket is not Access.NONE for entry in ALL if isinstance(entry.trigger, EventQueue))
