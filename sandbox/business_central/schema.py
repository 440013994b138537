"""All entities of the API that the simulator serves, by the name of their set."""

from __future__ import annotations

from sandbox.business_central.fields import (
    ID,
    MODIFIED,
    READ,
    Entity,
    Link,
    amount,
    code,
    day,
    option,
    ref,
    text,
    whole,
)
from sandbox.business_central.schema_lists import LISTS
from sandbox.business_central.schema_sales import SALES

ACCOUNT_TYPES = ("G/L Account", "Customer", "Vendor", "Bank Account", "Fixed Asset", "IC Partner", "Employee")
ENTRY_TYPES = (" ", "Payment", "Invoice", "Credit Memo", "Finance Charge Memo", "Reminder", "Refund")
_DIMENSIONS = {"dimensionSetLines": Link("dimensionSetLines", foreign="parentId")}
_BATCH = (ID, code("code", 10), text("displayName", 100))
_BALANCING = (ref("balancingAccountId"), code("balancingAccountNumber", fixed=True))

LEDGER: tuple[Entity, ...] = (
    Entity("journals", "journal", "Gen. Journal Batch",
           (*_BATCH, code("templateDisplayName", 10), MODIFIED, *_BALANCING), ("code",),
           parts={"journalLines": Link("journalLines", foreign="journalId")}, indexed=("code",), webhooks=True),
    Entity("journalLines", "journalLine", "Gen. Journal Line",
           (ID, ref("journalId", fixed=True), code("journalDisplayName", 10, fixed=True), whole("lineNumber"),
            option("accountType", *ACCOUNT_TYPES), ref("accountId"), code("accountNumber"), day("postingDate"),
            code("documentNumber"), code("externalDocumentNumber", 35), amount("amount"), text("description", 100),
            text("comment", 250), code("taxCode"), option("balanceAccountType", *ACCOUNT_TYPES),
            ref("balancingAccountId"), code("balancingAccountNumber"), MODIFIED), ("lineNumber",), parts=_DIMENSIONS,
           indexed=("journalId",)),
    Entity("customerPaymentJournals", "customerPaymentJournal", "Gen. Journal Batch", (*_BATCH, MODIFIED, *_BALANCING),
           ("code",), parts={"customerPayments": Link("customerPayments", foreign="journalId")}, indexed=("code",),
           webhooks=True),
    Entity("customerPayments", "customerPayment", "Gen. Journal Line",
           (ID, ref("journalId"), code("journalDisplayName", 10), whole("lineNumber"), ref("customerId"),
            code("customerNumber"), day("postingDate"), code("documentNumber"), code("externalDocumentNumber", 35),
            amount("amount"), ref("appliesToInvoiceId"), code("appliesToInvoiceNumber"), text("description", 100),
            text("comment", 250), MODIFIED), ("lineNumber",),
           parts=_DIMENSIONS | {"customer": Link("customers", local="customerId")}, indexed=("journalId",)),
    Entity("generalLedgerEntries", "generalLedgerEntry", "G/L Entry",
           (ID, whole("entryNumber"), day("postingDate"), code("documentNumber"), option("documentType", *ENTRY_TYPES),
            ref("accountId"), code("accountNumber"), text("description", 100), amount("debitAmount"),
            amount("creditAmount"), MODIFIED), ("entryNumber",), parts=_DIMENSIONS,
           indexed=("documentNumber", "accountNumber"), methods=READ, webhooks=True),
)  # fmt: skip

VIRTUAL: tuple[Entity, ...] = (
    Entity("dimensionSetLines", "dimensionSetLine", "Dimension Set Entry Buffer",
           (ref("id"), code("code"), code("consolidationCode", fixed=True), ref("parentId", fixed=True),
            option("parentType", " ", "Journal Line", "Sales Invoice", "Sales Credit Memo", "Sales Invoice Line",
                   "Sales Credit Memo Line", "General Ledger Entry", "Time Registration Entry", fixed=True),
            text("displayName", 30), ref("valueId"), code("valueCode"), code("valueConsolidationCode", fixed=True),
            text("valueDisplayName", 50)), ("code",)),
    Entity("customerFinancialDetails", "customerFinancialDetail", "Customer",
           (ID, code("number"), amount("balance"), amount("totalSalesExcludingTax"), amount("overdueAmount")),
           ("number",), methods=READ),
    Entity("agedAccountsReceivables", "agedAccountsReceivable", "Aged Report Entity",
           (ref("customerId"), code("customerNumber"), text("name", 100), code("currencyCode", 10), amount("balanceDue"),
            amount("currentAmount"), amount("period1Amount"), amount("period2Amount"), amount("period3Amount"),
            day("agedAsOfDate"), text("periodLengthFilter", 30)), ("customerNumber",), methods=READ),
)  # fmt: skip
"""Made from other records when asked for; nothing of them is stored."""

ENTITIES: dict[str, Entity] = {one.set_name: one for one in (*LISTS, *SALES, *LEDGER, *VIRTUAL)}
STORED: tuple[str, ...] = tuple(name for name in ENTITIES if name not in {one.set_name for one in VIRTUAL})
