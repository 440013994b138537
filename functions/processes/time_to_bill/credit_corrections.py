"""Corrections that outweigh the work of a contract become credit memos, drafted and sealed with the run's invoices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from functions.processes.crediting import grant
from shared.adapters.invoice_document import read_document
from shared.domain.credit import Credit, Remedy
from shared.domain.invoice import Invoice, InvoiceKind
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.usecases.credit_groups import Billed, CreditGroup, credit_groups, parts_of, taken_by
from shared.usecases.credit_items import memo_id_of
from shared.usecases.credit_plan import plan_of
from shared.usecases.group_wip import NEGATIVE_INVOICE, Left
from shared.usecases.invoice_life import IN_THE_BOOKS

REASON = "Correction of approved work"
SUBMITTER = "billweave"


def credit_corrections(left: Sequence[Left], items: Sequence[WipItem], ports: Ports) -> frozenset[str]:
    """Ids of the items that credits took, of those left because their group comes to less than nothing.

    Where it took any, the rest of the group is to be grouped again. May be run again: a credit's request follows from its
    corrections.
    """
    stays = {each.wip_id for each in left if each.reason == NEGATIVE_INVOICE}
    if not stays:
        return frozenset()
    of_negative = [item for item in items if item.wip_id in stays]
    groups = credit_groups(of_negative, billed_of(of_negative, ports))
    for group in groups:
        grant(credit_of(group, ports), group.billed.invoice, group.billed.credited, ports)
    return taken_by(groups)


def credit_of(group: CreditGroup, ports: Ports) -> Credit:
    billed, request_id = group.billed, next_request(group, ports)
    return Credit(
        memo_id=memo_id_of(billed.invoice.invoice_id, request_id),
        request_id=request_id,
        plan=plan_of(billed.document, billed.credited, parts_of(group)),
        remedy=Remedy.CORRECTION,
        reason=REASON,
        submitter=SUBMITTER,
        requested_at=ports.clock.now(),
        reversals={line_id: item.wip_id for line_id, item in group.reversals.items()},
    )


def next_request(group: CreditGroup, ports: Ports) -> str:
    """The same as last time, unless the memo of last time ended without being posted."""
    for number in count(1):
        request_id = f"{group.request_id}-{number}"
        standing = ports.credits.find(memo_id_of(group.billed.invoice.invoice_id, request_id))
        if standing is None or not standing.released:
            return request_id
    raise AssertionError("count ends never")


def billed_of(items: Sequence[WipItem], ports: Ports) -> dict[str, Billed]:
    """By the id of each item that one of these takes back: where it was billed, if that is in the books."""
    known: dict[str, Billed | None] = {}
    found: dict[str, Billed] = {}
    for item in items:
        if item.reverses is None:
            continue
        holder = ports.wip.get(item.reverses).claimed_by
        if holder and holder not in known:
            known[holder] = _billed(ports.invoices.find(holder), ports)
        if holder and (billed := known[holder]):
            found[item.reverses] = billed
    return found


def _billed(invoice: Invoice | None, ports: Ports) -> Billed | None:
    if invoice is None or invoice.kind is not InvoiceKind.INVOICE:
        return None
    if invoice.status not in IN_THE_BOOKS or invoice.document_key is None:
        return None
    document = read_document(ports.documents.get(invoice.document_key))
    return Billed(invoice, document, ports.credits.credited(invoice.invoice_id))
