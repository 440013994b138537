"""`billweave credit`: what of a posted invoice is taken back, asked once by a person; its memo goes the way of invoices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import Field

from functions.processes.crediting import finish_memo, grant
from shared.adapters.invoice_document import read_document
from shared.domain.credit import Credit, Credited, CreditPlan, Remedy
from shared.domain.invoice import Invoice, InvoiceDocument
from shared.domain.money import Money
from shared.domain.wip import Valuation
from shared.faults import BusinessException, Transient
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.credit_items import memo_id_of, valued_anew
from shared.usecases.credit_plan import credit_plan
from shared.usecases.invoice_of_id import invoice_of_id

_TRIES = 4
MOST_LINES = 2000
"""Of one credit: the request keeps them in one row."""


class CreditAsked(Input):
    """invoice: our id, the ERP's id or its number. lines: none: all. amount: net. percent: of the lines' net as invoiced.

    unit_price, quantity: what the one line is rebilled at instead. request_id: asked twice under it, it is one credit.
    dry_run: tells what would be credited and writes nothing.
    """

    invoice: str = Field(min_length=1, max_length=200)
    lines: tuple[str, ...] = ()
    amount: Decimal | None = None
    percent: Decimal | None = Field(default=None, gt=0, le=100)
    reason: str = Field(min_length=3, max_length=200)
    remedy: Remedy = Remedy.REBILL
    unit_price: Decimal | None = Field(default=None, ge=0)
    quantity: Decimal | None = Field(default=None, gt=0)
    request_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")
    dry_run: bool = False


class RequestCredit(CreditAsked):
    submitter: str = Field(min_length=1, max_length=200)


@process_step(RequestCredit, wire=AwsPorts.from_env)
def handler(command: RequestCredit, ports: Ports) -> dict[str, Any]:
    """The memo and what it takes back. Raises BusinessException for what cannot be credited, with the reason's code."""
    check(command)
    return request(command, ports)


Anew = Mapping[str, Valuation]
"""By line id, what whole lines are rebilled as."""


def request(command: RequestCredit, ports: Ports, anew: Anew | None = None) -> dict[str, Any]:
    """anew: of a plan that was accepted; a person's own request names one price or quantity."""
    invoice = invoice_of_id(command.invoice, ports)
    document = document_of(invoice, ports)
    if command.dry_run:
        credited = ports.credits.credited(invoice.invoice_id)
        return shown(reckoned(command, invoice, document, credited, ports, anew), document, started=False)
    credit = granted(command, invoice, document, ports, anew)
    memo_id = finish_memo(ports.invoices.get(credit.memo_id), ports)
    payload = {"invoice_id": memo_id, "correlation_id": invoice.group.contract_id}
    return shown(credit, document, started=ports.sagas.start("invoice", memo_id, payload))


def check(command: RequestCredit) -> None:
    if command.amount is not None and command.percent is not None:
        raise BusinessException("credit_unclear", why="an amount or a percentage, not both")
    if command.remedy is Remedy.CORRECTION:
        raise BusinessException("credit_unclear", why="corrections are credited by themselves")
    anew = command.unit_price is not None or command.quantity is not None
    if anew and (len(command.lines) != 1 or command.remedy is not Remedy.REBILL):
        raise BusinessException("credit_unclear", why="a new price or quantity is for one line that is rebilled")


def granted(
    command: RequestCredit, invoice: Invoice, document: InvoiceDocument, ports: Ports, anew: Anew | None = None
) -> Credit:
    """Reckoned again where another credit or a correction came between; the first answer of a request stands."""
    memo_id = memo_id_of(invoice.invoice_id, command.request_id)
    for _ in range(_TRIES):
        if standing := ports.credits.find(memo_id):
            return standing
        try:
            credited = ports.credits.credited(invoice.invoice_id)
            return grant(reckoned(command, invoice, document, credited, ports, anew), invoice, credited, ports)
        except Transient as moved:
            if moved.code != "credits_moved":
                raise
    raise Transient("credits_moved", invoice_id=invoice.invoice_id)


def reckoned(
    command: RequestCredit,
    invoice: Invoice,
    document: InvoiceDocument,
    credited: Credited,
    ports: Ports,
    anew: Anew | None = None,
) -> Credit:
    plan = credit_plan(
        invoice,
        document,
        credited,
        line_ids=command.lines,
        amount=None if command.amount is None else Money(command.amount, document.currency),
        percent=command.percent,
    )
    if len(plan.lines) > MOST_LINES:
        raise BusinessException("credit_too_large", lines=str(len(plan.lines)), most=str(MOST_LINES))
    return Credit(
        memo_id=memo_id_of(invoice.invoice_id, command.request_id),
        request_id=command.request_id,
        plan=plan,
        remedy=command.remedy,
        reason=command.reason,
        submitter=command.submitter,
        requested_at=ports.clock.now(),
        valued=valued_by_plan(plan, anew) if anew else valued(command, plan, ports),
    )


def valued_by_plan(plan: CreditPlan, anew: Anew) -> dict[str, Valuation]:
    """Raises BusinessException("rebill_of_part") for a line that was credited in part before."""
    for line in plan.lines:
        if line.line_id in anew and not line.whole:
            raise BusinessException("rebill_of_part", invoice_id=plan.invoice_id, line_id=line.line_id)
    return {line.line_id: anew[line.line_id] for line in plan.lines if line.line_id in anew}


def valued(command: RequestCredit, plan: CreditPlan, ports: Ports) -> dict[str, Valuation]:
    if command.unit_price is None and command.quantity is None:
        return {}
    [line] = plan.lines
    if not line.whole or not line.wip_id:
        raise BusinessException("rebill_of_part", invoice_id=plan.invoice_id, line_id=line.line_id)
    return {line.line_id: valued_anew(ports.wip.get(line.wip_id), command.unit_price, command.quantity)}


def document_of(invoice: Invoice, ports: Ports) -> InvoiceDocument:
    if invoice.document_key is None:
        raise BusinessException("invoice_not_posted", invoice_id=invoice.invoice_id, status=invoice.status.value)
    return read_document(ports.documents.get(invoice.document_key))


def shown(credit: Credit, document: InvoiceDocument, *, started: bool) -> dict[str, Any]:
    """As finance reads it; amounts as text, positive where the customer is given back."""
    plan, described = credit.plan, {line.line_id: line.description for line in document.lines}
    return {
        "memo_id": credit.memo_id,
        "invoice_id": credit.invoice_id,
        "remedy": credit.remedy.value,
        "reason": credit.reason,
        "submitter": credit.submitter,
        "currency": document.currency,
        "net": str(plan.net.amount),
        "tax": str(plan.tax.amount),
        "gross": str(plan.gross.amount),
        "lines": [
            {
                "line": line.line_id,
                "description": described[line.line_id],
                "net": str(line.net.amount),
                "whole": line.whole,
                "rebilled_at": str(credit.valued[line.line_id].value.amount) if line.line_id in credit.valued else None,
            }
            for line in plan.lines
        ],
        "started": started,
    }
