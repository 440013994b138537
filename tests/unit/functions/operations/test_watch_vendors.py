"""An outage is one exception and a count a minute, and both end with the vendor's first answer."""

from __future__ import annotations

from functions.experience.status import vendor
from functions.operations.watch_vendors import handler
from shared.domain.exception import ExceptionStatus, OwnerGroup
from shared.faults import Transient
from tests.fakes.ports import FakePorts


def call(ports: FakePorts, *, fails: bool = False) -> None:
    try:
        with ports.slots.lease("netsuite", "posting"):
            if fails:
                raise Transient("vendor_unreachable", call="GET /invoice")
    except Transient:
        ports.clock.pass_(seconds=3)


def outage() -> FakePorts:
    ports = FakePorts()
    for _ in range(5):
        call(ports, fails=True)
    return ports


def test_nobody_called_is_no_trouble() -> None:
    ports = FakePorts()
    assert handler.step(ports) == {"accounts": 0, "down": 0}


def test_an_outage_is_one_exception_owned_by_integration_and_counted_each_minute() -> None:
    ports = outage()
    assert [handler.step(ports) for _ in range(3)] == [{"accounts": 1, "down": 1}] * 3
    (trouble,) = ports.exceptions.list(ExceptionStatus.OPEN)
    assert (trouble.type, trouble.subject, trouble.owner) == ("vendor_down", "netsuite", OwnerGroup.INTEGRATION)
    assert trouble.facts == {"account": "netsuite", "since": "2026-03-02T12:00:00+00:00"}
    assert ports.counts.read() == {"vendor_down": 3, "exceptions_raised": 1}


def test_the_exception_closes_itself_when_the_vendor_answers() -> None:
    ports = outage()
    handler.step(ports)
    ports.clock.pass_(seconds=5)
    call(ports)
    assert handler.step(ports) == {"accounts": 1, "down": 0}
    (trouble,) = ports.exceptions.list(ExceptionStatus.RESOLVED)
    assert trouble.resolution == "cause_gone"


def test_the_status_says_since_when_and_until_when() -> None:
    ports = outage()
    (account,) = ports.slots.accounts()
    told = vendor(account, ports)
    assert (told["standing"], told["in_use"], told["slots"]) == ("down", 0, 5)
    assert (told["since"], told["until"]) == ("2026-03-02T12:00:00+00:00", "2026-03-02T12:00:17+00:00")
    ports.clock.pass_(seconds=5)
    call(ports)
    (account,) = ports.slots.accounts()
    assert vendor(account, ports)["standing"] == "up" and vendor(account, ports)["until"] is None
