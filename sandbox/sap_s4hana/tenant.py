"""One simulated tenant: its rows, clock, keys and rules, put together."""

from __future__ import annotations

from pathlib import Path

from sandbox.kit.faults import FaultPlan, Limits, Traffic
from sandbox.kit.store import Store
from sandbox.sap_s4hana.auth import Auth
from sandbox.sap_s4hana.billing import Billing
from sandbox.sap_s4hana.book import Book, Change
from sandbox.sap_s4hana.changing import Changing
from sandbox.sap_s4hana.clock import Clock
from sandbox.sap_s4hana.credentials import load_keys
from sandbox.sap_s4hana.events import Events
from sandbox.sap_s4hana.faults import EXTRA_ACTIONS
from sandbox.sap_s4hana.functions import Functions
from sandbox.sap_s4hana.gateway import Gateway
from sandbox.sap_s4hana.partners import Partners
from sandbox.sap_s4hana.projects import Projects
from sandbox.sap_s4hana.reading import Reader
from sandbox.sap_s4hana.salesdocs import SalesDocuments
from sandbox.sap_s4hana.services import ENTITIES
from sandbox.sap_s4hana.sessions import Sessions
from sandbox.sap_s4hana.settings import Settings
from sandbox.sap_s4hana.visibility import Visibility
from sandbox.sap_s4hana.work import Work


class Tenant:
    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.store = Store(state_dir / "sap_s4hana.sqlite")
        self.keys, self.clock = load_keys(state_dir), Clock()
        self.settings = Settings()
        self.settings.load(self.store)
        self.book = Book(self.store, ENTITIES.values())
        self.visibility = Visibility(self.clock)
        self.plan, self.limits, self.traffic = FaultPlan(EXTRA_ACTIONS), Limits(), Traffic()
        self.work = Work(self.book, self.clock, self.settings, ENTITIES)
        self.projects = Projects(self.work)
        self.documents = SalesDocuments(self.work, self.projects)
        self.billing = Billing(self.work, self.documents)
        self.partners = Partners(self.work)
        self.auth = Auth(self.keys, self.clock, self.settings)
        self.sessions = Sessions(self.clock, self.settings)
        self.events = Events(self.store, self.clock, self.settings, self.plan)
        functions = Functions(self.work, self.projects, self.documents, self.billing)
        changing = Changing(self.work, self.partners, self.projects, self.documents)
        self.gateway = Gateway(self.work, Reader(self.book, self.settings, self.visibility), changing, functions)
        self.book.settling.append(self.events.note)
        self.book.listeners.append(self._hide)
        self._keys = {one.table: one.keys for one in ENTITIES.values()}

    def _hide(self, changes: list[Change]) -> None:
        self.visibility.note(changes, self._keys)

    def expire(self) -> None:
        """Sessions with their CSRF tokens, and access tokens."""
        self.sessions.forget_all()
        self.auth.forget_tokens()

    def reset(self) -> None:
        """A tenant as new; the keys stay what they were."""
        self.store.clear()
        self.plan.clear()
        self.limits.concurrency, self.limits.call_ms = None, 0
        self.settings.change(Settings().as_json())
        self.visibility.hides.clear()
        self.clock.reset()
        self.book.load()
        self.events.load()
        self.sessions.forget_all()
