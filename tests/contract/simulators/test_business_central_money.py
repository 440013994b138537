"""Payments, journals and the general ledger (notes, A3)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.simulators.business_central_account import Body, Tenant, error, line

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


def pay(tenant: Tenant, invoice: Body, amount: float, **fields: Any) -> str:
    """By the API's own journal; the journal's id."""
    journal = tenant.list("customerPaymentJournals")[0]["id"]
    body = {"customerId": invoice["customerId"], "postingDate": "2026-11-10", "amount": amount,
            "documentNumber": "PAY-1", "appliesToInvoiceId": invoice["id"]}  # fmt: skip
    tenant.make(f"customerPaymentJournals({journal})/customerPayments", body | fields)
    return str(journal)


def ledger(tenant: Tenant, number: str) -> dict[str, Decimal]:
    """Debit less credit by account of one document."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in tenant.list("generalLedgerEntries", filter=f"documentNumber eq '{number}'"):
        sums[row["accountNumber"]] += Decimal(str(row["debitAmount"])) - Decimal(str(row["creditAmount"]))
    return dict(sums)


@pytest.mark.parametrize("journals", ["customerPaymentJournals", "journals"])
def test_a_payment_journal_takes_payments_off_invoices(tenant: Tenant, journals: str) -> None:
    tenant.customer()
    posted = tenant.posted()
    journal = pay(tenant, posted, -785)
    assert (
        tenant.read(f"salesInvoices({posted['id']})")["remainingAmount"] == 1785
    )  # nothing before the journal is posted
    tenant.post(f"{journals}({journal})")
    part = tenant.read(f"salesInvoices({posted['id']})")
    assert (part["status"], part["remainingAmount"]) == ("Open", 1000)
    assert tenant.list(f"customerPaymentJournals({journal})/customerPayments") == []
    tenant.post(f"customerPaymentJournals({pay(tenant, posted, -1000)})")
    paid = tenant.read(f"salesInvoices({posted['id']})")
    assert (paid["status"], paid["remainingAmount"]) == ("Paid", 0)
    assert ledger(tenant, "PAY-1") == {"10100": 1785, "12100": -1785}
    assert tenant.read(f"customers({posted['customerId']})")["balanceDue"] == 0


@pytest.mark.parametrize(
    ("moves", "after_part", "after_full"), [("never", False, False), ("full", False, True), ("always", True, True)]
)
def test_whether_a_payment_moves_the_invoices_timestamp_is_a_setting(
    tenant: Tenant, moves: str, after_part: bool, after_full: bool
) -> None:
    tenant.choose(payment_moves_timestamp=moves)
    tenant.customer()
    posted = tenant.posted()
    moved = []
    for amount in ("5", None):
        tenant.sim("POST", "payments", {"invoice_id": posted["id"], "amount": amount})
        now = tenant.read(f"salesInvoices({posted['id']})")
        moved.append(now["lastModifiedDateTime"] > posted["lastModifiedDateTime"])
        posted = now
    assert moved == [after_part, after_full] and posted["status"] == "Paid"


def test_a_payment_is_negative_for_a_posted_invoice_and_not_before_it(tenant: Tenant) -> None:
    tenant.customer()
    posted, draft = tenant.posted(), tenant.draft("R-2")
    journal = tenant.list("customerPaymentJournals")[0]["id"]
    where = f"customerPaymentJournals({journal})/customerPayments"
    positive = tenant.call("POST", where, {"customerNumber": "C-1", "amount": 5})
    assert error(positive)[2] == 'The "amount" should be a negative number.'
    wrong = tenant.call("POST", where, {"amount": -5, "appliesToInvoiceId": draft["id"]})
    assert error(wrong)[2].startswith('The "appliesToInvoiceId" should be the ID')
    pay(tenant, posted, -5, postingDate="2026-10-01")
    assert "earlier posting date" in error(tenant.act(f"journals({journal})", "post"))[2]
    assert len(tenant.list(where)) == 1


