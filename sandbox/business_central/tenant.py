"""One simulated tenant with one environment: its records, clock, keys and rules, put together."""

from __future__ import annotations

from pathlib import Path

from sandbox.business_central.batch import Batch
from sandbox.business_central.book import Book
from sandbox.business_central.clock import Clock
from sandbox.business_central.credentials import load_keys
from sandbox.business_central.faults import EXTRA_ACTIONS
from sandbox.business_central.governor import CONNECTIONS, Governor
from sandbox.business_central.notifications import Notifications
from sandbox.business_central.replica import Replica
from sandbox.business_central.seed import seed
from sandbox.business_central.service import Service
from sandbox.business_central.settings import Settings
from sandbox.business_central.subscriptions import Subscriptions
from sandbox.business_central.tokens import Tokens
from sandbox.kit.faults import FaultPlan, Limits, Traffic
from sandbox.kit.store import Store


class Tenant:
    def __init__(self, state_dir: Path) -> None:
        self.store = Store(state_dir / "business_central.sqlite")
        self.keys, self.clock = load_keys(state_dir), Clock()
        self.settings = Settings()
        self.settings.load(self.store)
        self.plan, self.limits, self.traffic = FaultPlan(EXTRA_ACTIONS), Limits(concurrency=CONNECTIONS), Traffic()
        self.tokens = Tokens(self.store, self.keys, self.clock, self.settings)
        self.governor = Governor(self.settings, self.clock)
        self.book = Book(self.store)
        seed(self.book, self.clock)
        self.subscriptions = Subscriptions(self.store, self.clock, self.settings)
        self.notifications = Notifications(self.store, self.clock, self.settings, self.subscriptions)
        self.book.listeners.append(self.notifications.note)
        self.replica = Replica(self.book, self.clock, self.settings)
        self.service = Service(self.book, self.replica, self.clock, self.settings, self.plan)
        self.batch = Batch(self.book, self.service.answer)

    def reset(self) -> None:
        """A tenant as new; the app's credentials stay what they were."""
        self.store.clear()
        self.plan.clear()
        self.limits.concurrency = CONNECTIONS
        self.settings.change(Settings().as_json())
        self.governor.forget()
        self.tokens.forget()
        self.subscriptions.forget()
        self.notifications.forget()
        self.service.presenter.forget()
        self.book.load()
        seed(self.book, self.clock)
        self.replica.forget()
