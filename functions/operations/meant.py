"""Which of our records a person means who names it by the id of any system."""

from __future__ import annotations

from collections.abc import Callable

from shared.ports.ports import Ports


def meant(any_id: str, find: Callable[[str], object | None], ports: Ports) -> str:
    """Our id. What nobody knows comes back as it is: the look-up by our id then says so."""
    if find(any_id):
        return any_id
    return next((ours for _, ours in ports.references.look_up(any_id) if find(ours)), any_id)
