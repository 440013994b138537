"""Invoices of a firm with a dozen customers in one legal entity, as commands: for what is measured at an ERP alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

from pydantic import TypeAdapter

from events.commands import Command
from sandbox.estate.estate import Estate
from shared.domain.invoice import InvoiceDocument
from tests.conformance.orders import Orders

CUSTOMERS = 12
LINES = 20
"""Of an invoice: a month of two or three people, grouped by day and rate."""

_DOCUMENT = TypeAdapter(InvoiceDocument)


class Invoices:
    """Documents are kept in the estate's bucket, where the commands say they are."""

    def __init__(self, up: Estate) -> None:
        self._orders, self._s3, self._bucket = Orders(uuid4().hex[:8]), up.client("s3"), up.resources["bucket"]
        self._numbers = 0

    def customers(self) -> list[Command]:
        return [self._orders.customer(number) for number in range(CUSTOMERS)]

    def projects(self) -> list[Command]:
        return [self._orders.erp_project(number) for number in range(CUSTOMERS)]

    def more(self, count: int) -> list[Command]:
        """Orders to post so many invoices that were not there before, of each customer in turn."""
        return [self._orders.post(document, self._kept(document)) for document in self._documents(count)]

    def _documents(self, count: int) -> Iterator[InvoiceDocument]:
        for _ in range(count):
            self._numbers += 1
            texts = [f"Consulting, part {line + 1}" for line in range(LINES)]
            document = self._orders.document(self._numbers % CUSTOMERS, *texts)
            yield replace(document, invoice_id=self._orders.id_of("invoice", 1000 + self._numbers))

    def _kept(self, document: InvoiceDocument) -> str:
        key = f"bench/{document.invoice_id}"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=_DOCUMENT.dump_json(document))
        return key
