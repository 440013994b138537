"""What an electronic invoice is written from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from functions.experience.issued import issued
from shared.domain.invoice import InvoiceStatus
from shared.einvoice.check_ubl import check_ubl
from shared.einvoice.issued import Issued
from shared.einvoice.read_ubl import read_ubl
from shared.einvoice.write_ubl import write_ubl
from shared.faults import BusinessException
from tests.stories import Fabric, a_contract, an_entry, an_expense, time_and_materials


@pytest.fixture
def billed() -> Fabric:
    """One posted invoice of an hour and an expense."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry(), an_expense())
    fabric.bill()
    return fabric


def the_id(fabric: Fabric) -> str:
    return next(iter(fabric.ports.invoices.rows))


def test_a_posted_invoice_becomes_ubl_that_breaks_no_rule(billed: Fabric) -> None:
    told = TypeAdapter(Issued).validate_python(issued(billed.ports, f"INV-{the_id(billed)}"))
    document = read_ubl(write_ubl(told))
    assert check_ubl(document) == [] and str(document.totals["PayableAmount"].value) == "230.00"
    assert told.number == f"INV-{the_id(billed)}" and told.buyer.name == "Acme"


def test_a_credit_memo_names_the_invoice_that_it_is_against(billed: Fabric) -> None:
    rows = billed.ports.invoices.rows
    first = rows[the_id(billed)]
    rows["memo"] = replace(first, invoice_id="memo", erp_number="CM-1", credits=first.invoice_id)
    told = issued(billed.ports, "memo")
    assert (told["credited_number"], told["credited_on"]) == (first.erp_number, first.issued_on.isoformat())


def test_without_the_erps_number_there_is_nothing_to_send(billed: Fabric) -> None:
    rows = billed.ports.invoices.rows
    rows[the_id(billed)] = replace(rows[the_id(billed)], erp_number=None, status=InvoiceStatus.SUBMITTED)
    with pytest.raises(BusinessException, match="invoice_not_posted"):
        issued(billed.ports, the_id(billed))
