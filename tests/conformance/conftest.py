"""Every registered connector in its turn, on its vendor as new: a simulator that runs for the whole session, or a live one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.registered import registered
from tests.conformance.promised import Connector, connector_of
from tests.conformance.roles import WORLDS
from tests.conformance.vendor import Vendor, live_file, live_vendor
from tests.conformance.world import World
from tests.simulator import Simulator

SYSTEMS = tuple(registered())
HERE = Path(__file__).parent


class Vendors:
    """Started when first asked for."""

    def __init__(self, directories: pytest.TempPathFactory) -> None:
        self._directories = directories
        self._programs: dict[str, Simulator] = {}

    def of(self, system: str) -> Vendor:
        if path := live_file(system):
            return live_vendor(system, path)
        if system not in self._programs:
            self._programs[system] = Simulator(system, self._directories.mktemp(system))
        vendor = Vendor(system, self._programs[system].told, live=False)
        vendor.as_new()
        return vendor

    def stop(self) -> None:
        for program in self._programs.values():
            program.stop()


@pytest.fixture(scope="session")
def vendors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    running = Vendors(tmp_path_factory)
    yield running
    running.stop()


@pytest.fixture
def world(system: str, vendors: Vendors) -> World:
    connector = connector_of(system)
    return WORLDS[registered()[system].role](connector, vendors.of(system))


def pytest_generate_tests(metafunc: Any) -> None:
    """What a connector does not have by declaration has no test for it: no webhook, no test of a webhook.

    A test that asks for `feed` runs for every feed that people can act for, `record` for every record, `answer` for every
    documented error; one that asks for `webhook`, `partial` or `vanishing` only where there is such a thing.
    """
    names = set(metafunc.fixturenames)
    if "system" not in names:
        return
    cases = [case for system in SYSTEMS for case in _cases(system, names)]
    used = [name for name in ("system", "feed", "record", "documented") if name in names]
    if used:
        rows = [tuple(case[name] for name in used) for case in cases]
        metafunc.parametrize(used, rows, ids=["-".join(case["id"]) for case in cases])


def _cases(system: str, names: set[str]) -> Iterator[dict[str, Any]]:
    if not (HERE / f"{system}.py").exists():
        return  # test_every_registered_connector_is_held_to_the_promises names it
    connector, registration = connector_of(system), registered()[system]
    if _left_out(connector, names, system):
        return
    world = WORLDS[registration.role]
    feeds = [feed for feed in registration.feeds if _acts(connector, registration, feed)]
    if "remapped" in names:
        feeds = [feed for feed in feeds if registration.feeds[feed].mapper]
    if "vanishing" in names:
        feeds = [feed for feed in feeds if feed not in connector.vanishes]
    feeds = feeds if "feed" in names else [""]
    written = connector.live_records if live_file(system) else world.records
    records = written if "record" in names else ("",)
    answers = connector.documented if "documented" in names else (None,)
    for feed in feeds:
        for record in records:
            for number, answer in enumerate(answers):
                told = f"{answer.answer.status}-{answer.code}-{number}" if answer else ""
                ids = [each for each in (system, feed, record, told) if each]
                yield {"system": system, "feed": feed, "record": record, "documented": answer, "id": ids}


def _acts(connector: Connector, registration: Any, feed: str) -> bool:
    from tests.conformance.world import ACTS

    if feed in connector.acts:
        return bool(connector.acts[feed])
    return any(event in ACTS for event in registration.feeds[feed].announces)


def _left_out(connector: Connector, names: set[str], system: str) -> bool:
    if "webhook" in names and connector.webhook is None:
        return True
    if "partial" in names and isinstance(connector.partial, str):
        return True
    if "refreshing" in names and not connector.refreshes:
        return True
    return "simulated" in names and live_file(system) is not None


@pytest.fixture
def webhook() -> None:
    """Asks for a connector that is called by its vendor."""


@pytest.fixture
def partial() -> None:
    """Asks for a vendor that answers 200 with failures in it."""


@pytest.fixture
def refreshing() -> None:
    """Asks for tokens that are renewed without anybody."""


@pytest.fixture
def vanishing() -> None:
    """Asks for feeds of which a thing can vanish between two pages."""


@pytest.fixture
def remapped() -> None:
    """Asks for feeds whose rows are kept and can be mapped again."""


@pytest.fixture
def simulated() -> None:
    """Asks for a simulator: people act there, or it throttles on demand."""
