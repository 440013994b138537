"""Registrations: those of the tree are whole, and a wrong one is refused with the place in it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml

from events.commands import COMMANDS
from events.registry import PUBLISHED
from events.routes import COMMAND_ROUTES, ROLES
from infra.registered import DIRECTORY, FILE, RegistrationError, read, read_all, registered

SYSTEMS = list(registered())


def changed(tmp_path: Path, **changes: object) -> Path:
    """NetSuite's file with other values at the top; None takes a name out."""
    told = yaml.safe_load((DIRECTORY / "netsuite" / FILE).read_text()) | changes
    path = tmp_path / "netsuite" / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({name: value for name, value in told.items() if value is not None}))
    return path


def test_every_folder_of_a_connector_has_a_registration() -> None:
    folders = {path.parent.name for path in DIRECTORY.glob("*/__init__.py")}
    assert folders == set(SYSTEMS)


def test_the_events_document_names_systems_that_have_the_role() -> None:
    named = {system: role for role, systems in ROLES.items() for system in systems}
    assert named.items() <= {system: each.role for system, each in registered().items()}.items()


@pytest.mark.parametrize("system", SYSTEMS)
def test_its_commands_and_events_are_ones_that_exist(system: str) -> None:
    types = {name.rpartition(".v")[0] for name in PUBLISHED}
    assert set(registered()[system].announces) <= types
    assert set(registered()[system].commands) <= set(COMMANDS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_takes_every_command_that_its_role_is_asked_on_the_lane_it_is_sent_to(system: str) -> None:
    registration = registered()[system]
    asked = {(n, r.lane) for n, routes in COMMAND_ROUTES.items() for r in routes if r.role == registration.role}
    taken = {(command, lane) for lane, queue in registration.lanes.items() for command in queue.commands}
    assert taken == asked


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_settings_class_and_the_mappers_it_names_are_there(system: str) -> None:
    registration, folder = registered()[system], f"functions.connectors.{system}"
    assert hasattr(importlib.import_module(f"{folder}.settings"), registration.mapping.settings)
    for feed in registration.feeds.values():
        if feed.mapper:
            module, _, function = feed.mapper.partition(":")
            assert callable(getattr(importlib.import_module(f"{folder}.{module}"), function))


@pytest.mark.parametrize(
    "system", [name for name, each in registered().items() if any(f.mapper for f in each.feeds.values())]
)
def test_what_is_kept_of_a_vendors_words_names_the_mapping_that_is_registered(system: str) -> None:
    assert (
        importlib.import_module(f"functions.connectors.{system}.settings").MAPPING
        == registered()[system].mapping.version
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "hcm"}, "role: Input should be 'crm', 'psa' or 'erp'"),
        ({"rolle": "erp"}, "rolle: Extra inputs are not permitted"),
        ({"title": None}, "title: Field required"),
        ({"live": "BILLWEAVE_LIVE_NETSUTE"}, "live: must be BILLWEAVE_LIVE_NETSUITE"),
        ({"system": "netsuit"}, "live: must be BILLWEAVE_LIVE_NETSUIT"),
        ({"budget": {"customer": 2, "project": 2, "invoice": 2, "page": 1}}, "budget.credit_memo: .* states one"),
        ({"poll": {"sends": ["inbound"]}}, "sends: 'inbound' is no queue of netsuite; there are"),
        ({"lanes": {"posting": {"commands": []}}}, "lanes.posting.commands: .* at least 1"),
        ({"lanes": {"posting": {"commands": ["CreateProject"]}}}, "CreateProject is no command to systems of role erp"),
        ({"feeds": {"payments": {"announces": ["time.approved"]}}}, "time.approved tells time_entry/work"),
        (
            {"feeds": {"payments": {"announces": ["invoice.posted"]}}},
            "invoice.posted is no event that systems announce",
        ),
        (
            {"ownership": {"owns": ["customer/identity"], "written": ["invoice/content"]}},
            "owns: customer/identity is not",
        ),
        (
            {"ownership": {"owns": ["invoice/colour"], "written": ["invoice/content"]}},
            "invoice/colour is declared nowhere",
        ),
        (
            {"ownership": {"owns": ["invoice/payment"], "written": ["invoice/content"]}},
            "EnsureCustomer writes customer/identity, customer/tax",
        ),
    ],
)
def test_a_wrong_one_is_refused_with_its_place(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    with pytest.raises(RegistrationError, match=words) as refused:
        read(changed(tmp_path, **changes))
    assert "netsuite/connector.yaml" in str(refused.value)


@pytest.mark.parametrize("text", ["[]", "3", ""])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = changed(tmp_path)
    path.write_text(text)
    with pytest.raises(RegistrationError, match="a mapping of names"):
        read(path)


def test_a_file_in_another_systems_folder_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path).rename(tmp_path / "moved.yaml")
    folder = tmp_path / "ledgerly"
    folder.mkdir()
    with pytest.raises(RegistrationError, match="system: is 'netsuite' in the folder 'ledgerly'"):
        read(path.rename(folder / FILE))


def test_systems_come_in_the_order_of_the_flow() -> None:
    roles = [each.role for each in read_all().values()]
    assert roles == sorted(roles, key=["crm", "psa", "erp"].index)
