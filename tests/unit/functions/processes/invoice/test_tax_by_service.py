"""What a deal sells decides the tax of its lines, from the CRM to the document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from events.contract_signed.v1 import SignedInstalment, SignedLine
from functions.experience.invoices import document_of, explain
from shared.domain.policies import TaxRule
from shared.domain.tax import TaxCategory
from tests.stories import Fabric, a_contract, a_party, an_entry, usd

TRAINING = TaxRule(
    "de-training",
    "DE",
    "domestic",
    TaxCategory.EXEMPT,
    Decimal(0),
    date(2026, 1, 1),
    reason="Exempt: vocational training",
    service="training",
)


def a_german_deal() -> Fabric:
    """An hour of consulting, taxed at 19 %, beside a course of 500.00, which is exempt."""
    fabric = Fabric()
    known = fabric.ports.policies.current()
    fabric.ports.policies.policies = replace(known, tax_rules=(TRAINING, *known.tax_rules))
    home = a_party().address.model_copy(update={"country": "DE", "region": None})
    part = SignedInstalment(instalment_id="i-1", due_on=date(2026, 3, 31), value=usd("500.00"))
    lines = (
        SignedLine(line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000")),
        SignedLine(
            line_id="l-course",
            kind="fixed_fee",
            description="Course",
            value=usd("500.00"),
            instalments=(part,),
            service="training",
        ),
    )
    customer = a_party().model_copy(update={"address": home, "tax_number": "DE999999999"})
    return fabric.ready(a_contract(legal_entity_id="DE", customer=customer, lines=lines))


def test_each_line_is_taxed_by_what_it_sells() -> None:
    fabric = a_german_deal()
    fabric.approve(an_entry())
    [invoice] = fabric.bill()
    lines = document_of(invoice, fabric.ports).lines
    assert [(line.contract_line_id, line.tax.category.value, line.tax.rule) for line in lines] == [
        ("l-course", "E", "de-training"),
        ("l-time", "S", "de-19"),
    ]
    assert invoice.totals is not None
    assert (invoice.totals.net.amount, invoice.totals.tax.amount) == (Decimal("650.00"), Decimal("28.50"))
    steps = [step for line in explain(fabric.ports, invoice.invoice_id)["lines"] for step in line["chain"]]
    assert {"de-training", "de-19"} <= {step["facts"].get("rule") for step in steps if step["step"] == "tax"}
