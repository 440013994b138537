"""A person names an invoice by any system's id; legal entities may number theirs alike."""

from __future__ import annotations

from datetime import date

import pytest

from shared.domain.identity import ExternalRef
from shared.domain.invoice import BillingGroup, Invoice, InvoiceStatus
from shared.faults import BusinessException
from shared.usecases.invoice_of_id import invoice_of_id, number_kind
from tests.fakes.ports import FakePorts


@pytest.fixture
def ports() -> FakePorts:
    """Invoices of DE and JP with the number PS-1 each, and one of DE with PS-2."""
    made = FakePorts()
    for invoice_id, entity, number in (("inv-de", "DE", "PS-1"), ("inv-jp", "JP", "PS-1"), ("inv-2", "DE", "PS-2")):
        group = BillingGroup(entity, "cus", "con", "monthly", "EUR", None)
        made.invoices.rows[invoice_id] = Invoice(invoice_id, group, date(2026, 10, 31), 1, InvoiceStatus.POSTED)
        made.references.link(ExternalRef("erp", number_kind(entity), number), invoice_id)
        made.references.link(ExternalRef("erp", "invoice", f"guid-{invoice_id}"), invoice_id)
    return made


@pytest.mark.parametrize("named", ["inv-2", "guid-inv-2", "PS-2"])
def test_our_id_the_erps_id_and_its_number_lead_to_the_invoice(ports: FakePorts, named: str) -> None:
    assert invoice_of_id(named, ports).invoice_id == "inv-2"


def test_a_number_kept_before_numbers_were_of_an_entity_is_still_found(ports: FakePorts) -> None:
    ports.references.link(ExternalRef("erp", "invoice_number", "OLD-7"), "inv-2")
    assert invoice_of_id("OLD-7", ports).invoice_id == "inv-2"


def test_a_number_of_two_legal_entities_is_told_with_both(ports: FakePorts) -> None:
    with pytest.raises(BusinessException, match="id_ambiguous") as refused:
        invoice_of_id("PS-1", ports)
    assert refused.value.facts["candidates"] == (
        "erp:invoice_number:DE:PS-1 of DE (our id inv-de); erp:invoice_number:JP:PS-1 of JP (our id inv-jp)"
    )


@pytest.mark.parametrize("named", ["erp:invoice_number:JP:PS-1", "inv-jp"])
def test_a_candidate_named_as_the_refusal_names_it_is_the_one(ports: FakePorts, named: str) -> None:
    assert invoice_of_id(named, ports).invoice_id == "inv-jp"


def test_a_number_of_nobody_is_unknown(ports: FakePorts) -> None:
    with pytest.raises(BusinessException, match="invoice_unknown"):
        invoice_of_id("PS-9", ports)
