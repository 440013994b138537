"""Settings: what a function was given, by name; what it was not given is said by name."""

from __future__ import annotations

import pytest

from shared.runtime.settings import Settings
from shared.runtime.wiring import AwsPorts

ENV = {
    "BILLWEAVE_TABLE": "fabric",
    "BILLWEAVE_QUEUE_OUTBOX_PARKED": "https://queue/outbox-parked",
    "BILLWEAVE_SAGA_TIME_TO_BILL": "arn:machine",
    "BILLWEAVE_SETTINGS": '{"slots": 5}',
    "PATH": "/bin",
}


def test_queues_and_sagas_are_found_by_their_names_in_the_deployment() -> None:
    settings = Settings.from_env(ENV)
    assert settings.queues == {"outbox-parked": "https://queue/outbox-parked"}
    assert settings.sagas == {"time_to_bill": "arn:machine"}
    assert (settings.need("table"), settings.own["slots"]) == ("fabric", 5)


def test_a_setting_the_function_was_not_given_is_named() -> None:
    with pytest.raises(LookupError, match="BILLWEAVE_BUCKET"):
        Settings.from_env(ENV).need("bucket")


def test_wiring_asks_for_nothing_until_a_port_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "BILLWEAVE_TABLE"):
        monkeypatch.delenv(name, raising=False)
    ports = AwsPorts.from_env()
    assert ports.clock.now().tzinfo is not None


def test_every_port_has_its_adapter() -> None:
    from shared.ports.ports import Ports

    wanted = {name for name in vars(Ports) if not name.startswith("_")}
    assert wanted <= set(dir(AwsPorts))
