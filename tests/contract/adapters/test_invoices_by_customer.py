"""Contracts of a customer on one invoice: one draft, a row beside each contract, each ledger and order written with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.contract import Grouping
from shared.domain.invoice import BillingGroup, ContractShare, Invoice, InvoiceStatus, part_of
from shared.domain.ledger import LedgerEntry, LedgerUse
from shared.faults import BusinessException, Transient
from tests.contract.adapters.test_invoices import MARCH, priced
from tests.fakes.records import some_contract, some_group, some_item, source_of, usd

BOTH = ("contract-1", "contract-2")
SEALED = [InvoiceStatus.SEALED]


def group(order: str | None = None, named: str = "contract-1") -> BillingGroup:
    return replace(some_group(named), part=part_of(customer="30"), purchase_order=order)


def sealed(ports: Any, order: str | None = None, limits: dict[str, Any] | None = None) -> Invoice:
    draft = ports.invoices.open_draft(group(order), MARCH, contracts=BOTH)
    for number, contract_id in enumerate(BOTH):
        item = some_item(f"w{number}", contract_id=contract_id, value="100.00")
        ports.wip.record(source_of(item), [item], previous=None)
        ports.wip.claim(draft.invoice_id, [item.wip_id])
    shares = tuple(ContractShare(contract_id, usd("100.00")) for contract_id in BOTH)
    return ports.invoices.seal(draft.invoice_id, item_count=2, net=usd("200.00"), shares=shares, limits=limits)


def uses(invoice: Invoice, *seen: int) -> list[LedgerUse]:
    entry = LedgerEntry(invoice.invoice_id, ())
    return [LedgerUse(contract_id, entry, each) for contract_id, each in zip(BOTH, seen, strict=True)]


def test_one_draft_whichever_contract_names_it(ports: Any) -> None:
    draft = ports.invoices.open_draft(group(), MARCH, contracts=["contract-2"])
    again = ports.invoices.open_draft(group(named="contract-2"), MARCH, contracts=["contract-1"])
    assert (again.invoice_id, again.contract_ids) == (draft.invoice_id, BOTH)
    assert [ports.invoices.unfinished(each) for each in BOTH] == [[again], [again]]


def test_a_contract_that_got_nothing_is_off_it_with_the_seal(ports: Any) -> None:
    draft = ports.invoices.open_draft(group(), MARCH, contracts=BOTH)
    item = some_item("w1", contract_id="contract-2")
    ports.wip.record(source_of(item), [item], previous=None)
    ports.wip.claim(draft.invoice_id, ["w1"])
    shares = (ContractShare("contract-2", usd("125.00")),)
    invoice = ports.invoices.seal(draft.invoice_id, item_count=1, net=usd("125.00"), shares=shares)
    assert (invoice.contract_ids, invoice.group.contract_id) == (("contract-2",), "contract-2")
    assert (ports.invoices.unfinished("contract-1"), ports.invoices.unfinished("contract-2")) == ([], [invoice])


def test_every_ledger_is_written_with_the_pricing_or_none(ports: Any) -> None:
    invoice = sealed(ports)
    with pytest.raises(Transient, match="ledger_moved"):
        ports.invoices.update(invoice.invoice_id, priced, expected=SEALED, uses=uses(invoice, 0, 3))
    assert [ports.ledgers.of_contract(each).entries for each in BOTH] == [(), ()]
    ports.invoices.update(invoice.invoice_id, priced, expected=SEALED, uses=uses(invoice, 0, 0))
    assert [ports.ledgers.of_contract(each).revision for each in BOTH] == [1, 1]
    assert [ports.invoices.unfinished(each) for each in BOTH] == [[], []]


def test_each_contract_draws_on_the_order_for_itself(ports: Any) -> None:
    with pytest.raises(BusinessException, match="purchase_order_exceeded"):
        sealed(ports, "PO-1", {"contract-2": usd("99.00")})
    assert [ports.invoices.drawn(each) for each in BOTH] == [{}, {}]
    [draft] = ports.invoices.unfinished("contract-1")
    shares = tuple(ContractShare(contract_id, usd("100.00")) for contract_id in BOTH)
    ports.invoices.seal(draft.invoice_id, item_count=2, net=usd("200.00"), shares=shares)
    assert [ports.invoices.drawn(each) for each in BOTH] == [{"PO-1": usd("100.00")}] * 2


def test_one_that_ends_leaves_every_ledger_and_order(ports: Any) -> None:
    invoice = sealed(ports, "PO-1")
    ports.invoices.update(invoice.invoice_id, priced, expected=SEALED, uses=uses(invoice, 0, 0))
    ended = [InvoiceStatus.PRICED]
    ports.invoices.update(invoice.invoice_id, lambda now: replace(now, status=InvoiceStatus.REJECTED), expected=ended)
    assert [ports.ledgers.of_contract(each).entries for each in BOTH] == [(), ()]
    zero = usd("0.00")
    assert [ports.invoices.drawn(each).get("PO-1", zero) for each in BOTH] == [zero, zero]


def test_contracts_by_customer_are_found_as_they_are_now(ports: Any) -> None:
    first, second = (replace(some_contract(each), grouping=Grouping.CUSTOMER) for each in BOTH)
    for contract in (first, second, some_contract("contract-3"), replace(second, contract_id="c-4", customer_id="c")):
        ports.contracts.save(contract, sequence=1)
    assert ports.contracts.by_customer("US", "customer-1") == [first, second]
    ports.contracts.save(replace(second, grouping=Grouping.CONTRACT), sequence=2)
    assert ports.contracts.by_customer("US", "customer-1") == [first]
    assert ports.contracts.by_customer("DE", "customer-1") == []


def test_twenty_contracts_fit_in_one_transaction(aws: Any) -> None:
    every = [f"contract-{number:02}" for number in range(20)]
    draft = aws.invoices.open_draft(group("PO-1"), date(2026, 3, 31), contracts=every)
    for contract_id in every:
        item = some_item(f"w-{contract_id}", contract_id=contract_id, value="1.00")
        aws.wip.record(source_of(item), [item], previous=None)
        aws.wip.claim(draft.invoice_id, [item.wip_id])
    shares = tuple(ContractShare(contract_id, usd("1.00")) for contract_id in every)
    limits = {contract_id: usd("5.00") for contract_id in every}
    sealed = aws.invoices.seal(draft.invoice_id, item_count=20, net=usd("20.00"), shares=shares, limits=limits)

    def dearer(now: Invoice) -> Invoice:
        after = tuple(replace(share, by_clause=usd("1.00")) for share in now.shares)
        return replace(priced(now), shares=after, by_clause=usd("20.00"))

    entry = LedgerEntry(sealed.invoice_id, ())
    written = [LedgerUse(contract_id, entry, 0) for contract_id in every]
    aws.invoices.update(sealed.invoice_id, dearer, expected=SEALED, uses=written, limits=limits)
    assert {aws.invoices.drawn(each)["PO-1"].amount for each in every} == {Decimal("2.00")}
