"""What is wrong with a document that somebody handed us: all of it at once, each with its place."""

from __future__ import annotations

from collections.abc import Sequence


class Faulty(Exception):
    """faults: one line each, "place: what is wrong and what would be right", in the order of the document."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"{len(faults)} faults, first: {faults[0]}")
        self.faults = tuple(faults)
