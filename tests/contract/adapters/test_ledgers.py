"""Contract ledgers: entries come with the pricing and go with the invoice; who read an older one is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.ledger import Allowance, Covered, LedgerEntry, LedgerLine, LedgerUse
from shared.faults import Transient
from tests.contract.adapters.test_invoices import priced, sealed
from tests.fakes.records import usd

MARCH = date(2026, 3, 1)
PRICED = [InvoiceStatus.SEALED, InvoiceStatus.PRICED]


def entry_of(invoice: Invoice, counted: str = "125.00") -> LedgerEntry:
    nothing = usd("0.00")
    line = LedgerLine(
        "line-1",
        MARCH,
        counted=usd(counted),
        minutes=Decimal(60),
        work=usd(counted),
        discount=nothing,
        drawn=nothing,
        top_up=nothing,
        brought_in=usd(counted),
        covered=(Covered(MARCH, usd("1.00")),),
        included=usd("9.00"),
    )
    return LedgerEntry(invoice.invoice_id, (line,))


def use_of(invoice: Invoice, seen: int) -> LedgerUse:
    return LedgerUse("contract-1", entry_of(invoice), seen)


def price(ports: Any, invoice: Invoice, seen: int) -> Invoice:
    return ports.invoices.update(invoice.invoice_id, priced, expected=PRICED, uses=[use_of(invoice, seen)])


def test_a_contract_without_invoices_has_an_empty_ledger(ports: Any) -> None:
    ledger = ports.ledgers.of_contract("contract-1")
    assert (ledger.revision, ledger.entries, ledger.allowances) == (0, (), ())


def test_an_entry_is_written_with_the_pricing(ports: Any) -> None:
    invoice = sealed(ports)
    price(ports, invoice, 0)
    ledger = ports.ledgers.of_contract("contract-1")
    assert (ledger.revision, ledger.entries) == (1, (entry_of(invoice),))
    assert ports.ledgers.of_contract("contract-2").entries == ()


def test_a_pricing_that_changes_nothing_writes_no_entry_twice(ports: Any) -> None:
    invoice = sealed(ports)
    price(ports, invoice, 0)
    standing = ports.invoices.get(invoice.invoice_id)
    ports.invoices.update(invoice.invoice_id, lambda now: now, expected=PRICED, uses=[use_of(invoice, 0)])
    assert ports.invoices.get(invoice.invoice_id) == standing
    assert ports.ledgers.of_contract("contract-1").revision == 1


def test_of_two_that_read_the_same_ledger_one_is_reckoned_again(ports: Any) -> None:
    first, second = sealed(ports), sealed(ports, wip_id="w2")
    price(ports, first, 0)
    with pytest.raises(Transient) as caught:
        price(ports, second, 0)
    assert caught.value.code == "ledger_moved"
    assert ports.invoices.get(second.invoice_id).status is InvoiceStatus.SEALED
    price(ports, second, 1)
    assert len(ports.ledgers.of_contract("contract-1").entries) == 2


@pytest.mark.parametrize("end", [InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED])
def test_an_invoice_that_ends_takes_its_entry_along(ports: Any, end: InvoiceStatus) -> None:
    invoice = sealed(ports)
    price(ports, invoice, 0)
    ports.invoices.update(invoice.invoice_id, lambda now: replace(now, status=end), expected=[InvoiceStatus.PRICED])
    ledger = ports.ledgers.of_contract("contract-1")
    assert (ledger.revision, ledger.entries) == (2, ())


def test_an_allowance_counts_once_however_often_it_is_told(ports: Any) -> None:
    yes = Allowance("exc-1:now", "line-1", usd("50.00"), Decimal(0), "ada", datetime(2026, 4, 1, 9, tzinfo=UTC))
    ports.ledgers.allow("contract-1", yes)
    ports.ledgers.allow("contract-1", yes)
    assert ports.ledgers.of_contract("contract-1").allowances == (yes,)
    assert ports.ledgers.of_contract("contract-1").allowed("line-1", "USD") == (usd("50.00"), Decimal(0))
