"""A rate that changed for work on an invoice: a plan of credit and rebill for review, and an exception that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from pydantic import TypeAdapter

from shared.domain.contract import Contract
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice
from shared.domain.money import Money
from shared.domain.rate_card import RateCard
from shared.ports.ports import Ports
from shared.runtime.trouble import raise_trouble, settle
from shared.usecases.invoice_life import ENDED
from shared.usecases.open_exception import exception_id
from shared.usecases.rerate import RerateLine, rerate_plan

LATE_RATE = "late_rate_change"


@cache
def plan_codec() -> TypeAdapter[tuple[RerateLine, ...]]:
    """Of the document that the fact `document` of the exception names; built when first needed, not at import."""
    return TypeAdapter(tuple[RerateLine, ...])


def plan_late_rates(
    contracts: Sequence[Contract], before: RateCard, now: RateCard, ports: Ports, *, since: date
) -> dict[str, tuple[RerateLine, ...]]:
    """By contract: its plan, where it has one. since: the first day of work that the change can touch.

    One exception per contract and card; a later change of the card before anybody decided makes one plan of both. A plan
    that has become empty closes its exception.
    """
    invoices = list(_invoices(contracts, ports))
    plans: dict[str, tuple[RerateLine, ...]] = {}
    for contract in contracts:
        subject = f"{contract.contract_id}:{now.rate_card_id}"
        undecided = _undecided(subject, ports)
        asked = {line.invoice_id for line in undecided}
        items = [
            item
            for invoice in invoices
            if invoice.group.customer_id == contract.customer_id
            and (invoice.period_end >= since or invoice.invoice_id in asked)
            for item in ports.wip.claimed_by(invoice.invoice_id)
            if item.contract_id == contract.contract_id
        ]
        drawn = rerate_plan(items, before, now, also={line.wip_id for line in undecided})
        plan = tuple(line for line in drawn if _stands(line, ports))
        if plan:
            _tell(contract, subject, now, plan, ports)
            plans[contract.contract_id] = plan
        elif undecided:
            settle(ports, exception_id(LATE_RATE, subject), "cause_gone", by="billweave")
    return plans


def _invoices(contracts: Sequence[Contract], ports: Ports) -> Iterator[Invoice]:
    customers = {contract.customer_id for contract in contracts}
    for legal_entity_id in sorted({contract.legal_entity_id for contract in contracts}):
        for invoice in ports.invoices.of_legal_entity(legal_entity_id):
            if invoice.group.customer_id in customers and invoice.status not in ENDED:
                yield invoice


def _stands(line: RerateLine, ports: Ports) -> bool:
    """Nothing took the item back since it was billed."""
    source = ports.wip.source(line.source_id)
    return source is not None and source.wip_id == line.wip_id


def _undecided(subject: str, ports: Ports) -> tuple[RerateLine, ...]:
    """The lines of a plan that still waits for its review."""
    trouble = ports.exceptions.find(exception_id(LATE_RATE, subject))
    if trouble is None or trouble.resolved_at is not None:
        return ()
    return plan_codec().validate_json(ports.documents.get(trouble.facts["document"]))


def _tell(contract: Contract, subject: str, card: RateCard, plan: tuple[RerateLine, ...], ports: Ports) -> None:
    """The document's key follows from the plan, so that the same plan is one document however often it is made."""
    told = (f"{line.wip_id}={line.rebilled.amount}" for line in plan)
    key = f"rerate_plans/{contract.contract_id}/{derived_id('rerate_plan', card.rate_card_id, *told)}.json"
    ports.documents.put(key, plan_codec().dump_json(plan))
    raise_trouble(
        ports,
        LATE_RATE,
        subject,
        legal_entity_id=contract.legal_entity_id,
        correlation_id=contract.contract_id,
        facts={
            "contract_id": contract.contract_id,
            "project": contract.project_name,
            "rate_card_id": card.rate_card_id,
            "rate_card_version": card.version,
            "document": key,
            "lines": str(len(plan)),
            "invoices": str(len({line.invoice_id for line in plan})),
            "credited": _sum([line.credited for line in plan]),
            "rebilled": _sum([line.rebilled for line in plan]),
            "difference": _sum([line.difference for line in plan]),
            "currency": contract.currency,
        },
    )


def _sum(parts: Sequence[Money]) -> str:
    return str(sum(parts, Money.zero(parts[0].currency)).amount)
