"""What people do in the client and at the bank that the API cannot: behind `/_sim/`, by the same rules."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.business_central import journals, timesheets
from sandbox.business_central.book import Book, Record
from sandbox.business_central.clock import Clock
from sandbox.business_central.errors import not_found
from sandbox.business_central.fields import NO_DATE
from sandbox.business_central.kinds import INVOICE, POSTED
from sandbox.business_central.rules import rules_of
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.settings import Settings
from sandbox.business_central.values import Given, given_of
from sandbox.business_central.work import Work
from sandbox.kit.odata.literals import DECIMAL


class Clerk:
    """Bodies are JSON objects. Raises KeyError or ValueError for one that says too little, Refused by the rules."""

    def __init__(self, book: Book, clock: Clock, settings: Settings) -> None:
        self._book, self._clock, self._settings = book, clock, settings

    def pay(self, body: dict[str, Any]) -> dict[str, Any]:
        """By the company's payment journal, as a bank import would."""
        invoice = self._known(INVOICE.heads, str(body["invoice_id"]))
        work = self._work(invoice["_company"])
        paid = _amount(body["amount"]) if body.get("amount") is not None else invoice["remainingAmount"]
        day = str(body.get("date") or max(self._clock.today(), invoice["postingDate"]))
        values = {
            "appliesToInvoiceId": invoice["id"],
            "amount": -paid,
            "postingDate": day,
            "description": "Bank transfer",
        }
        with self._book.transaction():
            batch = self._batch(work)
            line = journals.create_line(work, "customerPayments", Given(values, {}), batch)
            journals.post(work, batch)
        shown = self._known(INVOICE.heads, invoice["id"])
        told = {name: str(shown[name]) for name in ("id", "number", "status", "remainingAmount")}
        return {"payment_id": line["id"], "document_number": line["documentNumber"], "invoice": told}

    def _batch(self, work: Work) -> Record:
        """Of its own, so that nobody's half-filled journal is posted with it."""
        found = work.by_code("customerPaymentJournals", "BANKIMPORT")
        if found is not None:
            return found
        first = self._book.all("customerPaymentJournals", work.company)[0]
        kept = {name: first[name] for name in ("balancingAccountId", "balancingAccountNumber")}
        return work.new("customerPaymentJournals", kept | {"code": "BANKIMPORT", "displayName": "Bank import"})

    def counts(self) -> dict[str, Any]:
        companies = self._companies(None)
        posted = 0
        for company in companies:
            found = (len(self._book.where(INVOICE.heads, company, "status", status)) for status in POSTED)
            posted += sum(found)
        projects = sum(len(self._book.all("projects", company)) for company in companies)
        return {"projects": projects, "posted_invoices": posted}

    def set_posting_dates(self, body: dict[str, Any]) -> dict[str, Any]:
        for company in self._companies(body.get("company")):
            setup = self._book.all("generalLedgerSetup", company)[0]
            dates = {"allowPostingFrom": body.get("from") or NO_DATE, "allowPostingTo": body.get("to") or NO_DATE}
            with self._book.transaction():
                self._work(company).change("generalLedgerSetup", setup, dates)
        return {}

    def make(self, body: dict[str, Any]) -> dict[str, Any]:
        kind = str(body["set"])
        if kind not in ENTITIES:
            raise KeyError(f"set: one of {sorted(ENTITIES)}")
        company = next(iter(self._companies(body["company"])))
        with self._book.transaction():
            given = given_of(ENTITIES[kind], _decimals(kind, body.get("body", {})), creating=True)
            made = rules_of(kind).create(self._work(company), kind, given, None)
        return {"id": made["id"]}

    def change(self, kind: str, record_id: str, body: dict[str, Any]) -> dict[str, Any]:
        record = self._known(kind, record_id)
        unknown = set(body) - set(ENTITIES[kind].by_name)
        if unknown:
            raise ValueError(f"no such field: {sorted(unknown)}")
        with self._book.transaction():
            self._work(record["_company"]).change(kind, record, _decimals(kind, body))
        return {"id": record_id}

    def approve(self, body: dict[str, Any]) -> dict[str, Any]:
        record = self._known(INVOICE.heads, str(body["id"]))
        with self._book.transaction():
            self._work(record["_company"]).change(INVOICE.heads, record, {"_approved": True, "status": "Draft"})
        return {}

    def set_tax_rate(self, body: dict[str, Any]) -> dict[str, Any]:
        work = self._work(next(iter(self._companies(body["company"]))))
        area = work.by_code("taxAreas", str(body["area"]))
        if area is None:
            raise not_found(what="Tax Area", id=body["area"])
        rates = {group: rate for group, rate in area["_rates"].items() if group != body["group"]}
        if body.get("percent") is not None:
            rates[str(body["group"])] = str(_amount(body["percent"]))
        with self._book.transaction():
            work.change("taxAreas", area, {"_rates": rates})
        return {"rates": rates}

    def open_time_sheet(self, body: dict[str, Any]) -> dict[str, Any]:
        work = self._work(next(iter(self._companies(body["company"]))))
        employee = work.by_code("employees", str(body["employee"]).upper())
        if employee is None:
            raise not_found(what="Employee", id=body["employee"])
        with self._book.transaction():
            timesheets.open_sheet(work, employee, str(body["date"]))
        return {"sheet": timesheets.week_of(str(body["date"]))}

    def settle_time(self, body: dict[str, Any]) -> dict[str, Any]:
        record = self._known("timeRegistrationEntries", str(body["id"]))
        statuses = ENTITIES["timeRegistrationEntries"].by_name["status"].options
        if body["status"] not in statuses:
            raise ValueError(f"status: one of {statuses}")
        with self._book.transaction():
            timesheets.set_status(self._work(record["_company"]), record, str(body["status"]))
        return {}

    def _work(self, company: str) -> Work:
        return Work(self._book, self._clock, self._settings, company)

    def _known(self, kind: str, record_id: str) -> Record:
        found = self._book.get(kind, record_id) if kind in ENTITIES else None
        if found is None:
            raise not_found(what=kind, id=record_id)
        return found

    def _companies(self, named: object) -> list[str]:
        """By name or id; all of them for nothing."""
        found = [row["id"] for row in self._book.all("companies", "") if named in (None, row["id"], row["name"])]
        if not found:
            raise not_found(what="Company", id=named)
        return found


def _decimals(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """JSON read without care for exactness, or amounts as text."""
    amounts = {one.name for one in ENTITIES[kind].fields if one.edm == DECIMAL}
    return {name: _amount(value) if name in amounts else value for name, value in body.items()}


def _amount(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as exc:
        raise ValueError(f"not an amount: {value!r}") from exc
