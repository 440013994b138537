"""The contracts of an invoice by customer, from its draft to its seal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shared.domain.invoice import ContractShare, Invoice


def joined(draft: Invoice, contract_ids: Iterable[str]) -> Invoice:
    """The draft, opened for these contracts, too. One that is not by customer stays as it is."""
    if not draft.group.by_customer:
        return draft
    known = {share.contract_id: share for share in draft.shares}
    for contract_id in contract_ids:
        known.setdefault(contract_id, ContractShare(contract_id))
    return replace(draft, shares=tuple(known[contract_id] for contract_id in sorted(known)))


def with_shares(invoice: Invoice, shares: Sequence[ContractShare]) -> Invoice:
    """Sealed for what it claimed in the end: named after a contract that is on it."""
    if not shares:
        return invoice
    named = [share.contract_id for share in shares]
    first = invoice.group.contract_id if invoice.group.contract_id in named else named[0]
    return replace(invoice, shares=tuple(shares), group=replace(invoice.group, contract_id=first))
