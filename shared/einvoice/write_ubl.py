"""A posted invoice of ours as UBL 2.1, in the shape of Peppol BIS Billing 3.0; a credit memo as CreditNote (381)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from shared.domain.currencies import minor_units
from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceLine
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from shared.einvoice.exact_numbers import plain
from shared.einvoice.issued import Issued
from shared.einvoice.ubl_codes import ONE, UNITS
from shared.einvoice.ubl_names import CREDIT_NOTE, CUSTOMIZATION, INVOICE, PROFILE
from shared.einvoice.ubl_parties import write_party
from shared.einvoice.xml_tree import Tree
from shared.faults import BusinessException

_EXACT = Context(prec=120)
CREDIT_TRANSFER = "30"
"""Of UNCL4461; an account number goes with it (BR-61)."""
MOST_DECIMALS = 2
"""Of an amount in EN 16931 (BR-DEC)."""


def write_ubl(issued: Issued) -> bytes:
    """UTF-8 XML that keeps every rule of `check_ubl`. Same input, same bytes.

    Raises BusinessException("currency_past_two_decimals"): a dinar's third decimal is not cut off.
    Source: docs/billing.md, "Electronic invoices".
    """
    document = issued.document
    for currency in (document.currency, issued.tax_in.currency if issued.tax_in else document.currency):
        if minor_units(currency) > MOST_DECIMALS:
            raise BusinessException("currency_past_two_decimals", invoice_id=document.invoice_id, currency=currency)
    is_credit = document.kind is InvoiceKind.CREDIT_MEMO
    namespace = CREDIT_NOTE if is_credit else INVOICE
    root = Tree.root(namespace, "CreditNote" if is_credit else "Invoice")
    _write_head(root, issued, is_credit)
    _write_references(root, issued)
    _write_parties(root, issued)
    _write_payment(root, issued)
    root.add("cac:PaymentTerms").text("cbc:Note", f"Due {document.due_on.isoformat()}")
    _write_tax(root, issued)
    _write_totals(root, document)
    for line in document.lines:
        _write_line(root, line, is_credit)
    return root.written()


def _write_head(root: Tree, issued: Issued, is_credit: bool) -> None:
    """The due date of a credit note has no element of its own: it stands in the payment terms."""
    document = issued.document
    root.text("cbc:CustomizationID", CUSTOMIZATION)
    root.text("cbc:ProfileID", PROFILE)
    root.text("cbc:ID", issued.number)
    root.text("cbc:IssueDate", document.issued_on.isoformat())
    if is_credit:
        root.text("cbc:CreditNoteTypeCode", "381")
    else:
        root.text("cbc:DueDate", document.due_on.isoformat())
        root.text("cbc:InvoiceTypeCode", "380")
    root.text("cbc:Note", document.reason)
    root.text("cbc:DocumentCurrencyCode", document.currency)
    root.text("cbc:TaxCurrencyCode", issued.tax_in.currency if issued.tax_in else None)


def _write_references(root: Tree, issued: Issued) -> None:
    """The buyer reads its purchase order, else the contract's number as its reference (Peppol R003)."""
    document = issued.document
    root.text("cbc:BuyerReference", None if document.purchase_order else document.contract_reference)
    root.add("cac:InvoicePeriod").text("cbc:EndDate", document.period_end.isoformat())
    if document.purchase_order:
        root.add("cac:OrderReference").text("cbc:ID", document.purchase_order)
    if issued.credited_number:
        credited = root.add("cac:BillingReference").add("cac:InvoiceDocumentReference")
        credited.text("cbc:ID", issued.credited_number)
        credited.text("cbc:IssueDate", issued.credited_on.isoformat() if issued.credited_on else None)
    root.add("cac:ContractDocumentReference").text("cbc:ID", document.contract_reference)


def _write_parties(root: Tree, issued: Issued) -> None:
    outside = any(group.tax.category is TaxCategory.OUTSIDE_SCOPE for group in issued.document.totals.breakdown)
    seller, buyer = issued.seller, issued.buyer
    write_party(
        root.add("cac:AccountingSupplierParty"),
        name=seller.name,
        tax_number=seller.tax_number,
        country=seller.country,
        address=seller.address,
        outside_scope=outside,
    )
    write_party(
        root.add("cac:AccountingCustomerParty"),
        name=buyer.name,
        tax_number=buyer.tax_number,
        country=buyer.address.country,
        address=buyer.address,
        outside_scope=outside,
    )


