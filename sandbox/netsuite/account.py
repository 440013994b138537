"""One simulated account: its records, clock, keys and rules, put together."""

from __future__ import annotations

from pathlib import Path

from sandbox.kit.clock import MovedClock
from sandbox.kit.faults import FaultPlan, Limits, Traffic
from sandbox.kit.store import Store
from sandbox.netsuite.book import Book
from sandbox.netsuite.call import Answer, Call
from sandbox.netsuite.credentials import load_keys
from sandbox.netsuite.faults import EXTRA_ACTIONS
from sandbox.netsuite.jobs import Jobs
from sandbox.netsuite.oauth2 import OAuth2
from sandbox.netsuite.record_api import RecordApi
from sandbox.netsuite.records import Records
from sandbox.netsuite.seed import seed
from sandbox.netsuite.settings import Settings
from sandbox.netsuite.suiteql.mirror import Mirror
from sandbox.netsuite.tba import Tba
from sandbox.netsuite.visibility import Visibility

STANDARD_TIER = 5


class Account:
    def __init__(self, state_dir: Path) -> None:
        self.store = Store(state_dir / "netsuite.sqlite")
        self.keys = load_keys(state_dir)
        self.clock = MovedClock()
        self.settings = Settings()
        self.settings.load(self.store)
        self.book = Book(self.store)
        self.visibility = Visibility(self.clock)
        self.book.listeners.append(self.visibility.note)
        self.records = Records(self.book, self.clock, self.settings)
        self.oauth2 = OAuth2(self.store, self.keys, self.clock)
        self.tba = Tba(self.keys, self.clock)
        self.record_api = RecordApi(self.records, self.visibility)
        self.jobs = Jobs(self.store, self.clock, self.settings, self.record_api.answer)
        self.plan, self.limits, self.traffic = FaultPlan(EXTRA_ACTIONS), Limits(concurrency=STANDARD_TIER), Traffic()
        seed(self.book, self.clock)
        self.mirror = Mirror(self.book, self.settings, self.clock, self.visibility)

    def answer(self, call: Call) -> Answer:
        """A record call, now or as a job. Raises NetSuiteError."""
        if call.prefers("respond-async"):
            return self.jobs.accept(call)
        return self.record_api.answer(call)

    def reset(self) -> None:
        """An account as new; keys and certificates stay what they were."""
        self.store.clear()
        self.jobs.forget()
        self.plan.clear()
        self.limits.concurrency, self.limits.call_ms = STANDARD_TIER, 0
        fresh = Settings().as_json()
        self.settings.change(fresh)
        self.oauth2.add_certificate(self.keys.certificate, self.keys.certificate_id)
        self.book.load()
        seed(self.book, self.clock)
        self.mirror.rebuild()
