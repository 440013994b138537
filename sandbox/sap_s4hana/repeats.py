"""`RequestID` on POST: the first result again, where the tenant honours it. Off unless set: which services do is unknown.

Source: vendor notes, section 8.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.kit.store import Store
from sandbox.sap_s4hana.call import Answer, Call
from sandbox.sap_s4hana.errors import bad_payload
from sandbox.sap_s4hana.settings import Settings

_KIND = "sim:request"


class Repeats:
    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    def answer(self, call: Call, carry_out: Callable[[Call], Answer]) -> Answer:
        """Raises what `carry_out` raises; SapError 400 for an id that is none."""
        request_id = call.headers.get("requestid", "")
        if not (self._settings.honours_request_id and request_id and call.method == "POST" and call.version == 2):
            return carry_out(call)
        if not re.fullmatch(r"[0-9A-Fa-f]{32}", request_id):
            raise bad_payload("RequestID must have 32 hexadecimal digits")
        kept = self._store.get(_KIND, request_id.upper())
        if kept is not None:
            first = Answer(kept["status"], kept["body"], dict(kept["headers"]))
            first.headers["repeatabilityresult"] = "accepted"
            return first
        with self._store.transaction():
            made = carry_out(call)
            self._store.put(
                _KIND, request_id.upper(), {"status": made.status, "body": made.body, "headers": made.headers}
            )
        made.headers["repeatabilityresult"] = "accepted"
        return made
