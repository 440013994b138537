"""The platform round the handlers: queues that redeliver, sagas that retry, an ERP that keeps what it is given."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from events.commands import PostInvoiceResult
from events.envelope import AnyEnvelope, make_envelope
from events.invoice_paid.v1 import InvoicePaid
from events.time_approved.v1 import TimeApproved
from events.values import Amount, Person, Ref
from functions.processes.billing_status_feedback import record_payment
from functions.processes.billing_status_feedback import start as start_feedback
from functions.processes.invoice import price_invoice, record_posted, reject_invoice, submit_invoice
from functions.processes.time_to_bill import draft_invoices, record_time
from shared.domain.contract import LineKind
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceDocument
from shared.domain.project import ProjectStatus
from shared.domain.terms import LineTerms
from shared.faults import BusinessException
from tests.fakes.flow import NOON
from tests.fakes.ports import FakePorts
from tests.fakes.records import some_contract, some_customer, some_project, some_rate_card
from tests.property.mortal import Fate, MortalPorts, until_done

CONTRACT = "contract-1"
THROUGH = date(2026, 3, 31)
WORKSPACE = Ref(system="kantata", kind="workspace", id="77")
DOCUMENT = TypeAdapter(InvoiceDocument)


@dataclass
class Erp:
    """Asked by our reference first: the same invoice twice is one, under its first number."""

    invoices: dict[str, InvoiceDocument] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def post(self, document: InvoiceDocument) -> PostInvoiceResult:
        kept = self.invoices.setdefault(document.invoice_id, document)
        number = self.numbers.setdefault(document.invoice_id, 1000 + len(self.numbers))
        totals = kept.totals
        return PostInvoiceResult(
            ref=Ref(system="netsuite", kind="invoice", id=str(number)),
            number=f"INV{number}",
            net=totals.net.amount,
            tax=totals.tax.amount,
            gross=totals.gross.amount,
            currency=kept.currency,
            issued_on=kept.issued_on,
            due_on=kept.due_on,
        )


class Platform:
    """One firm with one project. rejects: ERP refuses invoices of these numbers in the order they come, from 0. terms: of
    its contract's line of time and materials."""

    def __init__(
        self,
        deaths: frozenset[int] = frozenset(),
        rejects: frozenset[int] = frozenset(),
        terms: LineTerms | None = None,
    ) -> None:
        self.fake = FakePorts()
        self.fate = Fate(deaths)
        self.ports: Any = MortalPorts(self.fake, self.fate)
        self.erp, self._rejects, self._asked = Erp(), rejects, 0
        self._delivered: set[str] = set()
        self._set_up(terms or LineTerms())

    def _set_up(self, terms: LineTerms) -> None:
        contract, project = some_contract(CONTRACT), some_project(CONTRACT, ProjectStatus.ACTIVE)
        timed = [line.kind is LineKind.TIME_AND_MATERIALS for line in contract.lines]
        lines = zip(contract.lines, timed, strict=True)
        contract = replace(contract, lines=tuple(replace(line, terms=terms) if its else line for line, its in lines))
        self.fake.customers.save(some_customer(), sequence=1)
        self.fake.contracts.save(contract, sequence=1)
        self.fake.projects.add(project)
        self.fake.rate_cards.save(some_rate_card(), sequence=1)
        self.fake.rate_cards.assign("card-1", project.project_id)
        self.fake.references.link(ExternalRef("kantata", "workspace", "77"), project.project_id)

    def tell(self, entry: str, sequence: int, minutes: int | None) -> None:
        """minutes None: withdrawn."""
        event = an_entry(entry, sequence, minutes)
        until_done(lambda: record_time.handler.step(event, self.ports))

    def bill(self) -> list[str]:
        """One billing run and every invoice it drafts, up to the books."""
        asked = draft_invoices.DraftInvoices(contract_id=CONTRACT, through=THROUGH, correlation_id=CONTRACT)
        drafted = until_done(lambda: draft_invoices.handler.step(asked, self.ports))
        ids = [each["invoice_id"] for each in drafted["invoices"]]
        for invoice_id in ids:
            self.invoice(invoice_id)
        self.deliver_outbox()
        return ids

    def invoice(self, invoice_id: str) -> None:
        """The saga: each step is run until it ends, and its input is that of the step before."""
        names = {"invoice_id": invoice_id, "correlation_id": CONTRACT}
        try:
            self._priced_and_submitted(names)
            posted = until_done(lambda: self._post(invoice_id))
        except BusinessException as refusal:
            self._reject(names, refusal)
            return
        command = record_posted.RecordPosted(**names, posted=posted)
        until_done(lambda: record_posted.handler.step(command, self.ports))

    def _priced_and_submitted(self, names: dict[str, str]) -> None:
        price, submit = price_invoice.PriceInvoice(**names), submit_invoice.SubmitInvoice(**names)
        until_done(lambda: price_invoice.handler.step(price, self.ports))
        until_done(lambda: submit_invoice.handler.step(submit, self.ports))

    def _post(self, invoice_id: str) -> PostInvoiceResult:
        """The answer may be lost on the way back; then the connector asks the ERP again."""
        key = self.fake.invoices.get(invoice_id).document_key
        assert key is not None
        document = DOCUMENT.validate_json(self.fake.documents.get(key))
        if invoice_id not in self.erp.invoices and self._refused():
            raise BusinessException("posting_period_closed", invoice_id=invoice_id)
        answer = self.erp.post(document)
        self.fate.moment("answer of the ERP lost")
        return answer

    def _refused(self) -> bool:
        self._asked += 1
        return self._asked - 1 in self._rejects

    def _reject(self, names: dict[str, str], refusal: BusinessException) -> None:
        cause = json.dumps({"code": refusal.code, "facts": refusal.facts})
        command = reject_invoice.RejectInvoice(**names, error={"Error": "BusinessException", "Cause": cause})
        until_done(lambda: reject_invoice.handler.step(command, self.ports))

    def deliver_outbox(self) -> None:
        """What was announced reaches its consumers, every event at least once."""
        for event in list(self.fake.outbox.events.values()):
            if event.type in ("invoice.posted.v1", "invoice.rejected.v1") and event.id not in self._delivered:
                until_done(lambda told=event: start_feedback.handler.step(told, self.ports))
                self._delivered.add(event.id)

    def pay(self, invoice_id: str, sequence: int) -> None:
        event = a_payment(self.fake, invoice_id, sequence)
        until_done(lambda: record_payment.handler.step(event, self.ports))

    def state(self) -> dict[str, Any]:
        """All that a restart could have changed; counts are left out, they may count a thing twice."""
        fake = self.fake
        return {
            "sources": fake.wip.sources,
            "items": fake.wip.items,
            "invoices": fake.invoices.rows,
            "documents": fake.documents.bodies,
            "events": fake.outbox.events,
            "references": fake.references.rows,
            "sagas": fake.sagas.started,
            "exceptions": fake.exceptions.rows,
            "ledgers": fake.invoices.ledgers,
            "erp": self.erp.invoices,
        }


