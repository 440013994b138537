"""The contract that a billing run or a document goes by: of its day, and of when it was begun."""

from __future__ import annotations

from datetime import date

from shared.domain.contract import Contract
from shared.domain.invoice import Invoice
from shared.ports.ports import Ports
from shared.usecases.contract_as_of import contract_as_of, rules_of


def contract_through(contract_id: str, through: date, ports: Ports) -> Contract:
    """What governs a run through this day: amendments that take effect later are not for it."""
    contract = ports.contracts.get(contract_id)
    return contract_as_of(ports.contracts.history(contract_id), day=through) if contract.amendments else contract


def contracts_of_invoice(invoice: Invoice, ports: Ports) -> tuple[Contract, ...]:
    """In the order of `contract_ids`, but for the one it is named after, which comes first."""
    named = sorted(invoice.contract_ids, key=lambda each: each != invoice.group.contract_id)
    return tuple(_finishing(each, invoice, ports) for each in named)


def _finishing(contract_id: str, invoice: Invoice, ports: Ports) -> Contract:
    """A sealed invoice finishes on the rules it began with: an amendment recorded since is not for it."""
    contract = ports.contracts.get(contract_id)
    if not contract.amendments:
        return contract
    history = ports.contracts.history(contract.contract_id)
    return rules_of(history, day=invoice.period_end, began_at=invoice.began_at)
