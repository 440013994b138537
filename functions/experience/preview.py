"""What a billing run would bill of one contract, line by line, and why the rest would stay: the run itself, kept dry.

The very steps of the run (draft, price) work on ports that keep their writes to themselves, so a preview and the run
after it cannot differ but for what happens in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from functions.experience import contracts
from functions.experience.invoices import document_of
from functions.processes.contract_of_day import contract_through
from functions.processes.invoice import price_invoice
from functions.processes.time_to_bill import draft_invoices
from functions.processes.time_to_bill.billed_together import open_together
from shared.domain.contract import Contract, LineKind
from shared.domain.invoice import InvoiceDocument, InvoiceLine, InvoiceStatus
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.billing_cut import RunScope

View = dict[str, Any]


def preview(ports: Ports, any_id: str, through: date) -> View:
    """{"contract_id", "through", "invoices": [...], "not_billed": [...], "waiting": [...]}.

    invoices: as they would be priced today; `refused` holds the code where one could not be. not_billed: items that
    stay, and clauses that are not due, each with its reason. waiting: deliveries parked before they became items.
    """
    contract = contracts.find(ports, any_id)
    dry = ports.dry()
    command = draft_invoices.DraftInvoices(
        contract_id=contract.contract_id, through=through, correlation_id=contract.contract_id, asked=True, interim=True
    )
    drafted = draft_invoices.draft_due(command, dry)
    wanted = [each["invoice_id"] for each in _list(drafted["invoices"])]
    contract = contract_through(contract.contract_id, through, dry)
    return {
        "contract_id": contract.contract_id,
        "contract_reference": contract.reference,
        "project": contract.project_name,
        "currency": contract.currency,
        "through": through.isoformat(),
        "invoices": [_priced(invoice_id, dry) for invoice_id in wanted],
        "not_billed": [*_left(contract, command.scope, dry), *_not_due(contract, through, dry)],
        "waiting": _waiting(contract, dry),
    }


def _list(value: object) -> list[dict[str, str]]:
    return value if isinstance(value, list) else []


def _priced(invoice_id: str, dry: Ports) -> View:
    invoice = dry.invoices.get(invoice_id)
    try:
        if invoice.status is InvoiceStatus.SEALED:
            invoice = price_invoice.price(invoice, dry)
        needs_approval = price_invoice.needs_approval(invoice, dry)
    except BusinessException as refusal:
        return _head(invoice_id, dry) | {"refused": {"code": refusal.code, "facts": refusal.facts}, "lines": []}
    document = document_of(invoice, dry)
    return (
        _head(invoice_id, dry)
        | _amounts(document)
        | {
            "needs_approval": needs_approval,
            "refused": None,
            "lines": [_line(line) for line in document.lines],
        }
    )


def _head(invoice_id: str, dry: Ports) -> View:
    invoice = dry.invoices.get(invoice_id)
    customer = dry.customers.find(invoice.group.customer_id)
    return {
        "invoice_id": invoice_id,
        "kind": invoice.kind.value,
        "customer": customer.name if customer else invoice.group.customer_id,
        "purchase_order": invoice.group.purchase_order,
        "part": invoice.group.part,
        "period_end": invoice.period_end.isoformat(),
        "items": invoice.item_count,
    }


def _amounts(document: InvoiceDocument) -> View:
    totals = document.totals
    return {
        "issued_on": document.issued_on.isoformat(),
        "due_on": document.due_on.isoformat(),
        "net": _text(totals.net),
        "tax": _text(totals.tax),
        "gross": _text(totals.gross),
    }


def _line(line: InvoiceLine) -> View:
    return {
        "line_id": line.line_id,
        "wip_id": line.wip_id,
        "contract_line_id": line.contract_line_id,
        "project_id": line.project_id,
        "origin": line.origin.value,
        "clause": line.clause,
        "description": line.description,
        "quantity": f"{line.quantity:f}",
        "unit": line.unit,
        "unit_price": f"{line.unit_price:f}",
        "per": f"{line.price_base_quantity:f}",
        "net": _text(line.net),
        "tax_category": line.tax.category.value,
        "tax_rate": f"{line.tax.rate:f}",
        "tax_rule": line.tax.rule,
    }


def _left(contract: Contract, scope: RunScope, dry: Ports) -> Iterator[View]:
    """Asked once more after the dry run: what is open now is what stays."""
    items = {item.wip_id: item for item in dry.wip.open_of(contract.contract_id)}
    if not dry.projects.of_contract(contract.contract_id):
        yield from (_stays(item, "project_not_active") for item in items.values())
        return
    every = open_together(contract.contract_id, scope, dry)
    items |= {item.wip_id: item for item in dry.wip.open_of(contract.contract_id)}
    for left in every:
        yield _stays(items[left.wip_id], left.reason)


def _stays(item: WipItem, reason: str) -> View:
    return {
        "what": item.kind.value,
        "id": item.wip_id,
        "contract_line_id": item.line_id,
        "date": item.worked_on.isoformat(),
        "description": item.description,
        "value": _text(item.value),
        "reason": reason,
    }


def _not_due(contract: Contract, through: date, dry: Ports) -> Iterator[View]:
    """Clauses that make no item yet: instalments of later periods, milestones that nobody has accepted."""
    known = {item.line_id for item in dry.wip.open_of(contract.contract_id)}
    for line in contract.lines:
        for part in line.instalments:
            if part.due_on > through and dry.wip.source(part.instalment_id) is None:
                words = f"{line.description}, instalment due {part.due_on.isoformat()}"
                yield _clause("instalment", part.instalment_id, line.line_id, part.due_on, words, part.value)
        if line.kind is LineKind.MILESTONE and line.line_id not in known | _billed_lines(contract, dry):
            view = _clause(
                "milestone", line.line_id, line.line_id, None, line.milestone or line.description, line.value
            )
            yield view | {"reason": "not_completed_or_not_approved"}


def _clause(what: str, id: str, line_id: str, on: date | None, words: str, value: Money) -> View:
    return {
        "what": what,
        "id": id,
        "contract_line_id": line_id,
        "date": on.isoformat() if on else None,
        "description": words,
        "value": _text(value),
        "reason": "later_period",
    }


def _billed_lines(contract: Contract, dry: Ports) -> set[str]:
    """Contract lines that stand on any of its invoices, the previewed ones among them."""
    every = dry.invoices.of_legal_entity(contract.legal_entity_id)
    ours = [each.invoice_id for each in every if contract.contract_id in each.contract_ids]
    return {item.line_id for invoice_id in ours for item in dry.wip.claimed_by(invoice_id)}


def _waiting(contract: Contract, dry: Ports) -> list[View]:
    """What is parked for this contract or its project: approved, received, and not billable yet."""
    keys = [f"contract:{contract.contract_id}"]
    for project in dry.projects.of_contract(contract.contract_id):
        keys += [f"project:{project.project_id}", f"rate_card:{project.project_id}"]
        keys += [f"reference:{ref.system}:{ref.kind}:{ref.id}" for ref in project.refs]
    found = Counter((key, each.reason) for key in keys for each in dry.parking.waiting_for(key))
    return [{"waiting_for": key, "reason": reason, "deliveries": n} for (key, reason), n in sorted(found.items())]


def _text(money: Money) -> str:
    return f"{money.rounded().amount:f}"
