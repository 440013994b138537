"""Kantata takes the same project or invoice twice: of two deliveries of one command at once, one makes and one waits.

A claim row per thing is written before anything is made and let go afterwards; one left by a process that died runs out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.settings import SYSTEM
from shared.faults import Transient

HELD_S = 90
"""Longer than a command's function may run; shorter than its message is hidden after a crash."""


@contextmanager
def claim(what: str, our_id: str, ports: KantataPorts) -> Iterator[bool]:
    """Answers whether somebody was at it before us: then look again whether it stands.

    Raises Transient("psa_being_made") while another process makes it.
    """
    key = f"{SYSTEM}:making:{what}:{our_id}"
    before, now = ports.cursors.read(key), int(ports.clock.now().timestamp())
    mine = {"by": uuid4().hex, "until": now + HELD_S}
    if int(before.get("until", 0)) > now or not ports.cursors.write(key, mine, expected=before):
        raise Transient("psa_being_made", what=what, id=our_id)
    try:
        yield bool(before)
    finally:
        ports.cursors.write(key, {"until": 0}, expected=mine)
