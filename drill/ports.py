"""Ports as a process sees them that may die, wait or lose an answer at any of their calls; the state lives on in `fake`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from drill.fate import Died
from shared.faults import Throttled, Transient
from tests.fakes.ports import FakePorts
from tests.property.mortal import WRITES as MORTAL
from tests.property.mortal import MortalWip

WRITES: dict[str, frozenset[str]] = MORTAL | {
    "write_offs": frozenset({"take", "update", "release"}),
    "holds": frozenset({"tell"}),
    "ledgers": frozenset({"allow"}),
    "audit_log": frozenset({"append"}),
    "accounting_calendars": frozenset({"update"}),
    "publisher": frozenset({"relay", "sweep"}),
    "dead_letters": frozenset({"walk", "send"}),
    "counts": frozenset({"add"}),
    "inbox": frozenset({"delay", "quarantine"}),
    "raw": frozenset({"keep"}),
    "turns": frozenset({"take", "give_back"}),
}
"""Everything that changes something. The other calls of these ports read."""
READ_ONLY = ("event_log", "exchange_rates", "tax_service")
LAGS = {"wip": frozenset({"open_of"})}
"""Reads of an index, which may still show what is gone."""

ON_READ = ("unavailable", "throttled")
ON_WRITE = ("dies_before", "dies_after", "unavailable", "throttled", "answer_lost")


class Place(Protocol):
    """The piece of work that runs now; what it hears of each call."""

    def fault(self, call: str, kinds: tuple[str, ...]) -> str | None: ...
    def overtaken(self, call: str) -> None: ...


class Moments:
    """For the writes that take several transactions: between two of them the process may die."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def moment(self, what: str) -> None:
        self._place.overtaken(what)
        if self._place.fault(what, ("dies_between",)):
            raise Died(what)


class FaultyPort:
    def __init__(self, name: str, port: Any, place: Place) -> None:
        self._name, self._port, self._place = name, port, place
        self._torn = MortalWip(name, port, Moments(place)) if name == "wip" else None  # type: ignore[arg-type]
        self._seen: dict[tuple[Any, ...], list[Any]] = {}

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if not callable(found):
            return found
        act = getattr(self._torn, f"_torn_{method}", found) if self._torn else found
        writes = method in WRITES.get(self._name, ())
        call: Callable[..., Any] = self._write if writes else self._read
        return lambda *args, **named: call(method, act, args, named)

    def _write(self, method: str, act: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        what = f"{self._name}.{method}"
        self._place.overtaken(what)
        fault = self._place.fault(what, ON_WRITE)
        before(what, fault)
        answer = act(*args, **named)
        if fault == "dies_after":
            raise Died(what)
        if fault == "answer_lost":
            raise Transient("aws_answer_lost", call=what)
        return answer

    def _read(self, method: str, act: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        what = f"{self._name}.{method}"
        self._place.overtaken(what)
        lags = method in LAGS.get(self._name, ())
        fault = self._place.fault(what, (*ON_READ, "stale", "stale") if lags else ON_READ)
        before(what, fault)
        answer = act(*args, **named)
        if hasattr(answer, "__next__"):
            answer = list(answer)
            if lags:
                answer = self._lagging((method, *args), answer, fault == "stale")
            return iter(answer)
        return answer

    def _lagging(self, key: tuple[Any, ...], now: list[Any], stale: bool) -> list[Any]:
        """With what it showed before and is no longer there, as it was then: the index has not heard of it yet."""
        there = {each.wip_id for each in now}
        before_ = [each for each in self._seen.get(key, []) if each.wip_id not in there]
        known = {each.wip_id: each for each in [*before_, *now]}
        self._seen[key] = list(known.values())
        return sorted(known.values(), key=lambda each: (each.worked_on, each.wip_id)) if stale else now


def before(what: str, fault: str | None) -> None:
    if fault == "dies_before":
        raise Died(what)
    if fault == "unavailable":
        raise Transient("aws_unavailable", call=what)
    if fault == "throttled":
        raise Throttled("aws_busy", 1, call=what)


class FaultyPorts:
    """extra: what only some handlers ask for, such as a vendor's client."""

    def __init__(self, fake: FakePorts, place: Place, **extra: Any) -> None:
        self._fake = fake
        self._faulty = {name: FaultyPort(name, getattr(fake, name), place) for name in (*WRITES, *READ_ONLY)}
        self._extra = extra

    def __getattr__(self, name: str) -> Any:
        for known in (self.__dict__.get("_extra", {}), self.__dict__.get("_faulty", {})):
            if name in known:
                return known[name]
        return getattr(self._fake, name)
