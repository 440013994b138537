"""What the clauses of contracts make of work that is billed together, by their ledgers as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from shared.domain.contract import Contract
from shared.domain.invoice import InvoiceKind
from shared.domain.ledger import Ledger
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.usecases.apply_clauses import Clauses, apply_clauses
from shared.usecases.due_fees import deposits_of


def clauses_due(
    items: Sequence[WipItem], contract: Contract, ledger: Ledger, ports: Ports, *, invoice_id: str, period_end: date
) -> Clauses:
    """items: all of the contract that stands on the invoice. ledger: of the contract, with or without this invoice."""
    return apply_clauses(
        invoice_id,
        items,
        contract,
        ledger,
        period_end=period_end,
        deposits=_deposited(contract, ports),
        elsewhere=_claimed_elsewhere(invoice_id, contract, ports),
    )


def net_with_clauses(
    items: Sequence[WipItem], contracts: Iterable[Contract], ports: Ports, *, period_end: date, invoice_id: str = ""
) -> Money:
    """What an invoice of these items would come to before tax. items: of one currency, at least one. contracts: those
    the items are of. invoice_id: "" for one that is not drafted yet.

    Another invoice of the contract, priced in between, may change it: pricing asks again.
    """
    net = sum((item.value for item in items), Money.zero(items[0].value.currency))
    for contract in contracts:
        mine = [item for item in items if item.contract_id == contract.contract_id]
        if mine and _may_lower(contract):
            ledger = ports.ledgers.of_contract(contract.contract_id)
            clauses = clauses_due(mine, contract, ledger, ports, invoice_id=invoice_id, period_end=period_end)
            net = sum((line.net for line in clauses.lines), net)
    return net


def _may_lower(contract: Contract) -> bool:
    terms = [line.terms for line in contract.lines]
    return any(each.retainer or each.prepaid or each.discount for each in terms)


def _claimed_elsewhere(invoice_id: str, contract: Contract, ports: Ports) -> list[WipItem]:
    """What other invoices of the contract claimed and have not priced; asked only where a minimum waits for them."""
    if not any(line.terms.minimum for line in contract.lines):
        return []
    unfinished = ports.invoices.unfinished(contract.contract_id)
    others = [each.invoice_id for each in unfinished if each.kind is InvoiceKind.INVOICE]
    return [item for each in others if each != invoice_id for item in ports.wip.claimed_by(each)]


def _deposited(contract: Contract, ports: Ports) -> dict[str, Money]:
    """Per prepaid line, the sum of the deposits asked for so far."""

    def value_of(source_id: str) -> Money | None:
        source = ports.wip.source(source_id)
        return source.value if source else None

    prepaid = [line for line in contract.lines if line.terms.prepaid]
    return {line.line_id: sum(deposits_of(line, value_of), Money.zero(contract.currency)) for line in prepaid}
