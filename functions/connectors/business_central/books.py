"""A document comes into the books once: draft, comparison with our totals, post.

The external document number is our id, but Business Central does not keep it unique, and two attempts may each make a
draft. Which draft is posted is therefore decided by one conditional write of ours; another attempt's draft is deleted. A
first attempt leaves a mark before it asks; a later one looks before it writes, because an answer may have been lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.connectors.business_central.client import Row
from functions.connectors.business_central.mapping import DRAFTS, UNDONE, Body, status_of, totals_of
from functions.connectors.business_central.odata import both, equal
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.settings import SYSTEM
from functions.connectors.business_central.texts import number_of, reference_of
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException, Transient

LANE = "posting"


@dataclass(frozen=True, slots=True)
class Standing:
    """What has our number: the posted one, if any, and drafts."""

    posted: Row | None
    drafts: tuple[Row, ...]


class Books:
    """kind: the set, "salesInvoices" or "salesCreditMemos". One object per document and attempt."""

    def __init__(self, kind: str, document: InvoiceDocument, ports: BusinessCentralPorts) -> None:
        self._kind, self._document, self._ports = kind, document, ports
        self._company = ports.erp.company(document.legal_entity_id)

    def standing_before(self) -> Standing:
        """Asks only where an attempt was made before."""
        asked = self._ports.references.canonical(self._mark) is not None
        return self.standing() if asked else Standing(None, ())

    def standing(self) -> Standing:
        """Raises BusinessException("erp_invoice_doubled") if it was posted twice."""
        rows = find_ours(self._kind, self._document.invoice_id, self._document, self._ports)
        drafts = tuple(row for row in rows if status_of(row) in DRAFTS)
        posted = [row for row in rows if status_of(row) not in DRAFTS]
        if len(posted) > 1:
            numbers = ", ".join(str(row.get("number")) for row in posted)
            raise BusinessException("erp_invoice_doubled", invoice_id=self._document.invoice_id, numbers=numbers)
        return Standing(posted[0] if posted else None, drafts)

    def enter(self, drafts: tuple[Row, ...], body: Callable[[], Body]) -> Row:
        """The posted document, as it stands. drafts: of earlier attempts.

        Raises BusinessException("amount_disagreement") when Business Central reckons other totals; the draft is deleted.
        """
        draft = self._chosen(drafts) or self._made(body())
        self._agree(draft)
        self._post(str(draft["id"]))
        after = self.standing()
        for stray in after.drafts:
            self._remove(stray)
        if after.posted is None:
            raise Transient("erp_record_not_visible", record=self._kind, reference=self._document.invoice_id)
        return after.posted

    def _chosen(self, drafts: tuple[Row, ...]) -> Row | None:
        """The earlier draft that is to be posted, unless its totals are no longer ours: the set-up was repaired since."""
        if not drafts:
            return None
        chosen = self._claimed(drafts[0])
        if chosen is not None and totals_of(chosen) != self._ours():
            self._remove(chosen)
            return None
        return chosen

    def _made(self, body: Body) -> Row:
        link = self._ports.references.link
        try:
            draft = self._ports.tenant.create(
                self._company,
                self._kind,
                body,
                lane=LANE,
                asking=lambda: link(self._mark, self._document.invoice_id),
            )
        except Transient:
            found = self.standing()
            draft_seen = found.posted or (found.drafts[0] if found.drafts else None)
            if draft_seen is None:
                raise
            draft = draft_seen
        return self._claimed(draft) or draft

    def _claimed(self, draft: Row) -> Row | None:
        """The draft that is ours to post: this one, or the one that another attempt claimed before."""
        draft_id, number = str(draft["id"]), 1
        while True:
            mark = ExternalRef(SYSTEM, f"{self._kind}_draft", f"{self._document.invoice_id}/{number}")
            try:
                self._ports.references.link(mark, draft_id)
                return draft
            except BusinessException as taken:
                if taken.code != "reference_taken":
                    raise
            other = self._ports.tenant.get(
                self._company, self._kind, self._ports.references.canonical(mark) or "", lane=LANE
            )
            if other is not None:
                self._remove(draft)
                return other
            number += 1

    def _agree(self, draft: Row) -> None:
        ours, theirs = self._ours(), totals_of(draft)
        if ours == theirs:
            return
        if status_of(draft) in DRAFTS:
            self._remove(draft)
        raise BusinessException(
            "amount_disagreement",
            invoice_id=self._document.invoice_id,
            erp_id=str(draft["id"]),
            ours=" ".join(str(each) for each in ours),
            theirs=" ".join(str(each) for each in theirs),
        )

    def _post(self, draft_id: str) -> None:
        """A lost answer, or a refusal because another attempt was faster: its status says."""
        try:
            self._ports.tenant.act(self._company, self._kind, draft_id, "post", lane=LANE)
        except (Transient, BusinessException):
            row = self._ports.tenant.get(self._company, self._kind, draft_id, lane=LANE)
            if row is None or status_of(row) in DRAFTS:
                raise

    def _remove(self, draft: Row) -> None:
        if status_of(draft) in DRAFTS:
            self._ports.tenant.remove(self._company, self._kind, str(draft["id"]), lane=LANE)

    def _ours(self) -> tuple[Any, Any, Any]:
        totals = self._document.totals
        return totals.net.amount, totals.tax.amount, totals.gross.amount

    @property
    def _mark(self) -> ExternalRef:
        return ExternalRef(SYSTEM, "asked", self._document.invoice_id)


def find_ours(kind: str, our_id: str, document: InvoiceDocument, ports: BusinessCentralPorts) -> list[Row]:
    """What has this id of ours as its external document number, of the document's customer."""
    where = both(
        equal("externalDocumentNumber", reference_of(our_id)),
        equal("customerNumber", number_of(document.customer_id)),
    )
    return ports.tenant.find(ports.erp.company(document.legal_entity_id), kind, where, lane=LANE)


def refuse_undone(row: Row, our_id: str) -> None:
    """Raises BusinessException("erp_invoice_dead") for what finance has cancelled there."""
    if status_of(row) in UNDONE:
        raise BusinessException(
            "erp_invoice_dead", invoice_id=our_id, status=status_of(row).lower(), erp_id=str(row["id"])
        )
