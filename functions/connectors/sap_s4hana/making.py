"""What SAP commits is seen late, and it takes the same partner or request twice: what an earlier attempt at one thing left.

Of two deliveries of one command one waits, as with every connector: the lane's turn. That turn ends with its attempt; what
outlives it is a cursor row `sap_s4hana:making:<what>:<our id>`, written right before something is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.connectors.sap_s4hana.client import Row
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.settings import SYSTEM
from shared.faults import Duplicate, Fault, Transient

MADE = {"open": True}
"""Sent, and its answer is not written down: it was made, or its process died."""
REFUSED = {"open": False}


@dataclass(frozen=True, slots=True)
class Making:
    """One thing, found by our id where it stands. before: what the row said as this attempt began, empty at the first."""

    what: str
    our_id: str
    before: Mapping[str, Any]
    ports: SapPorts

    @property
    def again(self) -> bool:
        """Something may have been made before, so look first."""
        return bool(self.before)

    def make(self, record: str, create: Callable[[], Row]) -> Row:
        """What `create` made, where `record` was not found.

        Raises Transient("erp_record_not_visible") while what an earlier attempt sent may still show.
        """
        self._wait_for(record)
        if not self._note(MADE, expected=self.before):
            raise self._unseen(record)
        try:
            return create()
        except Duplicate:
            raise
        except Fault as fault:
            lost = fault.code == "unknown_outcome"
            self._note({"lost_at": self._now()} if lost else REFUSED, expected=MADE)
            raise

    def _wait_for(self, record: str) -> None:
        """From the lost answer on; one that was never written down counts from the attempt that misses it."""
        if not self.before or self.before == REFUSED:
            return
        lost_at = int(self.before.get("lost_at", self._now()))
        if self._now() < lost_at + self.ports.erp.settle_s:
            self._note({"lost_at": lost_at}, expected=self.before)
            raise self._unseen(record)

    def _unseen(self, record: str) -> Transient:
        return Transient("erp_record_not_visible", record=record, our_id=self.our_id)

    def _note(self, state: Mapping[str, Any], *, expected: Mapping[str, Any]) -> bool:
        """False if another attempt wrote meanwhile: its turn was over before it was."""
        return self.ports.cursors.write(_key(self.what, self.our_id), state, expected=expected)

    def _now(self) -> int:
        return int(self.ports.clock.now().timestamp())


def making(what: str, our_id: str, ports: SapPorts) -> Making:
    return Making(what, our_id, ports.cursors.read(_key(what, our_id)), ports)


def _key(what: str, our_id: str) -> str:
    return f"{SYSTEM}:making:{what}:{our_id}"
