"""What the firm's finance people read in NetSuite, how customers pay there, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sandbox.firm.desks import ErpDesk, ErpInvoice, ErpMemo, ErpProject, Told
from sandbox.firm.vendor_calls import Control

Row = dict[str, Any]
REFUSAL = (
    '{"type":"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1","title":"Bad Request","status":400,'
    '"o:errorDetails":[{"detail":"The project template for this subsidiary is inactive.","o:errorCode":"USER_ERROR"}]}'
)
ERROR_TYPE = "application/vnd.oracle.resource+json; type=error"
INVOICE = {"method": "PUT", "path": "/record/v1/invoice/eid"}


class Finance:
    """Keeps what sandbox/firm/desks.py asks of an ERP."""

    def __init__(self, told: Told) -> None:
        self.control = Control(told["control_url"])

    def project_count(self) -> int:
        return self._count("job")

    def invoice_count(self) -> int:
        return self._count("invoice")

    def projects(self) -> list[ErpProject]:
        return [ErpProject(str(row["id"]), project_names(row)) for row in self.control.records("job")]

    def invoices(self) -> list[ErpInvoice]:
        symbols = self._symbols()
        return [
            ErpInvoice(
                invoice_id=str(row["id"]),
                number=str(row["tranId"]),
                reference=str(row.get("externalId") or ""),
                customer_id=linked(row, "entity"),
                project_id=linked(row, "job"),
                currency=symbols[linked(row, "currency")],
                net=exact(row["subtotal"]),
                gross=exact(row["total"]),
                unpaid=exact(row["amountRemaining"]),
                lines=lines(row.get("item") or []),
            )
            for row in self.control.records("invoice")
        ]

    def credit_memos(self) -> list[ErpMemo]:
        symbols = self._symbols()
        return [
            ErpMemo(
                memo_id=str(row["id"]),
                number=str(row["tranId"]),
                project_id=linked(row, "job"),
                currency=symbols[linked(row, "currency")],
                net=exact(row["subtotal"]),
                gross=exact(row["total"]),
                taken=taken(row.get("apply") or []),
            )
            for row in self.control.records("creditMemo")
        ]

    def take_payment(self, invoice_id: str, amount: Decimal | None = None) -> None:
        part = {} if amount is None else {"amount": str(amount)}
        self.control.post("/payments", {"invoice_id": invoice_id} | part)

    def refuse_projects(self) -> None:
        self.control.post("/faults", {
            "action": "status", "method": "PUT", "path": "/record/v1/job/", "status": 400, "body": REFUSAL,
            "content_type": ERROR_TYPE, "times": 0,
        })  # fmt: skip

    def month_end_weather(self) -> None:
        faults = [
            INVOICE | {"action": "commit_then_drop", "times": 1, "skip": 3},
            INVOICE | {"action": "throttle", "times": 15},
        ]
        self.control.post("/faults", faults)

    def repair(self) -> None:
        self.control.delete("/faults")

    def _count(self, kind: str) -> int:
        return int(self.control.get("/health")["records"].get(kind, 0))

    def _symbols(self) -> dict[str, str]:
        """Currency id -> ISO code."""
        return {row["id"]: row["symbol"] for row in self.control.records("currency")}


def project_names(job: Row) -> tuple[str, ...]:
    return tuple(str(job[name]) for name in ("companyName", "entityId") if job.get(name))


def lines(items: Sequence[Row]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((str(line.get("description") or ""), exact(line.get("amount") or 0)) for line in items)


def taken(applied: Sequence[Row]) -> dict[str, Decimal]:
    """By invoice; a memo may name the same one twice."""
    found: dict[str, Decimal] = {}
    for line in applied:
        invoice = linked(line, "doc")
        found[invoice] = found.get(invoice, Decimal(0)) + exact(line["amount"])
    return found


def linked(row: Row, name: str) -> str:
    return str((row.get(name) or {}).get("id") or "")


def exact(value: Any) -> Decimal:
    return Decimal(str(value))


def open_desk(told: Told) -> ErpDesk:
    return Finance(told)
