"""Customers and their documents. Source: notes A3 and the open-source code of the API pages (fields, what is read-only)."""

from __future__ import annotations

from sandbox.business_central.fields import (
    ID,
    MODIFIED,
    Entity,
    Field,
    Link,
    amount,
    code,
    day,
    flag,
    option,
    ref,
    text,
    whole,
)

BLOCKED = (" ", "Ship", "Invoice", "All")
STATUSES = (" ", "Draft", "In Review", "Open", "Paid", "Canceled", "Corrective")
LINE_TYPES = ("Comment", "Account", "Item", "Resource", "Fixed Asset", "Charge")


def _address(prefix: str, *, fixed: bool = False) -> tuple[Field, ...]:
    return (
        text(f"{prefix}AddressLine1", 100, fixed=fixed),
        text(f"{prefix}AddressLine2", 50, fixed=fixed),
        text(f"{prefix}City", 30, fixed=fixed),
        code(f"{prefix}Country", 10, fixed=fixed),
        text(f"{prefix}State", 30, fixed=fixed),
        code(f"{prefix}PostCode", 20, fixed=fixed),
    )


CUSTOMERS = Entity(
    "customers", "customer", "Customer",
    (ID, code("number"), text("displayName", 100), option("type", "Company", "Person"), text("addressLine1", 100),
     text("addressLine2", 50), text("city", 30), text("state", 30), code("country", 10), code("postalCode", 20),
     text("phoneNumber", 30), text("email", 80), text("website", 80), code("salespersonCode"),
     amount("balanceDue", fixed=True), amount("creditLimit"), flag("taxLiable"), ref("taxAreaId"),
     text("taxAreaDisplayName", 100, fixed=True), text("taxRegistrationNumber", 20), ref("currencyId"),
     code("currencyCode", 10), ref("paymentTermsId"), ref("shipmentMethodId"), ref("paymentMethodId"),
     option("blocked", *BLOCKED), MODIFIED),
    ("number",),
    parts={"currency": Link("currencies", local="currencyId"), "paymentTerm": Link("paymentTerms", local="paymentTermsId"),
           "defaultDimensions": Link("defaultDimensions", foreign="parentId"),
           "customerFinancialDetail": Link("customerFinancialDetails", local="id"),
           "agedAccountsReceivable": Link("agedAccountsReceivables", local="id")},
    indexed=("number",), webhooks=True,
)  # fmt: skip
DEFAULT_DIMENSIONS = Entity(
    "defaultDimensions", "defaultDimension", "Default Dimension",
    (ID, option("parentType", " ", "Customer", "Item", "Vendor", "Employee"), ref("parentId"), ref("dimensionId"),
     code("dimensionCode"), ref("dimensionValueId"), code("dimensionValueCode"),
     option("postingValidation", " ", "Code Mandatory", "Same Code", "No Code"), MODIFIED),
    ("dimensionCode",), indexed=("parentId",),
)  # fmt: skip

_HEAD_START = (ID, code("number", fixed=True), code("externalDocumentNumber", 35))
_PARTIES = (
    ref("customerId"), code("customerNumber"), text("customerName", 100, fixed=True),
    text("billToName", 100, fixed=True), ref("billToCustomerId"), code("billToCustomerNumber"),
)  # fmt: skip
_TOTALS = (
    amount("discountAmount"), flag("discountAppliedBeforeTax", fixed=True), amount("totalAmountExcludingTax", fixed=True),
    amount("totalTaxAmount", fixed=True), amount("totalAmountIncludingTax", fixed=True),
    option("status", *STATUSES, fixed=True), MODIFIED,
)  # fmt: skip
_TERMS = (
    ref("currencyId"), code("shortcutDimension1Code"), code("shortcutDimension2Code"), code("currencyCode", 10),
    ref("paymentTermsId"), ref("shipmentMethodId"), code("salesperson"), flag("pricesIncludeTax", fixed=True),
)  # fmt: skip
_HEAD_LINKS = {
    "customer": Link("customers", local="customerId"),
    "currency": Link("currencies", local="currencyId"),
    "paymentTerm": Link("paymentTerms", local="paymentTermsId"),
    "dimensionSetLines": Link("dimensionSetLines", foreign="parentId"),
}