def _write_payment(root: Tree, issued: Issued) -> None:
    """To the seller's account, with the number as the remittance's words; nothing is paid to it for a credit memo."""
    if not issued.seller.iban or issued.document.kind is InvoiceKind.CREDIT_MEMO:
        return
    means = root.add("cac:PaymentMeans")
    means.text("cbc:PaymentMeansCode", CREDIT_TRANSFER)
    means.text("cbc:PaymentID", issued.number)
    account = means.add("cac:PayeeFinancialAccount")
    account.text("cbc:ID", issued.seller.iban)
    if issued.seller.bic:
        account.add("cac:FinancialInstitutionBranch").text("cbc:ID", issued.seller.bic)


def _write_tax(root: Tree, issued: Issued) -> None:
    totals = issued.document.totals
    told = root.add("cac:TaxTotal")
    _write_amount(told, "cbc:TaxAmount", totals.tax)
    for group in totals.breakdown:
        subtotal = told.add("cac:TaxSubtotal")
        _write_amount(subtotal, "cbc:TaxableAmount", group.taxable)
        _write_amount(subtotal, "cbc:TaxAmount", group.amount)
        _write_category(subtotal.add("cac:TaxCategory"), group.tax, with_reason=True)
    if issued.tax_in:
        _write_amount(root.add("cac:TaxTotal"), "cbc:TaxAmount", issued.tax_in)


def _write_category(category: Tree, tax: TaxDecision, *, with_reason: bool) -> None:
    """Outside the scope there is no rate (BR-O-05); standard and zero rate give no reason (BR-S-10, BR-Z-10)."""
    category.text("cbc:ID", tax.category.value)
    if tax.category is not TaxCategory.OUTSIDE_SCOPE:
        category.text("cbc:Percent", plain(tax.rate))
    if with_reason and tax.category not in (TaxCategory.STANDARD, TaxCategory.ZERO_RATED):
        is_code = (tax.reason or "").startswith("VATEX-")
        category.text("cbc:TaxExemptionReasonCode" if is_code else "cbc:TaxExemptionReason", tax.reason)
    category.add("cac:TaxScheme").text("cbc:ID", "VAT")


def _write_totals(root: Tree, document: InvoiceDocument) -> None:
    totals, told = document.totals, root.add("cac:LegalMonetaryTotal")
    _write_amount(told, "cbc:LineExtensionAmount", totals.net)
    _write_amount(told, "cbc:TaxExclusiveAmount", totals.net)
    _write_amount(told, "cbc:TaxInclusiveAmount", totals.gross)
    _write_amount(told, "cbc:PayableAmount", totals.gross)


def _write_line(root: Tree, line: InvoiceLine, is_credit: bool) -> None:
    """The price is per base quantity of the line's own unit: 7.25 hours are 435 minutes at 142.50 per 60."""
    told, unit = root.add("cac:CreditNoteLine" if is_credit else "cac:InvoiceLine"), UNITS.get(line.unit, ONE)
    told.text("cbc:ID", line.line_id)
    quantity = "cbc:CreditedQuantity" if is_credit else "cbc:InvoicedQuantity"
    told.text(quantity, plain(line.quantity), unitCode=unit)
    _write_amount(told, "cbc:LineExtensionAmount", line.net)
    _write_rounding(told, line)
    item = told.add("cac:Item")
    item.text("cbc:Name", line.description if line.description.strip() else f"Line {line.line_id}")
    _write_category(item.add("cac:ClassifiedTaxCategory"), line.tax, with_reason=False)
    price = told.add("cac:Price")
    price.text("cbc:PriceAmount", plain(line.unit_price), currencyID=line.net.currency)
    if line.price_base_quantity != Decimal(1):
        price.text("cbc:BaseQuantity", plain(line.price_base_quantity), unitCode=unit)


def _write_rounding(told: Tree, line: InvoiceLine) -> None:
    """Peppol R120 multiplies to the cent. A currency without cents is rounded further: the line says by how much."""
    exact = _EXACT.divide(_EXACT.multiply(line.unit_price, line.quantity), line.price_base_quantity)
    rest = line.net.amount - exact.quantize(Decimal("0.01"), ROUND_HALF_UP, _EXACT)
    if rest:
        rounding = told.add("cac:AllowanceCharge")
        rounding.text("cbc:ChargeIndicator", "true" if rest > 0 else "false")
        rounding.text("cbc:AllowanceChargeReason", "Rounding")
        rounding.text("cbc:Amount", format(abs(rest), "f"), currencyID=line.net.currency)


def _write_amount(parent: Tree, name: str, money: Money) -> None:
    parent.text(name, format(money.rounded().amount, "f"), currencyID=money.currency)
