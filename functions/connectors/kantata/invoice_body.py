"""The invoice document -> the body of POST /invoices: what of it is Kantata's own work, and the rest as one item.

Items are written with `amount` in main units, though they read in cents. Source: docs/connectors/kantata.md, "Invoices".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from events.commands import ReportInvoice
from functions.connectors.kantata.settings import SERVICE, SYSTEM
from shared.domain.invoice import InvoiceDocument, InvoiceLine

_LISTS = {"time_entry": "time_entry_ids", "expense": "expense_ids"}


def invoice_body(command: ReportInvoice, document: InvoiceDocument, workspace_id: str) -> dict[str, Any] | None:
    """None when there is nothing to list: Kantata makes no invoice without an item."""
    items = _items(document.lines_of(command.contract_id))
    if not items:
        return None
    body: dict[str, Any] = {
        "workspace_id": int(workspace_id),
        "invoice_date": document.issued_on.isoformat(),
        "payment_schedule": (document.due_on - document.issued_on).days,
        "message": f"Invoice {command.number or document.invoice_id}",
        "suppress_emails": True,
        "draft": False,
        "external_reference": {
            "service_name": SERVICE,
            "service_model": "Invoice",
            "service_model_ref": command.invoice_id,
            "status": "successful",
            "external_status": command.status,
            "external_message": command.number or "",
        },
    }
    if document.purchase_order:
        body["purchase_order"] = document.purchase_order
    return body | items


def _items(lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    items: dict[str, Any] = dict(own_work(lines))
    other = sum((line.net.amount for line in lines if not _is_work(line)), Decimal(0))
    if other > 0:
        items["additional_items"] = [{"notes": _words(lines), "amount": other}]
    return items


def own_work(lines: Iterable[InvoiceLine]) -> dict[str, list[int]]:
    """Ids of the time entries and expenses that this invoice bills, by the name of the list they go in.

    One whose lines sum to nothing or less was taken back on this very invoice: it is not approved there any more and may
    not be listed.
    """
    sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.source_ref is not None and _is_work(line):
            sums[line.source_ref.kind, int(line.source_ref.id)] += line.net.amount
    lists: dict[str, list[int]] = defaultdict(list)
    for (kind, id_), net in sorted(sums.items()):
        if net > 0:
            lists[_LISTS[kind]].append(id_)
    return dict(lists)


def _is_work(line: InvoiceLine) -> bool:
    return line.source_ref is not None and line.source_ref.system == SYSTEM and line.source_ref.kind in _LISTS


def _words(lines: Sequence[InvoiceLine]) -> str:
    words = [line.description for line in lines if not _is_work(line)]
    return "; ".join(words)[:250]
