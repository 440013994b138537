"""What the firm's finance people read in Business Central, how customers pay there, and what goes wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.firm.desks import ErpDesk, ErpInvoice, ErpMemo, ErpProject, Told
from sandbox.firm.vendor_calls import Control

Row = dict[str, Any]
DRAFTS = frozenset({"Draft", "In Review"})
MAKING = {"method": "POST", "path": r"/(salesInvoices|\$batch)$"}
"""However the invoices are asked for."""


class Finance:
    """Keeps what sandbox/firm/desks.py asks of an ERP. Companies are read together: ids are the tenant's own."""

    def __init__(self, told: Told) -> None:
        self.control = Control(told["control_url"])

    def project_count(self) -> int:
        return int(self._counts()["projects"])

    def invoice_count(self) -> int:
        return int(self._counts()["posted_invoices"])

    def projects(self) -> list[ErpProject]:
        return [ErpProject(row["id"], (row["displayName"], row["number"])) for row in self.control.records("projects")]

    def invoices(self) -> list[ErpInvoice]:
        numbers, lines = self._project_ids(), self._lines("salesInvoiceLines")
        return [
            ErpInvoice(
                invoice_id=row["id"],
                number=row["number"],
                reference=row["externalDocumentNumber"],
                customer_id=row["customerId"],
                project_id=project_of(row, lines[row["id"]], numbers),
                currency=row["currencyCode"],
                net=exact(row["totalAmountExcludingTax"]),
                gross=exact(row["totalAmountIncludingTax"]),
                unpaid=exact(row["remainingAmount"]),
                lines=tuple((text_of(line), exact(line["netAmount"])) for line in lines[row["id"]]),
            )
            for row in self._posted("salesInvoices")
        ]

    def credit_memos(self) -> list[ErpMemo]:
        numbers, lines = self._project_ids(), self._lines("salesCreditMemoLines")
        return [
            ErpMemo(
                memo_id=row["id"],
                number=row["number"],
                project_id=project_of(row, lines[row["id"]], numbers),
                currency=row["currencyCode"],
                net=exact(row["totalAmountExcludingTax"]),
                gross=exact(row["totalAmountIncludingTax"]),
                taken={invoice: exact(amount) for invoice, amount in row.get("_applied", {}).items()},
            )
            for row in self._posted("salesCreditMemos")
        ]

    def take_payment(self, invoice_id: str, amount: Decimal | None = None) -> None:
        part = {} if amount is None else {"amount": str(amount)}
        self.control.post("/payments", {"invoice_id": invoice_id} | part)

    def refuse_projects(self) -> None:
        self.control.post("/settings", {"jobs_set_up": False})

    def month_end_weather(self) -> None:
        faults = [
            MAKING | {"action": "commit_then_drop", "times": 1, "skip": 3},
            MAKING | {"action": "throttle", "times": 15},
        ]
        self.control.post("/faults", faults)

    def repair(self) -> None:
        self.control.delete("/faults")
        self.control.post("/settings", {"jobs_set_up": True})

    def _counts(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.control.get("/counts")
        return found

    def _posted(self, kind: str) -> list[Row]:
        return [row for row in self.control.records(kind) if row["status"] not in DRAFTS]

    def _project_ids(self) -> dict[tuple[str, str], str]:
        """By company and number: the number is the dimension value on what belongs to the project."""
        return {(row["_company"], row["number"]): row["id"] for row in self.control.records("projects")}

    def _lines(self, kind: str) -> dict[str, list[Row]]:
        """By document, in order; comments are no amounts."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.control.records(kind):
            if row["lineType"] != "Comment":
                found[row["documentId"]].append(row)
        return defaultdict(list, {key: sorted(rows, key=sequence) for key, rows in found.items()})


def sequence(line: Row) -> int:
    return int(line["sequence"])


def project_of(document: Row, lines: list[Row], numbers: Mapping[tuple[str, str], str]) -> str:
    """By a dimension value of the document or of one of its lines; empty if none is a project."""
    for row in (document, *lines):
        for value in row["_dimensions"].values():
            if (document["_company"], value) in numbers:
                return numbers[document["_company"], value]
    return ""


def text_of(line: Row) -> str:
    return " ".join(part for part in (line["description"], line["description2"]) if part)


def exact(value: Any) -> Decimal:
    return Decimal(str(value))


def open_desk(told: Told) -> ErpDesk:
    return Finance(told)
