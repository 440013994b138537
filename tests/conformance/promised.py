"""What a connector's registration file fills in: tests/conformance/<system>.py holds one `CONNECTOR` of this shape."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.connection import Connection
from shared.faults import Fault
from shared.runtime.http_edge import EdgeRequest
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Answer, Call


@dataclass(frozen=True)
class Documented:
    """One error that the vendor documents, and what it must become. wait_s: of a Throttled."""

    answer: Answer
    kind: type[Fault]
    code: str
    wait_s: int | None = None


@dataclass(frozen=True)
class Cut:
    """At most so many characters of a text are kept. rule: where that is written down."""

    length: int
    rule: str


@dataclass(frozen=True)
class Shown:
    """One record as it stands at the vendor, read past the connector. values: by the words of the role's orders
    ("name", "net", "gross", "currency", "texts" ...), as far as the vendor shows them."""

    record_id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Forged:
    """A call of the webhook that must be refused."""

    why: str
    request: EdgeRequest


class Webhook:
    """How the vendor calls us, where it does."""

    def genuine(self, world: Any, feed: str) -> EdgeRequest:
        """A call about one thing that just happened (and does happen, by this)."""
        raise NotImplementedError

    def forged(self, genuine: EdgeRequest) -> Iterable[Forged]:
        """Wrong ones made of a right one: secret, signature, account, kind of body, size, a body that is none."""
        raise NotImplementedError

    def handshake(self, world: Any) -> tuple[EdgeRequest, str] | None:
        """The vendor's first question and the answer it waits for; None: it asks none."""
        return None


class Connector:
    """system: as registered. writes: by record the call that makes it, for planting trouble. reads: by feed its page
    request. token: the request for an access token; None where a person makes tokens. small_pages: settings with which a
    page holds two things. acts: by feed what people do for it where the events it announces do not say ("time", "expense",
    "milestone", "hold", "rates", "deal", "payment"; "" for none).

    documented: every error that the vendor's documentation names. partial: answers of status 200 that carry failures, by
    the record whose write gets them; or why there are none. accepts: by record the fields of its body that the vendor
    takes on create and update, with their longest text (None: unlimited or no text). cuts: by "<record>.<field>".
    skew_s: how far our clock may be off. refreshes: a token that the vendor ended is renewed without anybody.
    unread: by feed how many events one thing of it makes, where it is not one.
    """

    system: str
    writes: Mapping[str, Call]
    reads: Mapping[str, Call]
    token: Call | None = None
    refreshes: bool = True
    skew_s: int = 5
    small_pages: Mapping[str, Any]
    acts: Mapping[str, str] = {}
    events_each: Mapping[str, int] = {}
    documented: tuple[Documented, ...]
    partial: Mapping[str, tuple[Answer, ...]] | str
    accepts: Mapping[str, Mapping[str, int | None]]
    cuts: Mapping[str, Cut] = {}
    webhook: Webhook | None = None
    bodiless: frozenset[str] = frozenset()
    """Records whose write the vendor answers with a status alone: there is nothing to read, so nothing to misread."""
    live_records: tuple[str, ...] = ()
    """Records that can be tried on a real account: written without people, and looked up by `standing_live`."""
    vanishes: Mapping[str, str] = {}
    """By feed why nothing of it can vanish between two pages."""

    def dress(self, ports: Any, connection: Connection, settings: Any, transport: Any) -> None:
        """Gives the shared ports (in memory) what this connector's handlers ask for besides."""
        raise NotImplementedError

    def revoked(self, credentials: Mapping[str, Any]) -> dict[str, Any]:
        """Credentials that the vendor does not know (any more)."""
        raise NotImplementedError

    def secrets(self, credentials: Mapping[str, Any]) -> tuple[str, ...]:
        """Texts that may stand in no log, fault or repr."""
        raise NotImplementedError

    def reference(self, our_id: str) -> str:
        """Our id of an invoice as people see it at the vendor."""
        return our_id

    def standing(self, vendor: Vendor, record: str, our_id: str, name: str) -> list[Shown]:
        """What stands at the vendor under our reference, asked past the connector. name: of customer or project."""
        raise NotImplementedError

    def standing_live(self, ports: Any, record: str, our_id: str, name: str) -> list[Shown]:
        """The same of a real account, which nobody else can look into: by the connector's own reads."""
        raise NotImplementedError

    def body_of(self, record: str, body: bytes) -> Mapping[str, Any]:
        """The fields of one write's body, at its top."""
        raise NotImplementedError

    def vanish(self, vendor: Vendor, feed: str, thing: str) -> None:
        """A person takes away one thing of the feed: `thing` is what `World.happen` answered for it."""
        raise NotImplementedError

    def arrived(self, ports: Any) -> None:
        """Works off what webhooks and polls put on this system's own queues, where it has such."""


def connector_of(system: str) -> Connector:
    """Of its registration file, tests/conformance/<system>.py."""
    found: Connector = importlib.import_module(f"tests.conformance.{system}").CONNECTOR
    return found
