"""What was signed and governs a line: the contract, its amendments, a clause of it."""

from __future__ import annotations

from datetime import date

from shared.domain.contract import Contract
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine, LineOrigin
from shared.domain.money import Money
from shared.domain.project import Project
from shared.usecases.explain_reason import Reason, plain, ref_facts


def amendments(contract: Contract, invoice: Invoice, day: date) -> list[Reason]:
    """Those that governed this day, as far as they were known when the invoice was begun."""
    began = invoice.began_at
    governing = [
        each
        for each in contract.amendments
        if each.effective_on <= day and (began is None or each.recorded_at <= began)
    ]
    return [
        Reason(
            "amendment",
            f"amendment {each.amendment_id}, effective {each.effective_on.isoformat()}, recorded "
            f"{each.recorded_at.isoformat()}, approved by {each.approver}: {each.words}",
            {
                "amendment_id": each.amendment_id,
                "effective_on": each.effective_on.isoformat(),
                "recorded_at": each.recorded_at.isoformat(),
                "approver": each.approver,
            },
        )
        for each in governing
    ]


def clause_of(line: InvoiceLine, document: InvoiceDocument) -> Reason:
    """A clause's amount stands against the work of its contract line on this invoice."""
    beside = [each for each in document.lines if each.contract_line_id == line.contract_line_id]
    work = sum((each.net for each in beside if each.origin is LineOrigin.WORK), Money.zero(document.currency))
    words = (
        f"{line.origin.value}: {line.clause or 'of the contract'}: {plain(line.net.amount)} "
        f"{line.net.currency}, beside work of {plain(work.amount)} on this contract line"
    )
    facts = {"origin": line.origin.value, "contract_line_id": line.contract_line_id, "clause": line.clause}
    return Reason("clause", words, facts | {"net": plain(line.net.amount), "work": plain(work.amount)})


def contract_of(line: InvoiceLine, contract: Contract, project: Project | None) -> Reason:
    scope = next((each for each in contract.lines if each.line_id == line.contract_line_id), None)
    facts = {
        "contract_id": contract.contract_id,
        "contract_line_id": line.contract_line_id,
        "project_id": line.project_id,
        "purchase_order": contract.purchase_order or "",
    }
    under = f"contract {contract.reference or 'without a number'}, signed {contract.signed_on.isoformat()}"
    what = f", {scope.description} ({scope.kind.value.replace('_', ' ')})" if scope else ""
    where = f", project {project.name}" if project else ""
    return Reason("contract", f"{under}{what}{where}", facts | ref_facts("opportunity", contract.ref))