def an_entry(entry: str, sequence: int, minutes: int | None) -> AnyEnvelope:
    person = Person(person_id="u-1", ref=Ref(system="kantata", kind="user", id="7"), name="Bo")
    data = TimeApproved(
        entry_id=entry,
        ref=Ref(system="kantata", kind="time_entry", id=entry),
        project_ref=WORKSPACE,
        state="withdrawn" if minutes is None else "approved",
        person=person,
        role="Consultant",
        worked_on=date(2026, 3, 2),
        minutes=minutes or 0,
        approved_at=NOON,
        approver="Ann",
    )
    return _told(data, entry, sequence, entry, NOON)


def a_payment(fake: FakePorts, invoice_id: str, sequence: int) -> AnyEnvelope:
    invoice = fake.invoices.get(invoice_id)
    assert invoice.totals is not None and invoice.erp_ref is not None
    currency = invoice.totals.gross.currency
    data = InvoicePaid(
        invoice_id=invoice_id,
        erp_ref=Ref(system="netsuite", kind="invoice", id=invoice.erp_ref.id),
        erp_number=invoice.erp_number or "",
        state="paid",
        paid=Amount(amount=invoice.totals.gross.amount, currency=currency),
        open=Amount(amount=Decimal(0), currency=currency),
        seen_on=THROUGH,
    )
    return _told(data, invoice_id, sequence, CONTRACT, NOON + timedelta(days=30))


def _told(data: Any, subject: str, sequence: int, thread: str, at: datetime) -> AnyEnvelope:
    return make_envelope(
        data,
        event_id=f"{data.event_type}:{subject}:{sequence}",
        source="billweave/connectors/test",
        subject=subject,
        occurred_at=at,
        correlation_id=thread,
        legal_entity="US",
        sequence=sequence,
    )
