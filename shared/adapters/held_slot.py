"""One slot for calls that belong together: inside a lease, a lease of the same thread and account is that lease.

Between two calls of one document nobody else takes the slot, so it is not looked for anew, and half done work is not
overtaken. How the whole ends says how the vendor does. A slot is held no longer than its invocation lives.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from shared.domain.vendor_account import VendorAccount
from shared.ports.flow import Slots


class HeldSlot:
    def __init__(self, slots: Slots) -> None:
        self._slots, self._mine = slots, threading.local()

    @contextmanager
    def lease(self, account: str, lane: str) -> Iterator[None]:
        """As Slots.lease, which is asked for the outermost only."""
        held = self._held()
        if account in held:
            yield
            return
        with self._slots.lease(account, lane):
            held.add(account)
            try:
                yield
            finally:
                held.discard(account)

    def accounts(self) -> list[VendorAccount]:
        return self._slots.accounts()

    def _held(self) -> set[str]:
        if not hasattr(self._mine, "accounts"):
            self._mine.accounts = set()
        found: set[str] = self._mine.accounts
        return found
