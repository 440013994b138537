"""What the fabric asks of systems of each role, as the processes would: commands and documents, told apart by a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from events.commands import (
    CreateProject,
    EnsureCustomer,
    EnsureErpProject,
    PlannedMilestone,
    PostCreditMemo,
    PostInvoice,
    ReportInvoice,
    ReportProject,
)
from events.values import Amount, Party, PostalAddress, Ref
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceLine, InvoiceTotals, TaxSubtotal
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision

ENTITY, CURRENCY = "DE", "EUR"
STANDARD = TaxDecision(TaxCategory.STANDARD, Decimal("19.00"), None, "de-19")
STARTS, ISSUED, DUE = date(2026, 3, 1), date(2026, 10, 31), date(2026, 11, 30)


class Orders:
    """run: goes into every id and name, so that no two runs meet at one vendor."""

    def __init__(self, run: str) -> None:
        self._run = run

    def id_of(self, kind: str, number: int) -> str:
        return derived_id(kind, "conformance", self._run, str(number))

    def name(self, number: int) -> str:
        return f"Conformance {self._run} {number}"

    def party(self, number: int, **changes: Any) -> Party:
        address = PostalAddress(street="Hauptstr. 1", city="Berlin", postal_code="10115", country="DE")
        values: dict[str, Any] = {
            "customer_id": self.id_of("customer", number),
            "ref": Ref(system="crm", kind="account", id=f"{self._run}-{number}"),
            "name": self.name(number),
            "address": address,
            "tax_number": "DE811907980",
            "currency": CURRENCY,
        }
        return Party(**(values | changes))

    def customer(self, number: int, **changes: Any) -> EnsureCustomer:
        return EnsureCustomer(legal_entity_id=ENTITY, customer=self.party(number, **changes))

    def erp_project(self, number: int, **changes: Any) -> EnsureErpProject:
        values: dict[str, Any] = {
            "project_id": self.id_of("project", number),
            "contract_id": self.id_of("contract", number),
            "contract_reference": f"C-{number}",
            "legal_entity_id": ENTITY,
            "customer_id": self.id_of("customer", number),
            "name": self.name(number),
            "currency": CURRENCY,
            "starts_on": STARTS,
        }
        return EnsureErpProject(**(values | changes))

    def psa_project(self, number: int, **changes: Any) -> CreateProject:
        values: dict[str, Any] = {
            "project_id": self.id_of("project", number),
            "contract_id": self.id_of("contract", number),
            "contract_reference": f"C-{number}",
            "legal_entity_id": "US",
            "name": self.name(number),
            "customer": self.party(number, currency="USD", tax_number=None),
            "currency": "USD",
            "starts_on": STARTS,
            "milestones": (PlannedMilestone(milestone="Go-live", value=Amount(amount=Decimal(2000), currency="USD")),),
        }
        return CreateProject(**(values | changes))

    def line(self, number: int, at: int, **changes: Any) -> InvoiceLine:
        """50 minutes at 40.00 an hour: 33.33, of which three make 18.99 of tax by line and 19.00 by group."""
        values: dict[str, Any] = {
            "line_id": derived_id("line", self._run, str(number), str(at)),
            "wip_id": derived_id("wip", self._run, str(number), str(at)),
            "contract_line_id": "line-1",
            "project_id": self.id_of("project", number),
            "description": f"Consulting {at}",
            "quantity": Decimal(50),
            "unit": "minute",
            "unit_price": Decimal("40.00"),
            "price_base_quantity": Decimal(60),
            "net": Money(Decimal("33.33"), CURRENCY),
            "tax": STANDARD,
        }
        return InvoiceLine(**(values | changes))

    def document(self, number: int, *texts: str, source: ExternalRef | None = None, **changes: Any) -> InvoiceDocument:
        """texts: of its lines. Totals by EN 16931: tax on the sum of the lines."""
        words = texts or ("Consulting 1", "Consulting 2", "Consulting 3")
        lines = tuple(
            self.line(number, at, description=text, source_ref=source if at == 0 else None)
            for at, text in enumerate(words)
        )
        net = sum((each.net for each in lines), Money.zero(CURRENCY))
        tax = Money(net.amount * STANDARD.rate / 100, CURRENCY).rounded()
        values: dict[str, Any] = {
            "invoice_id": self.id_of("invoice", number),
            "legal_entity_id": ENTITY,
            "customer_id": self.id_of("customer", number),
            "contract_id": self.id_of("contract", number),
            "contract_reference": f"C-{number}",
            "project_id": self.id_of("project", number),
            "purchase_order": "PO-77",
            "currency": CURRENCY,
            "issued_on": ISSUED,
            "due_on": DUE,
            "period_end": ISSUED,
            "lines": lines,
            "totals": InvoiceTotals(net, tax, net + tax, (TaxSubtotal(STANDARD, net, tax),)),
        }
        return InvoiceDocument(**(values | changes))

    def memo(self, number: int) -> InvoiceDocument:
        """Credits the whole of invoice `number`."""
        return replace(
            self.document(number),
            invoice_id=self.id_of("credit_memo", number),
            kind=InvoiceKind.CREDIT_MEMO,
            credits=self.id_of("invoice", number),
            reason="Wrong rate",
        )

    def post(self, document: InvoiceDocument, key: str) -> PostInvoice | PostCreditMemo:
        of = PostCreditMemo if document.kind is InvoiceKind.CREDIT_MEMO else PostInvoice
        return of(invoice_id=document.invoice_id, legal_entity_id=document.legal_entity_id, document_key=key)

    def report_project(self, number: int, deal: Ref, **changes: Any) -> ReportProject:
        values: dict[str, Any] = {
            "opportunity_ref": deal,
            "project_id": self.id_of("project", number),
            "status": "active",
            "url": "https://psa.example/projects/1",
        }
        return ReportProject(**(values | changes))

    def report_invoice(self, document: InvoiceDocument, key: str, **changes: Any) -> ReportInvoice:
        totals = document.totals
        values: dict[str, Any] = {
            "invoice_id": document.invoice_id,
            "document_key": key,
            "number": "INV1001",
            "status": "posted",
            "currency": document.currency,
            "net": totals.net.amount,
            "tax": totals.tax.amount,
            "gross": totals.gross.amount,
            "paid": Decimal(0),
            "issued_on": document.issued_on,
            "due_on": document.due_on,
        }
        return ReportInvoice(**(values | changes))
