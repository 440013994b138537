"""A plan of credit and rebill that somebody accepted becomes credit requests: one per invoice, each once, however often it dies."""

from __future__ import annotations

from collections.abc import Sequence

from functions.operations.request_credit import RequestCredit, document_of, request
from functions.processes.amendment_plan import AMENDMENT_PLAN, steps_codec
from functions.processes.time_to_bill.plan_late_rates import plan_codec
from shared.domain.credit import PlanStep, Remedy
from shared.domain.exception import BillingException
from shared.domain.identity import derived_id
from shared.domain.rate_card import RateCard
from shared.domain.wip import Valuation
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.credit_items import memo_id_of
from shared.usecases.rerate import rerated

Asked = tuple[RequestCredit, dict[str, Valuation]]


def execute_plan(trouble: BillingException, by: str, ports: Ports) -> tuple[str, ...]:
    """The memos. by: who accepted, and so may not approve them.

    Every request is reckoned before the first is granted: one that is refused (an invoice not posted yet, a line credited
    in part) leaves all as it was. Raises BusinessException with the refusal's code, or ("plan_outdated").
    """
    asked = requests_of(trouble, by, ports)
    for command, anew in asked:
        if not stands(command, ports):
            request(command.model_copy(update={"dry_run": True}), ports, anew)
    return tuple(str(request(command, ports, anew)["memo_id"]) for command, anew in asked)


def requests_of(trouble: BillingException, by: str, ports: Ports) -> list[Asked]:
    """The same ones for the same plan, whatever of it was done before."""
    by_invoice: dict[tuple[str, bool], list[PlanStep]] = {}
    for step in steps_of(trouble, ports):
        by_invoice.setdefault((step.invoice_id, step.given_up), []).append(step)
    found = (_request(trouble, by_invoice[key], by, ports) for key in sorted(by_invoice))
    return [each for each in found if each]


def stands(command: RequestCredit, ports: Ports) -> bool:
    return ports.credits.find(memo_id_of(command.invoice, command.request_id)) is not None


def _request(trouble: BillingException, steps: Sequence[PlanStep], by: str, ports: Ports) -> Asked | None:
    """None where nothing of it is left to do: its work was corrected since, which is billed by itself."""
    first = steps[0]
    told = sorted(f"{step.wip_id}={step.becomes.value.amount if step.becomes else None}" for step in steps)
    request_id = f"plan-{derived_id('plan', trouble.exception_id, first.invoice_id, str(first.given_up), *told)}"
    document = document_of(ports.invoices.get(first.invoice_id), ports)
    lines = {line.wip_id: line.line_id for line in document.lines if line.wip_id}
    granted = ports.credits.find(memo_id_of(first.invoice_id, request_id))
    left = [step for step in steps if step.wip_id in lines and (granted or _is_standing(step, ports))]
    if not left:
        return None
    command = RequestCredit(
        invoice=first.invoice_id,
        lines=tuple(lines[step.wip_id] for step in left),
        reason=trouble.message[:200],
        submitter=by,
        remedy=Remedy.CONCESSION if first.given_up else Remedy.REBILL,
        request_id=request_id,
    )
    return command, {lines[step.wip_id]: step.becomes for step in left if step.becomes}


def _is_standing(step: PlanStep, ports: Ports) -> bool:
    source = ports.wip.source(ports.wip.get(step.wip_id).source_id)
    return source is not None and source.wip_id == step.wip_id


def steps_of(trouble: BillingException, ports: Ports) -> tuple[PlanStep, ...]:
    body = ports.documents.get(trouble.facts["document"])
    if trouble.type == AMENDMENT_PLAN:
        return steps_codec().validate_json(body)
    card = _card_of(trouble, ports)
    steps = []
    for line in plan_codec().validate_json(body):
        item = ports.wip.get(line.wip_id)
        new = rerated(item, card)
        if new is None or new.value != line.rebilled:
            raise BusinessException("plan_outdated", exception_id=trouble.exception_id, wip_id=line.wip_id)
        steps.append(PlanStep(line.invoice_id, line.wip_id, item.value, new.valuation))
    return tuple(steps)


def _card_of(trouble: BillingException, ports: Ports) -> RateCard:
    """The version the plan was made by."""
    versions = ports.rate_cards.versions(trouble.facts["rate_card_id"])
    for card in versions:
        if card.version == trouble.facts["rate_card_version"]:
            return card
    raise BusinessException("plan_outdated", exception_id=trouble.exception_id)