def test_posting_an_invoice_writes_income_tax_and_receivable(tenant: Tenant) -> None:
    tenant.customer()
    tenant.dimension_value("P-1")
    posted = tenant.posted("R-1", {"quantity": 1, "unitPrice": 100}, {"lineType": "Item", "lineObjectNumber": "EXPENSES",
                           "quantity": 1, "unitPrice": 50}, shortcutDimension2Code="P-1")  # fmt: skip
    assert ledger(tenant, posted["number"]) == {"40100": -100, "40300": -50, "22300": Decimal("-28.5"),
                                                "12100": Decimal("178.5")}  # fmt: skip
    entry = tenant.list("generalLedgerEntries", filter="accountNumber eq '40100'")[0]
    assert (entry["documentType"], entry["postingDate"]) == ("Invoice", "2026-10-31")
    dimensions = tenant.list(f"generalLedgerEntries({entry['id']})/dimensionSetLines")
    assert [row["valueCode"] for row in dimensions] == ["P-1"]
    tenant.post(f"salesInvoices({posted['id']})", "cancel")
    assert sum(ledger(tenant, "PS-CR104001").values()) == 0
    assert tenant.list("accounts", filter="number eq '40100'")[0]["balance"] == 0


def test_a_foreign_invoice_is_booked_in_local_currency(tenant: Tenant) -> None:
    tenant.customer(currencyCode="USD")
    posted = tenant.posted("R-1", {"quantity": 1, "unitPrice": 110})
    assert (posted["currencyCode"], posted["totalAmountIncludingTax"]) == ("USD", 130.9)
    assert ledger(tenant, posted["number"]) == {"40100": -100, "22300": -19, "12100": 119}


def test_a_revenue_journal_posts_balanced_documents_and_then_is_empty(tenant: Tenant) -> None:
    journal = tenant.list("journals")[0]["id"]
    where = f"journals({journal})/journalLines"
    common = {"accountType": "G/L Account", "postingDate": "2026-10-31", "documentNumber": "REV-2026-10"}
    first = tenant.make(where, common | {"accountNumber": "13350", "amount": 100.25, "description": "Earned"})
    assert (first["lineNumber"], first["journalDisplayName"]) == (10000, "DEFAULT")
    assert "out of balance by 100.25" in error(tenant.act(f"journals({journal})", "post"))[2]
    tenant.make(where, common | {"accountNumber": "40100", "amount": -100.25})
    tenant.post(f"journals({journal})")
    assert ledger(tenant, "REV-2026-10") == {"13350": Decimal("100.25"), "40100": Decimal("-100.25")}
    assert error(tenant.act(f"journals({journal})", "post"))[2] == "There is nothing to post."
    tenant.make(where, common | {"documentNumber": "REV-2", "accountNumber": "23700", "amount": -7,
                                 "balancingAccountNumber": "40100"})  # fmt: skip
    tenant.sim("POST", "posting-dates", {"from": "2026-12-01"})
    assert "allowed posting dates" in error(tenant.act(f"journals({journal})", "post"))[2]
    tenant.sim("POST", "posting-dates", {})
    tenant.post(f"journals({journal})")
    assert ledger(tenant, "REV-2") == {"23700": -7, "40100": 7}


def test_an_account_that_is_not_in_the_chart_is_refused(tenant: Tenant) -> None:
    journal = tenant.list("journals")[0]["id"]
    answer = tenant.call("POST", f"journals({journal})/journalLines", {"accountNumber": "1"})
    assert error(answer)[2] == 'The "accountNumber" does not match to an Account.'


def test_balances_are_shown_by_customer_and_age(tenant: Tenant) -> None:
    made = tenant.customer()
    tenant.posted("R-1", {"quantity": 1, "unitPrice": 100}, invoiceDate="2020-01-01", postingDate="2020-01-01")
    tenant.posted("R-2", {"quantity": 1, "unitPrice": 200}, dueDate="2999-01-01")
    detail = tenant.read(f"customers({made['id']})/customerFinancialDetail")
    assert (detail["balance"], detail["totalSalesExcludingTax"], detail["overdueAmount"]) == (357, 300, 119)
    aged = tenant.list("agedAccountsReceivables")[0]
    assert (aged["balanceDue"], aged["currentAmount"], aged["period3Amount"]) == (357, 238, 119)


def test_three_companies_bill_in_their_own_currency_and_tax(tenant: Tenant) -> None:
    seen = {}
    for name, company in tenant.companies.items():
        tenant.company = company
        tenant.customer()
        body = {"customerNumber": "C-1", "salesInvoiceLines": [line(quantity=1, unitPrice=1000)]}
        made = tenant.make("salesInvoices", body)
        seen[name] = (made["number"], made["currencyCode"], made["totalTaxAmount"])
    assert seen == {"US": ("1001", "USD", 0), "DE": ("1001", "EUR", 190), "JP": ("1001", "JPY", 100)}
