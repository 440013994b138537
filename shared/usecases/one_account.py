"""Contracts of one customer that are invoiced together: which they are, and the several as one for their document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.domain.billing_schedule import Cadence
from shared.domain.contract import Contract, Grouping
from shared.domain.invoice import ContractShare, Invoice, InvoiceKind
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.billing_periods import period_of
from shared.usecases.parse_schedule import parse_schedule

MOST = 20
"""Contracts on one invoice: each has rows of its own in the transaction that prices it, and DynamoDB takes 100."""


def account_of(contract: Contract) -> str | None:
    """What contracts must share beside legal entity, customer, currency and schedule to stand on one invoice: the days to
    pay (one due date), the ship-to (one place of supply), and which weeks of a biweekly schedule. None: not by customer.

    Source: docs/billing.md, "What goes on one invoice".
    """
    if contract.grouping is not Grouping.CUSTOMER:
        return None
    try:
        schedule = parse_schedule(contract.billing_schedule, starts_on=contract.starts_on)
    except BusinessException:
        return None
    words = [str(contract.payment_terms_days)]
    if schedule.cadence is Cadence.BIWEEKLY and schedule.anchor:
        words.append("odd" if period_of(schedule, schedule.anchor).end.toordinal() // 7 % 2 else "even")
    return ":".join([*words, *([contract.ship_to] if contract.ship_to else [])])


@dataclass(frozen=True, slots=True)
class Account:
    """contracts: invoiced together, the one signed first in front, at most `MOST`. page: of a customer who has more, 0 and
    up; each page has invoices of its own."""

    contracts: tuple[Contract, ...]
    page: int = 0


def account_with(contract: Contract, others: Iterable[Contract]) -> Account:
    """The contract and those of the others that are invoiced with it; the same for each of them, whichever is asked about."""
    if account_of(contract) is None:
        return Account((contract,))
    same = {each.contract_id: each for each in others if _shared(each) == _shared(contract)}
    every = sorted((same | {contract.contract_id: contract}).values(), key=_age)
    page = every.index(contract) // MOST
    return Account(tuple(every[page * MOST : (page + 1) * MOST]), page)


def _shared(contract: Contract) -> tuple[str | None, ...]:
    who = (contract.legal_entity_id, contract.customer_id, contract.currency, contract.billing_schedule)
    return (*who, account_of(contract))


def _age(contract: Contract) -> tuple[date, str]:
    return (contract.signed_on, contract.contract_id)


def as_one(contracts: Sequence[Contract]) -> Contract:
    """The first, with the lines of all: what a document that bills them all needs to know. One without its number leaves
    none."""
    first = contracts[0]
    if len(contracts) == 1:
        return first
    numbers = [each.reference for each in contracts if each.reference]
    reference = ", ".join(numbers) if len(numbers) == len(contracts) else None
    return replace(first, lines=tuple(line for each in contracts for line in each.lines), reference=reference)


def sealed_shares(invoice: Invoice, items: Iterable[WipItem]) -> tuple[ContractShare, ...]:
    """By contract, what it claimed; () where it is not by customer. A credit memo keeps a contract of which it takes back
    a clause's line alone."""
    if not invoice.group.by_customer:
        return ()
    zero = Money.zero(invoice.group.currency)
    sums = {share.contract_id: zero for share in invoice.shares if invoice.kind is InvoiceKind.CREDIT_MEMO}
    for item in items:
        sums[item.contract_id] = sums.get(item.contract_id, zero) + item.value
    return tuple(ContractShare(contract_id, net=sums[contract_id]) for contract_id in sorted(sums))


def by_contract(items: Iterable[WipItem]) -> dict[str, list[WipItem]]:
    found: dict[str, list[WipItem]] = {}
    for item in items:
        found.setdefault(item.contract_id, []).append(item)
    return dict(sorted(found.items()))
