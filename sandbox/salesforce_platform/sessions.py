"""Access tokens: durable, ended by their age or all at once.

Source: vendors/salesforce.md, section 3.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass

from sandbox.kit.store import Store
from sandbox.salesforce_platform.settings import Settings


@dataclass(frozen=True)
class Session:
    token: str
    user_id: str
    client_id: str
    issued_at: float


class Sessions:
    def __init__(self, store: Store, settings: Settings, org_id: str) -> None:
        self._store, self._settings, self._org_id = store, settings, org_id
        self.load()

    def load(self) -> None:
        kept = (Session(**one) for one in self._store.all("sim:token"))
        self._open = {session.token: session for session in kept}

    def begin(self, user_id: str, client_id: str) -> Session:
        token = f"{self._org_id[:15]}!AQ{secrets.token_urlsafe(60)}"
        session = Session(token, user_id, client_id, time.time())
        self._store.put("sim:token", token, asdict(session))
        self._open[token] = session
        return session

    def find(self, token: str) -> Session | None:
        session = self._open.get(token)
        if session and time.time() - session.issued_at > self._settings.session_ttl_s:
            self.end(token)
            return None
        return session

    def end(self, token: str) -> bool:
        self._store.delete("sim:token", token)
        return self._open.pop(token, None) is not None

    def end_all(self) -> None:
        with self._store.transaction():
            for token in list(self._open):
                self.end(token)
