"""Whatever people do in whatever order, the books add up, and a restart or a rebuilt mirror shows the same."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from sandbox.netsuite.account import Account
from sandbox.netsuite.book import Book
from sandbox.netsuite.errors import NetSuiteError
from sandbox.netsuite.records import Options
from sandbox.netsuite.suiteql.tables import TABLES
from sandbox.netsuite.transforms import transform

CENTS = st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100)
PICK = st.integers(0, 1000)


class People(RuleBasedStateMachine):
    """Invoices, payments, credit memos, changes and deletions by two customers; refusals are part of the play."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.account = Account(self.place)
        for name in ("A", "B"):
            body = {"companyName": name, "subsidiary": {"id": "2"}}
            self.account.records.upsert("customer", name, body, Options())

    def teardown(self) -> None:
        shutil.rmtree(self.place)

    def attempt(self, work: Any) -> None:
        try:
            work()
        except NetSuiteError as refused:
            assert refused.status in (400, 404)

    def one(self, kind: str, pick: int) -> str:
        ids = [row["id"] for row in self.account.book.all(kind)]
        return str(ids[pick % len(ids)]) if ids else "0"

    @rule(
        customer=st.sampled_from("AB"),
        key=st.integers(0, 4),
        amounts=st.lists(CENTS, min_size=1, max_size=3),
        taxed=st.booleans(),
    )
    def put_invoice(self, customer: str, key: int, amounts: list[Decimal], taxed: bool) -> None:
        code = {"taxCode": {"id": "21"}} if taxed else {}
        lines = [{"item": {"id": "27"}, "amount": amount, **code} for amount in amounts]
        body = {"entity": {"externalId": customer}, "tranDate": "2026-10-31", "item": {"items": lines}}
        self.attempt(lambda: self.account.records.upsert("invoice", f"I-{key}", body, Options()))

    @rule(pick=PICK, amount=CENTS)
    def pay(self, pick: int, amount: Decimal) -> None:
        invoice = self.one("invoice", pick)
        body = {"payment": amount}
        self.attempt(lambda: transform(self.account.records, "invoice", invoice, "customerPayment", body, Options()))

    @rule(customer=st.sampled_from("AB"), picks=st.lists(PICK, max_size=3), amount=CENTS)
    def pay_several(self, customer: str, picks: list[int], amount: Decimal) -> None:
        docs = [{"doc": {"id": self.one("invoice", pick)}, "apply": True} for pick in picks]
        body = {"customer": {"externalId": customer}, "payment": amount, "apply": {"items": docs}}
        self.attempt(lambda: self.account.records.create("customerPayment", body, Options()))

    @rule(pick=PICK)
    def credit(self, pick: int) -> None:
        invoice = self.one("invoice", pick)
        self.attempt(lambda: transform(self.account.records, "invoice", invoice, "creditMemo", {}, Options()))

    @rule(pick=PICK, amount=CENTS)
    def change_a_payment(self, pick: int, amount: Decimal) -> None:
        payment = self.one("customerPayment", pick)
        self.attempt(lambda: self.account.records.update("customerPayment", payment, {"payment": amount}, Options()))

    @rule(kind=st.sampled_from(["invoice", "customerPayment", "creditMemo"]), pick=PICK)
    def delete(self, kind: str, pick: int) -> None:
        self.attempt(lambda: self.account.records.delete(kind, self.one(kind, pick)))

    @invariant()
    def every_invoice_adds_up(self) -> None:
        applied: dict[str, Decimal] = defaultdict(Decimal)
        for kind in ("customerPayment", "creditMemo"):
            for row in self.account.book.all(kind):
                mine = [Decimal(line["amount"]) for line in row["apply"]]
                assert sum(mine, Decimal(0)) == Decimal(row["applied"])
                assert Decimal(row["applied"]) + Decimal(row["unapplied"]) == Decimal(row["total"])
                assert Decimal(row["unapplied"]) >= 0
                for line in row["apply"]:
                    applied[line["doc"]["id"]] += Decimal(line["amount"])
        for row in self.account.book.all("invoice"):
            paid, remaining, total = (Decimal(row[name]) for name in ("amountPaid", "amountRemaining", "total"))
            assert paid == applied[row["id"]] and paid + remaining == total and remaining >= 0
            assert row["status"] == ("B" if remaining == 0 else "A")
            assert sum((Decimal(line["amount"]) for line in row["item"]), Decimal(0)) == Decimal(row["subtotal"])

    @invariant()
    def disk_and_mirror_agree_with_memory(self) -> None:
        kept = Book(self.account.store)
        for kind in ("invoice", "customerPayment", "creditMemo"):
            assert list(kept.all(kind)) == list(self.account.book.all(kind))
        before = self.tables()
        self.account.mirror.rebuild()
        assert before == self.tables()

    def tables(self) -> dict[str, list[dict[str, str]]]:
        names = ("transaction", "transactionline", "nexttransactionlink")
        run = self.account.mirror.run
        found = {name: run(f"SELECT * FROM {name}", [], 1000, 0)[0] for name in names if name in TABLES}
        return {name: sorted(rows, key=lambda row: sorted(row.items())) for name, rows in found.items()}


def test_the_books_add_up_whatever_people_do() -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        People, settings=settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=slow)
    )
