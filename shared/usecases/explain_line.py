"""Why a line is on an invoice at this amount: the chain from source record to ERP, with the ids and versions of each."""

from __future__ import annotations

from shared.domain.contract import Contract
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine
from shared.domain.project import Project
from shared.domain.rate_card import RateCard
from shared.domain.wip import WipItem
from shared.domain.write_off import WriteOff
from shared.faults import BusinessException
from shared.usecases.explain_document import credit_of, erp_of, invoice_of, release, tax_of
from shared.usecases.explain_item import (
    HELD,
    approval,
    correction,
    explain_write_off,
    held,
    late,
    rate_of,
    source_of,
    value_of,
)
from shared.usecases.explain_money import of_books, of_price
from shared.usecases.explain_reason import Reason
from shared.usecases.explain_terms import amendments, clause_of, contract_of


def explain_line(
    document: InvoiceDocument,
    line_id: str,
    *,
    invoice: Invoice,
    item: WipItem | None,
    contract: Contract,
    project: Project | None = None,
    card: RateCard | None = None,
    write_off: WriteOff | None = None,
) -> tuple[Reason, ...]:
    """The whole chain of one line, from the work to the books.

    item: the WIP item of the line, None for a line that comes from a clause: its figures stand on the line. card: the rate
    card as it is now; the rate shown is the one kept on the item. write_off: the one that made the item, for an item that
    adjusts another.
    Raises BusinessException("line_unknown") for a line the document does not have or an item that is not its own.
    """
    line = next((each for each in document.lines if each.line_id == line_id), None)
    wip_id = item.wip_id if item else ""
    if line is None or line.wip_id != wip_id:
        raise BusinessException("line_unknown", invoice_id=document.invoice_id, line_id=line_id, wip_id=wip_id)
    if item:
        reasons = _of_item(line, item, document, contract, project, card, write_off, invoice)
    else:
        reasons = _of_clause(line, document, contract, project, invoice)
    if document.credits:
        reasons.insert(0, credit_of(document, invoice))
    reasons += [tax_of(line, document), invoice_of(line, document, invoice), *release(invoice)]
    if booked := of_books(document.book):
        reasons.append(Reason("books", *booked))
    if invoice.erp_ref:
        reasons.append(erp_of(invoice, invoice.erp_ref))
    return tuple(reasons)


def _of_item(
    line: InvoiceLine,
    item: WipItem,
    document: InvoiceDocument,
    contract: Contract,
    project: Project | None,
    card: RateCard | None,
    write_off: WriteOff | None,
    invoice: Invoice,
) -> list[Reason]:
    reasons = [source_of(item), approval(item)]
    if line.late:
        reasons.append(late(line, document))
    if write_off:
        reasons.append(explain_write_off(item, write_off))
    elif item.reverses:
        reasons.append(correction(item))
    if item.valuation.rule in HELD:
        reasons.append(held(item))
    reasons.append(rate_of(item, card))
    if converted := of_price(item.valuation):
        reasons.append(Reason("fx", *converted))
    agreed = [contract_of(line, contract, project), *amendments(contract, invoice, item.worked_on)]
    return [*reasons, *agreed, value_of(item)]


def _of_clause(
    line: InvoiceLine, document: InvoiceDocument, contract: Contract, project: Project | None, invoice: Invoice
) -> list[Reason]:
    """Nobody approved it by itself: it was signed with the contract and follows from the work and the ledger."""
    return [
        clause_of(line, document),
        Reason("approval", "signed with the contract"),
        contract_of(line, contract, project),
        *amendments(contract, invoice, document.period_end),
    ]
