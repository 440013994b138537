"""Ports whose process may die at any write: before it, after it, or in the middle of one that takes several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from shared.faults import Transient
from tests.fakes.ports import FakePorts

R = TypeVar("R")

WRITES: dict[str, frozenset[str]] = {
    "wip": frozenset({"record", "claim", "release"}),
    "invoices": frozenset({"open_draft", "seal", "update", "forget"}),
    "credits": frozenset({"grant", "complete", "undo", "release"}),
    "projects": frozenset({"add", "update"}),
    "contracts": frozenset({"save"}),
    "customers": frozenset({"save"}),
    "milestones": frozenset({"save"}),
    "rate_cards": frozenset({"save", "assign"}),
    "documents": frozenset({"put"}),
    "exceptions": frozenset({"raise_", "resolve"}),
    "references": frozenset({"link"}),
    "outbox": frozenset({"record"}),
    "parking": frozenset({"park", "unpark"}),
    "queues": frozenset({"send"}),
    "sagas": frozenset({"start"}),
    "tasks": frozenset({"succeed", "fail"}),
}
"""Everything that changes something a restart could see. Counts may count a thing twice and are left out."""

MOST_RESTARTS = 60


class Died(Exception):
    """The process is gone. No handler may catch this."""


@dataclass
class Fate:
    """deaths: numbers of moments at which the process dies; each write has one before and one after it, and those that
    take several transactions have some in between. moments: how many there were so far.
    meanwhile: what another process does, from its start to its end, at one of these moments.
    """

    deaths: frozenset[int] = frozenset()
    meanwhile: dict[int, Callable[[], object]] = field(default_factory=dict)
    moments: int = 0
    died_at: list[str] = field(default_factory=list)

    def moment(self, what: str) -> None:
        self.moments += 1
        if other := self.meanwhile.pop(self.moments - 1, None):
            other()
        if self.moments - 1 in self.deaths:
            self.died_at.append(what)
            raise Died(what)


class MortalPort:
    def __init__(self, name: str, port: Any, fate: Fate) -> None:
        self._name, self._port, self._fate = name, port, fate

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if method not in WRITES[self._name]:
            return found
        torn = getattr(self, f"_torn_{method}", None)
        act: Callable[..., Any] = torn or found

        def write(*args: Any, **named: Any) -> Any:
            self._fate.moment(f"before {self._name}.{method}")
            answer = act(*args, **named)
            self._fate.moment(f"after {self._name}.{method}")
            return answer

        return write


class MortalWip(MortalPort):
    """A claim and a release of many items are several transactions; here of one item each."""

    def _torn_claim(self, invoice_id: str, wip_ids: Sequence[str]) -> tuple[str, ...]:
        claimed: list[str] = []
        for wip_id in wip_ids:
            claimed += self._port.claim(invoice_id, [wip_id])
            self._fate.moment("between claims")
        return tuple(claimed)

    def _torn_release(self, invoice_id: str) -> int:
        items = list(self._port.claimed_by(invoice_id))
        for item in items[:-1]:
            self._port.items[item.wip_id] = replace(item, claimed_by=None)
            self._port._invoices.claimed.pop(item.wip_id)
            self._fate.moment("between releases")
        self._port.release(invoice_id)
        return len(items)


class MortalPorts:
    """FakePorts as a process sees them that dies by `fate`; the state lives on in `ports`."""

    def __init__(self, ports: FakePorts, fate: Fate) -> None:
        self.ports, self.fate = ports, fate
        self._mortal = {name: self._wrapped(name) for name in WRITES}

    def _wrapped(self, name: str) -> MortalPort:
        made = MortalWip if name == "wip" else MortalPort
        return made(name, getattr(self.ports, name), self.fate)

    def __getattr__(self, name: str) -> Any:
        mortal: Mapping[str, MortalPort] = self.__dict__.get("_mortal", {})
        return mortal[name] if name in mortal else getattr(self.ports, name)


def until_done(work: Callable[[], R]) -> R:
    """As SQS and Step Functions do: whatever died is run again with the same input until it ends by itself."""
    for _ in range(MOST_RESTARTS):
        try:
            return work()
        except (Died, Transient):
            continue
    raise AssertionError(f"not done after {MOST_RESTARTS} restarts")
