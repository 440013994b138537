"""What of the referenced sales documents is to be billed: open, free, priced, in an open period.

Source: vendor notes, section 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sandbox.sap_s4hana import billing_plans
from sandbox.sap_s4hana.book import Book, Row
from sandbox.sap_s4hana.kinds import BY_CATEGORY, CREDIT, KINDS, ORDER, Kind
from sandbox.sap_s4hana.messages import period_closed, said, unknown
from sandbox.sap_s4hana.periods import is_closed
from sandbox.sap_s4hana.sold_to import check_blocked
from sandbox.sap_s4hana.work import Work


class Due(NamedTuple):
    """One item to be billed, or one part of its billing plan."""

    kind: Kind
    head: Row
    item: Row
    part: Row | None
    net: Decimal
    split: tuple[str, ...]


def prices_of(book: Book, kind: Kind, item: Row) -> list[Row]:
    keys = {kind.key: item[kind.key], kind.item_key: item[kind.item_key]}
    return book.where(kind.item_prices, **keys)


class Dues:
    def __init__(self, work: Work) -> None:
        self._work, self._book = work, work.book

    def of(self, control: Mapping[str, Any], reference: Mapping[str, Any]) -> list[Due]:
        """What one reference brings to be billed now; never nothing. Raises SapError 400."""
        kind, head = self._referenced(reference)
        number = head[kind.key]
        if head["HeaderBillingBlockReason"]:
            raise said("VF/025", f"Document {number} is blocked for billing", "SDDocument")
        if head["SalesDocApprovalStatus"] in ("A", "D"):
            raise said("VF/026", f"Document {number} is not approved", "SDDocument")
        check_blocked(self._book, head)
        when = reference.get("BillingDocumentDate") or control.get("DefaultBillingDocumentDate")
        when = str(when or head["BillingDocumentDate"] or self._work.clock.today().isoformat())
        self._check_period(head["SalesOrganization"], when)
        due = self._open_items(kind, head, when, self._type(kind, control))
        if not due:
            states = {row["OrderRelatedBillingStatus"] for row in self._book.where(kind.item, **{kind.key: number})}
            if states == {"C"}:
                raise said("VF/108", f"Document {number} is already fully billed", "SDDocument")
            raise said("VF/104", f"Document {number} has no items that can be billed", "SDDocument")
        return due

    def _referenced(self, reference: Mapping[str, Any]) -> tuple[Kind, Row]:
        number, category = str(reference.get("SDDocument") or ""), str(reference.get("SDDocumentCategory") or "")
        if category and category not in BY_CATEGORY:
            raise unknown("Document category", category, "SDDocumentCategory", "VF/131")
        for kind in [BY_CATEGORY[category]] if category else KINDS:
            head = self._book.get(kind.head, number)
            if head is not None:
                return kind, head
        raise said("VF/028", f"Reference document {number or '(empty)'} does not exist", "SDDocument")

    def _type(self, kind: Kind, control: Mapping[str, Any]) -> str:
        wanted = str(control.get("DefaultBillingDocumentType") or "")
        return wanted if wanted in kind.bills else kind.bills[0]

    def _open_items(self, kind: Kind, head: Row, when: str, billing_type: str) -> list[Due]:
        found = []
        for item in self._book.where(kind.item, **{kind.key: head[kind.key]}):
            if item["OrderRelatedBillingStatus"] == "C" or item["SalesDocumentRjcnReason"]:
                continue
            if item["ItemBillingBlockReason"]:
                continue
            if not prices_of(self._book, kind, item):
                raise said(
                    "VF/045", f"Item {item[kind.item_key]} of document {head[kind.key]} has no price", "SDDocument"
                )
            parts = billing_plans.due_parts(self._work, item, when) if kind is ORDER else None
            split = self._split(kind, head, item, when, billing_type)
            if parts is None:
                found.append(Due(kind, head, item, None, Decimal(item["NetAmount"]), split))
            for part in parts or ():
                found.append(Due(kind, head, item, part, Decimal(part["BillingPlanAmount"]), split))
        return found

    @staticmethod
    def _split(kind: Kind, head: Row, item: Row, when: str, billing_type: str) -> tuple[str, ...]:
        """What must agree for items to stand on one billing document."""
        same = ("SalesOrganization", "SoldToParty", "TransactionCurrency", "CustomerTaxClassification1")
        return (
            billing_type,
            kind.billed_as,
            when,
            item["CustomerPaymentTerms"],
            item["ReferenceSDDocument"] if kind is CREDIT else "",
            *(str(head[name]) for name in same),
        )

    def _check_period(self, company: str, when: str) -> None:
        if is_closed(self._book, company, when[:7]):
            raise period_closed(when[:7], company)
