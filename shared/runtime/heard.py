"""What a vendor told, kept before what was made of it is recorded: so that it can be mapped again, by another mapping.

raw/<system>/<feed>/<day heard>/<hash>: {"feed", "mapping", "rows", "beside", "events"}. rows and beside: as the vendor sent
them, numbers exact; beside is what a row cannot be read without. events: id, type and subject of what was made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.ports import flow


class HeardPorts(Protocol):
    @property
    def raw(self) -> flow.RawPayloads: ...
    @property
    def clock(self) -> flow.Clock: ...


def keep_heard(
    ports: HeardPorts,
    *,
    system: str,
    feed: str,
    mapping: str,
    rows: Sequence[Mapping[str, Any]],
    beside: Mapping[str, Any],
    events: Sequence[AnyEnvelope],
) -> None:
    """mapping: the version that made `events` of `rows`. Nothing is kept where nothing was made."""
    from shared.adapters.exact_json import exact_json

    if not events:
        return
    made = [{"id": event.id, "type": event.type, "subject": event.subject} for event in events]
    told = {"feed": feed, "mapping": mapping, "rows": list(rows), "beside": beside, "events": made}
    ports.raw.keep(system, f"{feed}/{ports.clock.now().date().isoformat()}", exact_json(told))