INVOICES = Entity(
    "salesInvoices", "salesInvoice", "Sales Invoice",
    (*_HEAD_START, day("invoiceDate"), day("postingDate"), day("dueDate"), day("promisedPayDate"),
     text("customerPurchaseOrderReference", 35), *_PARTIES, text("shipToName", 100), text("shipToContact", 100),
     *_address("sellTo"), *_address("billTo", fixed=True), *_address("shipTo"), *_TERMS[:4],
     ref("orderId", fixed=True), code("orderNumber", fixed=True), *_TERMS[4:], ref("disputeStatusId"),
     code("disputeStatus", 10), amount("remainingAmount", fixed=True), *_TOTALS, text("phoneNumber", 30),
     text("email", 80)),
    ("number",),
    parts=_HEAD_LINKS | {"salesInvoiceLines": Link("salesInvoiceLines", foreign="documentId")},
    indexed=("number", "externalDocumentNumber", "customerNumber", "customerId", "status"), webhooks=True,
)  # fmt: skip
CREDIT_MEMOS = Entity(
    "salesCreditMemos", "salesCreditMemo", "Sales Credit Memo",
    (*_HEAD_START, day("creditMemoDate"), day("postingDate"), day("dueDate"), *_PARTIES, *_address("sellTo"),
     *_address("billTo"), *_TERMS, *_TOTALS, ref("invoiceId"), code("invoiceNumber"), text("phoneNumber", 30),
     text("email", 80), ref("customerReturnReasonId")),
    ("number",),
    parts=_HEAD_LINKS | {"salesCreditMemoLines": Link("salesCreditMemoLines", foreign="documentId"),
                         "salesInvoice": Link("salesInvoices", local="invoiceId")},
    indexed=("number", "externalDocumentNumber", "customerNumber", "customerId", "invoiceId", "status"), webhooks=True,
)  # fmt: skip

_LINE_FIELDS = (
    ID, ref("documentId"), whole("sequence"), ref("itemId"), ref("accountId"), option("lineType", *LINE_TYPES),
    code("lineObjectNumber"), text("description", 100), text("description2", 50), ref("unitOfMeasureId"),
    code("unitOfMeasureCode", 10), amount("quantity"), amount("unitPrice"), amount("discountAmount"),
    amount("discountPercent"), flag("discountAppliedBeforeTax", fixed=True), amount("amountExcludingTax", fixed=True),
    code("taxCode"), amount("taxPercent", fixed=True), amount("totalTaxAmount", fixed=True),
    amount("amountIncludingTax", fixed=True), amount("invoiceDiscountAllocation", fixed=True),
    amount("netAmount", fixed=True), amount("netTaxAmount", fixed=True), amount("netAmountIncludingTax", fixed=True),
    day("shipmentDate"), ref("itemVariantId"), ref("locationId"),
)  # fmt: skip
_LINE_LINKS = {
    "item": Link("items", local="itemId"),
    "account": Link("accounts", local="accountId"),
    "dimensionSetLines": Link("dimensionSetLines", foreign="parentId"),
}
INVOICE_LINES = Entity(
    "salesInvoiceLines", "salesInvoiceLine", "Sales Line", _LINE_FIELDS, ("sequence",),
    parts=_LINE_LINKS | {"salesInvoice": Link("salesInvoices", local="documentId")}, indexed=("documentId",),
)  # fmt: skip
MEMO_LINES = Entity(
    "salesCreditMemoLines", "salesCreditMemoLine", "Sales Line", _LINE_FIELDS, ("sequence",),
    parts=_LINE_LINKS | {"salesCreditMemo": Link("salesCreditMemos", local="documentId")}, indexed=("documentId",),
)  # fmt: skip
SALES = (CUSTOMERS, DEFAULT_DIMENSIONS, INVOICES, CREDIT_MEMOS, INVOICE_LINES, MEMO_LINES)
