"""The worlds of the three roles: which records they write, what must be there first, what people do at their desks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from events.values import Ref
from sandbox.firm.offices import OFFICES
from sandbox.firm.shape import Client, Consultant, Cost, Deal, Entry, Kind
from shared.domain.identity import ExternalRef
from shared.domain.invoice import BillingGroup, Invoice, InvoiceDocument, InvoiceStatus
from tests.conformance.orders import ENTITY
from tests.conformance.world import World

_DOCUMENT = TypeAdapter(InvoiceDocument)


def keep_document(document: InvoiceDocument, ports: Any) -> str:
    key = f"documents/{document.invoice_id}"
    ports.documents.put(key, _DOCUMENT.dump_json(document))
    return key


class KnownInvoices:
    """Those that the fabric has posted: an ERP's payments are told of no others."""

    def __init__(self) -> None:
        self.known: dict[str, Invoice] = {}

    def find(self, invoice_id: str) -> Invoice | None:
        return self.known.get(invoice_id)

    def add(self, document: InvoiceDocument) -> None:
        group = BillingGroup(ENTITY, document.customer_id, document.contract_id, "monthly", document.currency, None)
        self.known[document.invoice_id] = Invoice(
            document.invoice_id, group, document.period_end, 1, InvoiceStatus.POSTED
        )


class ErpWorld(World):
    records = ("customer", "project", "invoice", "credit_memo")
    _paid = 1000

    def opened(self, *given: Any, **settings: Any) -> Any:
        ports = super().opened(*given, **settings)
        ports.invoices = getattr(self, "invoices", None) or KnownInvoices()
        self.invoices = ports.invoices
        return ports

    def ready(self, record: str, number: int, ports: Any) -> None:
        before = {"customer": (), "project": ("customer",), "invoice": ("customer", "project")}
        for needed in before.get(record, ("customer", "project", "invoice")):
            self.done(needed, number, ports)

    def command(self, record: str, number: int, ports: Any, **changes: Any) -> Any:
        if record == "customer":
            return self.orders.customer(number, **changes)
        if record == "project":
            return self.orders.erp_project(number, **changes)
        texts = changes.pop("texts", ())
        memo = record == "credit_memo"
        document = self.orders.memo(number) if memo else self.orders.document(number, *texts, **changes)
        return self.orders.post(document, keep_document(document, ports))

    def _act(self, act: str) -> str:
        """A customer pays an invoice of ours whole."""
        self._paid += 1
        self.ready("invoice", self._paid, self.ports)
        self.done("invoice", self._paid)
        self.invoices.add(self.orders.document(self._paid))
        ours = self.connector.reference(self.our_id("invoice", self._paid))
        invoice = next(each for each in self.vendor.desk.invoices() if each.reference == ours)
        self.vendor.desk.take_payment(invoice.invoice_id)
        return str(invoice.invoice_id)


class CrmWorld(World):
    records = ("project", "invoice")
    _client = Client("Conformance Freight Inc", "1 Dock St", "Seattle", "WA", "98101", "US", "US", "USD", None)
    _deals = 0

    def deal(self, number: int) -> Ref:
        """The CRM's own id of a deal of ours, won for this number."""
        name = f"{self.orders.name(number)} deal"
        if name not in self.vendor.desk.deals:
            self._win(name)
        return Ref(system=self.system, kind="opportunity", id=self.vendor.desk.deals[name])

    def _win(self, name: str) -> None:
        desk, today = self.vendor.desk, datetime.now(UTC).date()
        if not desk.deals:
            desk.open_catalogue(["USD"])
            desk.win_account(self._client)
        deal = Deal(name, self._client.name, "US", Kind.TIME, Decimal(50000), (), None, 30, ())
        desk.close(deal, "USD", today, today)

    def ready(self, record: str, number: int, ports: Any) -> None:
        self.deal(number)

    def our_id(self, record: str, number: int) -> str:
        return self.deal(number).id if record == "project" else self.orders.id_of(record, number)

    def command(self, record: str, number: int, ports: Any, **changes: Any) -> Any:
        deal = self.deal(number)
        if record == "project":
            return self.orders.report_project(number, deal, **changes)
        document = self.orders.document(number)
        return self.orders.report_invoice(document, keep_document(document, ports), opportunity_ref=deal, **changes)

    def _act(self, act: str) -> str:
        self._deals += 1
        name = f"{self.orders.name(self._deals)} won"
        self._win(name)
        return str(self.vendor.desk.deals[name])


