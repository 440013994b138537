"""What the firm's finance people read in S/4HANA, how customers pay there, and what goes wrong with it."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import httpx

from sandbox.firm.desks import ErpDesk, ErpInvoice, ErpMemo, ErpProject, Told
from sandbox.firm.vendor_calls import TIMEOUT_S, Control, Refused

Row = dict[str, Any]
_ROOT = "/sap/opu/odata/sap/"
_PROJECTS, _BILLING = f"{_ROOT}API_ENTERPRISE_PROJECT_SRV;v=0002/", f"{_ROOT}API_BILLING_DOCUMENT_SRV/"
_JOURNAL = f"{_ROOT}API_OPLACCTGDOCITEMCUBE_SRV/A_OperationalAcctgDocItemCube"
_INVOICES = "(BillingDocumentType eq 'F2' or BillingDocumentType eq 'L2')"
_CREDITS = "(BillingDocumentType eq 'G2' or BillingDocumentType eq 'S1')"
REFUSAL = {
    "error": {
        "code": "CJ/035",
        "message": {"lang": "en", "value": "Project profile YP02 is locked for new projects"},
        "innererror": {
            "errordetails": [{"code": "CJ/035", "message": "Project profile YP02 is locked", "severity": "error"}]
        },
    }
}
ORDERED = {"method": "POST", "path": r"API_(DEBIT_MEMO_REQUEST|SALES_ORDER)_SRV/(A_\w+|\$batch)$"}
BILLED = {"method": "POST", "path": r"CreateFromSDDocument$"}


class Finance:
    """Keeps what sandbox/firm/desks.py asks of an ERP."""

    def __init__(self, told: Told) -> None:
        self.control = Control(told["control_url"])
        keys = told["credentials"]
        self._http = httpx.Client(
            base_url=told["base_url"],
            auth=(keys["user"], keys["password"]),
            headers={"Accept": "application/json"},
            timeout=TIMEOUT_S,
            trust_env=False,
        )

    def project_count(self) -> int:
        return int(self._get(f"{_PROJECTS}A_EnterpriseProject/$count").text)

    def invoice_count(self) -> int:
        return int(self._get(f"{_BILLING}A_BillingDocument/$count", {"$filter": _INVOICES}).text)

    def projects(self) -> list[ErpProject]:
        rows = self._rows(f"{_PROJECTS}A_EnterpriseProject")
        return [ErpProject(row["ProjectUUID"], (row["ProjectDescription"], row["Project"])) for row in rows]

    def invoices(self) -> list[ErpInvoice]:
        project_of, items, unpaid = self._project_of(), self._items(), self._unpaid()
        return [
            ErpInvoice(
                invoice_id=row["BillingDocument"],
                number=row["BillingDocument"],
                reference=reference(row["PurchaseOrderByCustomer"]),
                customer_id=row["SoldToParty"].lstrip("0"),
                project_id=project_on(items[row["BillingDocument"]], project_of),
                currency=row["TransactionCurrency"],
                net=Decimal(row["TotalNetAmount"]),
                gross=Decimal(row["TotalGrossAmount"]),
                unpaid=unpaid.get(row["AccountingDocument"], Decimal(0)),
                lines=lines(items[row["BillingDocument"]]),
            )
            for row in self._rows(f"{_BILLING}A_BillingDocument", _INVOICES)
        ]

    def credit_memos(self) -> list[ErpMemo]:
        """Credit memos proper, and cancellations of invoices."""
        project_of, items, named = self._project_of(), self._items(), self._named()
        return [
            ErpMemo(
                memo_id=row["BillingDocument"],
                number=row["BillingDocument"],
                project_id=project_on(items[row["BillingDocument"]], project_of),
                currency=row["TransactionCurrency"],
                net=Decimal(row["TotalNetAmount"]),
                gross=Decimal(row["TotalGrossAmount"]),
                taken=taken(row, named),
            )
            for row in self._rows(f"{_BILLING}A_BillingDocument", _CREDITS)
        ]

    def take_payment(self, invoice_id: str, amount: Decimal | None = None) -> None:
        part = {} if amount is None else {"amount": str(amount)}
        self.control.post("/payments", {"billing_document": invoice_id} | part)

    def refuse_projects(self) -> None:
        self.control.post("/faults", {
            "action": "status", "method": "POST", "path": r"API_ENTERPRISE_PROJECT_SRV.*/(A_EnterpriseProject|\$batch)$",
            "status": 400, "body": json.dumps(REFUSAL), "content_type": "application/json", "times": 0,
        })  # fmt: skip

    def month_end_weather(self) -> None:
        faults = [
            BILLED | {"action": "commit_then_drop", "times": 1, "skip": 3},
            ORDERED | {"action": "throttle", "times": 15},
        ]
        self.control.post("/faults", faults)

    def repair(self) -> None:
        self.control.delete("/faults")

    def _project_of(self) -> dict[str, str]:
        """Number of a project or of an element of it -> the project's id."""
        found = {row["Project"]: row["ProjectUUID"] for row in self._rows(f"{_PROJECTS}A_EnterpriseProject")}
        elements = self._rows(f"{_PROJECTS}A_EnterpriseProjectElement")
        return found | {row["ProjectElement"]: row["ProjectUUID"] for row in elements}

    def _items(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows(f"{_BILLING}A_BillingDocumentItem"):
            found[row["BillingDocument"]].append(row)
        return found

    def _receivables(self) -> list[Row]:
        return self._rows(_JOURNAL, "FinancialAccountType eq 'D'")

    def _unpaid(self) -> dict[str, Decimal]:
        """Accounting document of an invoice -> what its customer still owes on it."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for row in self._receivables():
            owner = row["InvoiceReference"] or row["AccountingDocument"]
            found[owner] += Decimal(row["AmountInTransactionCurrency"])
        return {entry: max(amount, Decimal(0)) for entry, amount in found.items()} | self._cleared()

    def _cleared(self) -> dict[str, Decimal]:
        """Nothing is open on what was settled, by money or by its cancellation."""
        rows = self._rows(f"{_BILLING}A_BillingDocument", "InvoiceClearingStatus eq 'C'")
        return {row["AccountingDocument"]: Decimal(0) for row in rows}

    def _named(self) -> dict[str, str]:
        """Accounting document of a credit memo -> billing document of the invoice that it names."""
        billed = {
            row["AccountingDocument"]: row["BillingDocument"] for row in self._rows(f"{_BILLING}A_BillingDocument")
        }
        return {
            row["AccountingDocument"]: billed[row["InvoiceReference"]]
            for row in self._receivables()
            if row["InvoiceReference"] in billed
        }

    def _rows(self, path: str, condition: str = "") -> list[Row]:
        """Every row of a set, page by page."""
        page = self._get(path, {"$filter": condition} if condition else None).json()["d"]
        found: list[Row] = page["results"]
        while "__next" in page:
            page = self._get(page["__next"]).json()["d"]
            found += page["results"]
        return found

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> httpx.Response:
        answer = self._http.get(path, params=params)
        if answer.status_code >= 300:
            raise Refused(f"GET {path}: {answer.status_code} {answer.text[:400]}")
        return answer


def reference(text: str) -> str:
    """Our id as it reads elsewhere: 32 hexadecimal digits are an id without its hyphens, which would not fit."""
    try:
        return str(uuid.UUID(text)) if len(text) == 32 else text
    except ValueError:
        return text


def project_on(items: Iterable[Row], project_of: Mapping[str, str]) -> str:
    """The project that the first item with an account assignment belongs to."""
    return next((project_of[row["WBSElement"]] for row in items if row["WBSElement"] in project_of), "")


def lines(items: Iterable[Row]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((row["BillingDocumentItemText"], Decimal(row["NetAmount"])) for row in items)


def taken(row: Row, named: Mapping[str, str]) -> dict[str, Decimal]:
    invoice = row["CancelledBillingDocument"] or named.get(row["AccountingDocument"], "")
    return {invoice: Decimal(row["TotalGrossAmount"])} if invoice else {}


def open_desk(told: Told) -> ErpDesk:
    return Finance(told)
