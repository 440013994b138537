"""NetSuite held to the promises: payments as the feed, an invoice as the command."""

from __future__ import annotations

from typing import Any

from events.commands import PostInvoice, PostInvoiceResult
from functions.connectors.netsuite.commands import posting
from functions.connectors.netsuite.pull_payments import pull_payments
from shared.faults import Duplicate
from tests.contract.connectors.documents import STANDARD, as_json, document, line
from tests.contract.connectors.test_netsuite_payments import pay, with_invoices
from tests.contract.simulators.netsuite_account import Account


class NetSuiteWorld:
    system = "netsuite"
    events_each = 1

    def __init__(self, account: Account) -> None:
        self._account = account
        self.ports, self._documents = with_invoices(account, 5, page_size=2)
        self.secrets = (account.credentials["private_key"][40:120], account.credentials["token_secret"])
        of_invoice = document([line("100.00", "EUR", STANDARD, None)])
        self.ports.documents.put("promised", as_json(of_invoice))
        self._command = PostInvoice(invoice_id=of_invoice.invoice_id, legal_entity_id="DE", document_key="promised")

    def happen(self, count: int) -> None:
        for _ in range(count):
            pay(self._account, self._documents.pop().invoice_id)

    def pull(self) -> int | None:
        return 0 if pull_payments(self.ports) else None

    def command(self) -> Any:
        try:
            return posting.step(self._command, self.ports)
        except Duplicate as repeat:
            return PostInvoiceResult.model_validate(repeat.result)

    def made(self) -> int:
        self._account.log_in()
        query = "SELECT id FROM transaction WHERE type = 'CustInvc' AND externalid = ?"
        return len(self._account.rows(query, self._command.invoice_id))

    def plant(self, side: str, action: str, **fault: Any) -> None:
        where = {"method": "POST", "path": "suiteql"} if side == "feed" else {"method": "PUT", "path": "/v1/invoice"}
        self._account.plant(action, **where, **fault)
