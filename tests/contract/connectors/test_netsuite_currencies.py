"""Invoices in currencies without decimals and with three, on the simulator: what is read back is what was billed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from events.commands import EnsureCustomer, EnsureErpProject, PostInvoice, PostInvoiceResult
from events.values import Party, PostalAddress, Ref
from functions.connectors.netsuite.commands import posting, reference
from functions.connectors.netsuite.pull_payments import pull_payments
from infra.deployment import load
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import BillingGroup, Invoice, InvoiceDocument, InvoiceStatus
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException
from tests.contract.connectors.documents import as_json, document, line
from tests.contract.connectors.netsuite_ports import NetSuiteFakes, netsuite_ports
from tests.contract.connectors.test_netsuite_payments import OurInvoices, pay
from tests.contract.simulators.netsuite_account import Account

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate

TEN = TaxDecision(TaxCategory.STANDARD, Decimal("10"), None, "jp-domestic")
CUSTOMER, PROJECT = derived_id("customer", "jp"), derived_id("project", "jp")
SANDBOX = load("sandbox").connectors["netsuite"]


@pytest.fixture
def ports(netsuite: Account) -> NetSuiteFakes:
    """With the sandbox's own settings, a Japanese customer and project."""
    told = {name: SANDBOX[name] for name in ("subsidiaries", "items", "terms", "tax_codes")}
    ports = netsuite_ports(netsuite, **told)
    address = PostalAddress(street="Marunouchi 1-1", city="Tokyo", postal_code="100-0005", country="JP")
    account = Ref(system="salesforce", kind="account", id="001J")
    party = Party(customer_id=CUSTOMER, ref=account, name="Kaze KK", address=address, tax_number=None, currency="JPY")
    reference.step(EnsureCustomer(legal_entity_id="JP", customer=party), ports)
    reference.step(project(), ports)
    return ports


def project() -> EnsureErpProject:
    values: dict[str, Any] = {"project_id": PROJECT, "contract_id": "k", "contract_reference": "C-2026-9"}
    values |= {"legal_entity_id": "JP", "customer_id": CUSTOMER, "name": "Kaze rollout", "currency": "JPY"}
    return EnsureErpProject(**values, starts_on="2026-03-01")


def yen(*nets: str) -> InvoiceDocument:
    lines = [
        line(net, "JPY", TEN, ExternalRef("kantata", "time_entry", str(n)), unit_price=Decimal(15000))
        for n, net in enumerate(nets)
    ]
    return document(lines, legal_entity="JP", customer_id=CUSTOMER, project_id=PROJECT)


def post(of_invoice: InvoiceDocument, ports: NetSuiteFakes) -> PostInvoiceResult:
    ports.documents.put("doc", as_json(of_invoice))
    command = PostInvoice(invoice_id=of_invoice.invoice_id, legal_entity_id="JP", document_key="doc")
    found: PostInvoiceResult = posting.step(command, ports)
    return found


def test_a_yen_invoice_stands_in_the_erp_without_decimals(ports: NetSuiteFakes, netsuite: Account) -> None:
    invoice = yen("12504", "7503", "3")
    result = post(invoice, ports)
    assert (result.net, result.tax, result.gross) == (Decimal(20010), Decimal(2001), Decimal(22011))
    assert result.gross == invoice.totals.gross.amount and result.currency == "JPY"
    record = netsuite.read(f"invoice/eid:{invoice.invoice_id}", expandSubResources="true")
    assert [str(record[name]) for name in ("subtotal", "taxTotal", "total")] == ["20010", "2001", "22011"]
    assert str(record["exchangeRate"]) == "1" and record["subsidiary"]["id"] == "3"
    assert [Decimal(str(each["amount"])) for each in record["item"]["items"]] == [12504, 7503, 3]


def test_the_group_decides_the_yen_of_tax_not_its_lines(ports: NetSuiteFakes) -> None:
    """Three lines of 5 yen: 1 yen each by line would be 3, by group it is 1.5, so 2."""
    result = post(yen("5", "5", "5"), ports)
    assert (result.net, result.tax, result.gross) == (Decimal(15), Decimal(2), Decimal(17))


def test_a_payment_in_yen_comes_back_whole(ports: NetSuiteFakes, netsuite: Account) -> None:
    invoice = yen("10000")
    post(invoice, ports)
    ports.invoices = OurInvoices()  # type: ignore[assignment]
    group = BillingGroup("JP", CUSTOMER, invoice.contract_id, "monthly", "JPY", None)
    head = Invoice(invoice.invoice_id, group, invoice.period_end, 1, InvoiceStatus.POSTED)
    ports.invoices.known[invoice.invoice_id] = head  # type: ignore[attr-defined]
    pay(netsuite, invoice.invoice_id)
    pull_payments(ports)
    paid = [event.data for event in ports.outbox.of_type("invoice.paid")]
    assert [(each.paid.amount, each.paid.currency) for each in paid] == [(Decimal(11000), "JPY")]


def test_three_decimals_are_refused_rather_than_cut(ports: NetSuiteFakes, netsuite: Account) -> None:
    outside = TaxDecision(TaxCategory.OUTSIDE_SCOPE, Decimal(0), "outside", "jp-rest-of-world")
    dinar = document([line("33.335", "KWD", outside, None)], legal_entity="JP", customer_id=CUSTOMER)
    with pytest.raises(BusinessException, match="erp_currency_precision") as refusal:
        post(dinar, ports)
    assert refusal.value.facts["amount"] == "33.335"
    netsuite.log_in()
    assert netsuite.rows("SELECT id FROM transaction WHERE externalid = ?", dinar.invoice_id) == []
