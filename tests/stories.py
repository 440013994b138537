"""A firm's fabric in memory, driven in field words: a deal is signed, time is approved, a month is billed.

Every word runs the real handlers on tests/fakes; what EventBridge, SQS and Step Functions would do between them is done
here, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from events.commands import PostCreditMemoResult, PostInvoiceResult
from events.contract_signed.v1 import ContractSigned, SignedInstalment, SignedLine
from events.envelope import AnyEnvelope, Envelope, EventData, make_envelope
from events.expense_approved.v1 import ExpenseApproved
from events.milestone_completed.v1 import MilestoneCompleted
from events.rate_card_changed.v1 import CardRate, RateCardChanged
from events.time_approved.v1 import TimeApproved
from events.values import Amount, Party, Person, PostalAddress, Ref
from functions.operations import request_credit
from functions.processes.invoice import price_invoice, record_posted, reject_invoice, submit_invoice
from functions.processes.milestone_to_invoice import start as milestone_start
from functions.processes.opportunity_to_project import activate_project, open_project, record_reference, start_setup
from functions.processes.time_to_bill import draft_invoices, keep_rate_card, record_expense, record_time
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice
from shared.domain.source import Applied
from shared.usecases.conservation import conservation
from tests.fakes.ports import FakePorts

CONTRACT = "contract-1"
PROJECT = derived_id("project", CONTRACT)
WORKSPACE = Ref(system="kantata", kind="workspace", id="77")
THROUGH = date(2026, 3, 31)
MODELS: dict[str, type[EventData]] = {
    model.event_type: model for model in (TimeApproved, ExpenseApproved, MilestoneCompleted)
}


def usd(amount: str) -> Amount:
    return Amount(amount=Decimal(amount), currency="USD")


def event(data: EventData, subject: str, sequence: int, correlation: str | None = None) -> AnyEnvelope:
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, subject, str(sequence)),
        source="billweave/connectors/test",
        subject=subject,
        occurred_at=datetime.fromtimestamp(1_772_000_000 + sequence, UTC),
        correlation_id=correlation or subject,
        legal_entity="firm",
        sequence=sequence,
    )


def a_party() -> Party:
    return Party(
        customer_id="customer-1",
        ref=Ref(system="salesforce", kind="account", id="001A"),
        name="Acme",
        address=PostalAddress(street="1 Main St", city="Springfield", postal_code="12345", region="IL", country="US"),
        currency="USD",
    )


def a_contract(sequence: int = 1, contract_id: str = CONTRACT, **changes: Any) -> AnyEnvelope:
    """Time and materials; a fixed fee of 1,000.00 in two instalments, March and April; the milestone "Go-live"."""
    parts = (("i-1", date(2026, 3, 31)), ("i-2", date(2026, 4, 30)))
    fee = tuple(SignedInstalment(instalment_id=name, due_on=due, value=usd("500.00")) for name, due in parts)
    lines = (
        SignedLine(line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000")),
        SignedLine(line_id="l-fee", kind="fixed_fee", description="Support", value=usd("1000"), instalments=fee),
        SignedLine(line_id="l-stone", kind="milestone", description="Go-live", value=usd("2500"), milestone="Go-live"),
    )
    values: dict[str, Any] = {
        "contract_id": contract_id,
        "ref": Ref(system="salesforce", kind="opportunity", id=f"006{contract_id}"),
        "opportunity_id": "opportunity-1",
        "reference": "C-2026-001",
        "legal_entity_id": "US",
        "customer": a_party(),
        "project_name": "Rollout",
        "currency": "USD",
        "signed_on": date(2026, 2, 1),
        "starts_on": date(2026, 2, 15),
        "lines": lines,
    }
    return event(ContractSigned(**(values | changes)), contract_id, sequence)


def time_and_materials(rate_line: str = "l-time") -> tuple[SignedLine, ...]:
    return (SignedLine(line_id=rate_line, kind="time_and_materials", description="Consulting", value=usd("50000")),)


def an_entry(entry: str = "t-1", sequence: int = 1, **changes: Any) -> AnyEnvelope:
    """One hour of a consultant on 2 March, approved."""
    values: dict[str, Any] = {
        "entry_id": entry,
        "ref": Ref(system="kantata", kind="time_entry", id=entry),
        "project_ref": WORKSPACE,
        "person": Person(person_id="p-1", ref=Ref(system="kantata", kind="user", id="5"), name="Bo"),
        "role": "Consultant",
        "worked_on": date(2026, 3, 2),
        "minutes": 60,
        "approved_at": datetime(2026, 3, 3, 9, tzinfo=UTC),
        "approver": "Ann",
    }
    return event(TimeApproved(**(values | changes)), entry, sequence)


def an_expense(expense: str = "x-1", sequence: int = 1, **changes: Any) -> AnyEnvelope:
    values: dict[str, Any] = {
        "expense_id": expense,
        "ref": Ref(system="kantata", kind="expense", id=expense),
        "project_ref": WORKSPACE,
        "person": Person(person_id="p-1", ref=Ref(system="kantata", kind="user", id="5"), name="Bo"),
        "category": "Travel",
        "incurred_on": date(2026, 3, 2),
        "value": usd("80.00"),
    }
    return event(ExpenseApproved(**(values | changes)), expense, sequence)


def a_milestone(sequence: int = 1, approver: str | None = "Ann", **changes: Any) -> AnyEnvelope:
    values: dict[str, Any] = {
        "milestone_id": "m-1",
        "ref": Ref(system="kantata", kind="milestone", id="501"),
        "project_ref": WORKSPACE,
        "name": "Go-live",
        "completed_on": date(2026, 3, 10),
        "approver": approver,
    }
    return event(MilestoneCompleted(**(values | changes)), "m-1", sequence)


def a_card(sequence: int = 1, rate: str = "150.00", role: str = "Consultant", **changes: Any) -> AnyEnvelope:
    values: dict[str, Any] = {
        "rate_card_id": "card-1",
        "ref": Ref(system="kantata", kind="rate_card", id="9"),
        "name": "Standard",
        "currency": "USD",
        "rates": (CardRate(rate_id="r-1", rate_per_hour=Decimal(rate), valid_from=date(2026, 1, 1), role=role),),
        "project_refs": (WORKSPACE,),
    }
    return event(RateCardChanged(**(values | changes)), "card-1", sequence)


Run = Callable[[Callable[[], Any]], Any]
"""Runs one invocation of a handler; a test may run it again when it dies."""


@dataclass
class Fabric:
    """ports: everything there is to look at. run: how an invocation is run, straight through unless a test says so."""

    ports: Any = field(default_factory=FakePorts)
    run: Run = lambda act: act()

    def sign(self, signed: AnyEnvelope | None = None) -> Applied:
        signed = signed or a_contract()
        return self.run(lambda: start_setup.handler.step(signed, self.ports))

    def open(self) -> None:
        command = open_project.OpenProject(project_id=PROJECT, contract_id=CONTRACT, correlation_id=CONTRACT)
        self.run(lambda: open_project.handler.step(command, self.ports))

    def refer(self, ref: Ref = WORKSPACE, of: str = "project", announce: bool = True) -> None:
        command = record_reference.RecordReference(
            project_id=PROJECT, contract_id=CONTRACT, correlation_id=CONTRACT, ref=ref, of=of, announce=announce
        )
        self.run(lambda: record_reference.handler.step(command, self.ports))

    def activate(self) -> dict[str, Any]:
        command = activate_project.ActivateProject(project_id=PROJECT, contract_id=CONTRACT, correlation_id=CONTRACT)
        return self.run(lambda: activate_project.handler.step(command, self.ports))

    def price(self, card: AnyEnvelope | None = None) -> Applied:
        card = card or a_card()
        return self.run(lambda: keep_rate_card.handler.step(card, self.ports))

    def ready(self, signed: AnyEnvelope | None = None) -> Fabric:
        """Signed, set up, active, priced."""
        self.sign(signed)
        self.open()
        self.refer()
        self.activate()
        self.price()
        return self

    def approve(self, *events: AnyEnvelope) -> list[Applied | None]:
        return [self.run(lambda each=each: CONSUMERS[each.type](each, self.ports)) for each in events]  # type: ignore[misc]

    def deliver(self) -> int:
        """What was sent to queues of events is taken from them, in order; those it parks again stay parked."""
        sent, self.ports.queues.sent = self.ports.queues.sent, []
        for _, body, _ in sent:
            detail = json.loads(body)["detail"]
            data = MODELS[detail["type"]].model_validate(detail["data"])
            self.approve(Envelope[Any].model_validate(detail).model_copy(update={"data": data}))
        return len(sent)

    def draft(self, through: date = THROUGH, contract_id: str = CONTRACT, *, interim: bool = False) -> dict[str, Any]:
        command = draft_invoices.DraftInvoices(
            contract_id=contract_id, through=through, correlation_id=contract_id, asked=interim, interim=interim
        )
        return self.run(lambda: draft_invoices.handler.step(command, self.ports))

    def to_price(self, invoice_id: str) -> dict[str, Any]:
        command = price_invoice.PriceInvoice(invoice_id=invoice_id, correlation_id=CONTRACT)
        return self.run(lambda: price_invoice.handler.step(command, self.ports))

    def submit(self, invoice_id: str, approver: str | None = None) -> dict[str, Any]:
        command = submit_invoice.SubmitInvoice(invoice_id=invoice_id, correlation_id=CONTRACT, approver=approver)
        return self.run(lambda: submit_invoice.handler.step(command, self.ports))

    def posted(self, invoice_id: str, **changes: Any) -> dict[str, Any]:
        command = record_posted.RecordPosted(
            invoice_id=invoice_id, correlation_id=CONTRACT, posted=self.erp_answer(invoice_id, **changes)
        )
        return self.run(lambda: record_posted.handler.step(command, self.ports))

    def reject(self, invoice_id: str, code: str = "posting_period_closed") -> dict[str, Any]:
        cause = json.dumps({"errorMessage": json.dumps({"code": code, "facts": {}})})
        command = reject_invoice.RejectInvoice(
            invoice_id=invoice_id, correlation_id=CONTRACT, error={"Error": "BusinessException", "Cause": cause}
        )
        return self.run(lambda: reject_invoice.handler.step(command, self.ports))

    def post(self, invoice_id: str) -> Invoice:
        """From sealed to posted, as the saga does it; the ERP agrees to the cent."""
        self.to_price(invoice_id)
        self.submit(invoice_id)
        self.posted(invoice_id)
        return self.invoice(invoice_id)

    def bill(self, through: date = THROUGH, *, interim: bool = False) -> list[Invoice]:
        return [self.post(each["invoice_id"]) for each in self.draft(through, interim=interim)["invoices"]]

    def credit(self, invoice_id: str, request_id: str = "r-1", **asked: Any) -> dict[str, Any]:
        """Somebody asks for a credit; all of the invoice unless told otherwise."""
        values: dict[str, Any] = {"invoice": invoice_id, "reason": "Wrong rate", "submitter": "Ann Accountant"}
        command = request_credit.RequestCredit(**(values | {"request_id": request_id} | asked))
        return self.run(lambda: request_credit.handler.step(command, self.ports))

    def erp_answer(self, invoice_id: str, **changes: Any) -> PostInvoiceResult:
        totals = self.invoice(invoice_id).totals
        assert totals
        if self.invoice(invoice_id).credits:
            ref = Ref(system="netsuite", kind="credit_memo", id=f"ns-{invoice_id}")
            changes = {"ref": ref, "number": f"CM-{invoice_id}", "applied": totals.gross.amount} | changes
        values: dict[str, Any] = {
            "ref": Ref(system="netsuite", kind="invoice", id=f"ns-{invoice_id}"),
            "number": f"INV-{invoice_id}",
            "net": totals.net.amount,
            "tax": totals.tax.amount,
            "gross": totals.gross.amount,
            "currency": totals.gross.currency,
            "issued_on": date(2026, 3, 31),
        }
        made = PostCreditMemoResult if "applied" in changes else PostInvoiceResult
        return made(**(values | changes))

    def invoice(self, invoice_id: str) -> Invoice:
        return self.ports.invoices.get(invoice_id)

    def exceptions(self) -> list[str]:
        """Types of the open ones, oldest first."""
        return [each.type for each in self.ports.exceptions.list() if each.resolved_at is None]

    def conserved(self, legal_entity: str = "US") -> bool:
        rows = conservation(
            list(self.ports.wip.sources_of_legal_entity(legal_entity)),
            list(self.ports.wip.of_legal_entity(legal_entity)),
            list(self.ports.invoices.of_legal_entity(legal_entity)),
            list(self.ports.write_offs.of_legal_entity(legal_entity)),
        )
        return all(row.holds for row in rows)


CONSUMERS: dict[str, Callable[[AnyEnvelope, Any], Applied | None]] = {
    TimeApproved.event_type: record_time.handler.step,
    ExpenseApproved.event_type: record_expense.handler.step,
    MilestoneCompleted.event_type: milestone_start.handler.step,
}