class PsaWorld(World):
    records = ("project", "invoice")
    _staffed: set[int]
    _refs: dict[int, Ref]
    _works: dict[int, ExternalRef]
    _made = 0

    @property
    def _today(self) -> date:
        return datetime.now(UTC).date()

    @property
    def _person(self) -> Consultant:
        return Consultant("Ann Conform", f"ann.{self.vendor.run}@meridian.example", "US", "Consultant")

    @property
    def _others(self) -> list[Consultant]:
        """One of each other role of the office: its price list names them all."""
        roles = [role for role in OFFICES["US"].rates if role != self._person.role]
        return [Consultant(role, f"{n}.{self.vendor.run}@meridian.example", "US", role) for n, role in enumerate(roles)]

    def ready(self, record: str, number: int, ports: Any) -> None:
        """A report is about work of a project: there is one, with an approved entry that the fabric has read."""
        if record == "invoice":
            self._staff(number)
            self._work(number)

    def _staff(self, number: int) -> str:
        """The project's title; somebody works on it."""
        desk, title = self.vendor.desk, self.orders.name(number)
        if not hasattr(self, "_staffed"):
            self._staffed, self._refs, self._works = set(), {}, {}
            desk.hire([self._person, *self._others])
            desk.price(OFFICES["US"])
        if number not in self._staffed:
            self._refs[number] = self.done("project", number).ref
            desk.find_projects()
            desk.staff(title, OFFICES["US"], [self._person.email])
            self._staffed.add(number)
        return title

    def command(self, record: str, number: int, ports: Any, **changes: Any) -> Any:
        if record == "project":
            return self.orders.psa_project(number, **changes)
        document = self.orders.document(number, source=self._work(number))
        project = self._refs[number]
        return self.orders.report_invoice(document, keep_document(document, ports), project_refs=(project,), **changes)

    def _work(self, number: int) -> ExternalRef:
        """One approved entry of the project as the fabric knows it: read by the feed of time."""
        if number not in self._works:
            feed = next(name for name in self.feeds if self.act_of(name) == "time")
            before = {event.subject for event in self.told(feed)}
            self._time(number)
            self.drain(feed)
            event = next(event for event in self.told(feed) if event.subject not in before)
            self._works[number] = ExternalRef(**event.data.ref.model_dump())
        return self._works[number]

    def _act(self, act: str) -> str:
        acts = {"time": self._time, "expense": self._expense, "milestone": self._milestone, "hold": self._hold}
        return acts[act](1)

    def _time(self, number: int) -> str:
        desk, title, day = self.vendor.desk, self._staff(number), self._today - timedelta(days=3)
        self._made += 1
        entry = Entry(self._made, title, self._person.email, day, 50, f"Work {self._made}")
        made = desk.log_time([entry])[self._made]
        desk.approve_time(desk.submit_time([(title, self._person.email)], day, day))
        return str(made)

    def much_work(self, count: int) -> None:
        """So many approved entries of one person, on one sheet."""
        desk, title, day = self.vendor.desk, self._staff(1), self._today - timedelta(days=3)
        email = self._person.email
        desk.log_time([Entry(10_000 + n, title, email, day, 1 + n % 60, f"Bulk {n}") for n in range(count)])
        desk.approve_time(desk.submit_time([(title, email)], day, day))

    def _expense(self, number: int) -> str:
        desk, title, day = self.vendor.desk, self._staff(number), self._today - timedelta(days=3)
        self._made += 1
        cost = Cost(self._made, title, self._person.email, day, Decimal("42.50"), "Travel", "Taxi")
        desk.spend([cost], {title: "USD"})
        desk.approve_expenses(desk.submit_expenses([(title, self._person.email)], day, day))
        return str(self._made)

    def _milestone(self, number: int) -> str:
        """Each is the milestone of a project of its own."""
        self._made += 1
        number = 5000 + self._made
        title = self._staff(number)
        milestone = self.vendor.desk.complete_milestone(title, "Go-live")
        self.vendor.desk.accept_milestone(milestone, "Pat")
        return str(milestone)

    def _hold(self, number: int) -> str:
        """Each is a hold of a project of its own."""
        self._made += 1
        number = 7000 + self._made
        title = self._staff(number)
        self.vendor.desk.hold(title, True)
        return title


WORLDS: dict[str, type[World]] = {"crm": CrmWorld, "psa": PsaWorld, "erp": ErpWorld}
