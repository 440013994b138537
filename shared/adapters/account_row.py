"""The row of a vendor's account (slots.py) as what it says, and the two texts in it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from shared.adapters.rows import Row, number, text
from shared.domain.vendor_account import Held, VendorAccount, Waiting


def account_of(row: Row, account: str, total: int) -> VendorAccount:
    """row: {} for an account nobody has called yet."""
    return VendorAccount(
        account=account,
        total=total,
        held=tuple(_held(row, slot) for slot in range(total) if f"h{slot:02d}" in row),
        waiting=_waiting(str(row.get("waits", "[]"))),
        paused_until_ms=number(row, "paused_until"),
        failures=number(row, "failed"),
        failing_since_ms=number(row, "failing_since"),
        opened_at_ms=number(row, "opened_at"),
        next_probe_ms=number(row, "next_probe"),
        probe_ends_ms=number(row, "probe_ends"),
        probes=number(row, "probes"),
        failing=tuple(json.loads(str(row.get("failing", "[]")))),
    )


def held_by(me: Waiting) -> str:
    """ "<ticket>#<legal entity>": who may give the slot back, and for whom it is."""
    return f"{me.ticket}#{me.entity}"


def waits_text(queue: Iterable[Waiting]) -> str:
    return json.dumps([[each.ticket, each.lane, each.entity, each.since_ms, each.until_ms] for each in queue])


def _waiting(queue: str) -> tuple[Waiting, ...]:
    return tuple(Waiting(*each) for each in json.loads(queue))


def _held(row: Row, slot: int) -> Held:
    ticket, _, entity = text(row, f"h{slot:02d}").partition("#")
    return Held(slot, ticket, entity, number(row, f"s{slot:02d}"))
