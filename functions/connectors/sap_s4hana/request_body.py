"""Our invoice or credit memo -> the request that S/4HANA bills: items with their prices as conditions, on a project.

SAP reckons the net itself, quantity times rate per base, half up to the currency's unit. A line goes as it was priced where
that gives its net, else as one piece at its net. Source: docs/connectors/sap_s4hana.md, "Lines".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from functions.connectors.sap_s4hana.client import CREDITS, DEBITS
from functions.connectors.sap_s4hana.mapping import Body, project_key, reference
from functions.connectors.sap_s4hana.odata import cut, day
from functions.connectors.sap_s4hana.settings import SapS4HanaSettings
from shared.domain.currencies import minor_units
from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceLine, LineOrigin

ITEM_TEXT, ASSIGNMENT = 40, 18
"""Lengths of SAP's fields."""
_QUANTITY, _RATE, _BASE = 3, 9, 99_999
"""Decimals of RequestedQuantity and ConditionRateValue; the largest ConditionQuantity."""
_KINDS = {"time_entry": "time", "expense": "expense", "milestone": "milestone"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A request and what it becomes. key: of its head; category: of the sales document."""

    service: str
    key: str
    category: str

    @property
    def heads(self) -> str:
        return f"A_{self.key}"

    def request_type(self, settings: SapS4HanaSettings) -> str:
        return settings.debit_request_type if self is DEBIT else settings.credit_request_type

    def billing_type(self, settings: SapS4HanaSettings) -> str:
        return settings.invoice_type if self is DEBIT else settings.memo_type


DEBIT = Kind(DEBITS, "DebitMemoRequest", "L")
CREDIT = Kind(CREDITS, "CreditMemoRequest", "K")


def kind_of(document: InvoiceDocument) -> Kind:
    return CREDIT if document.kind is InvoiceKind.CREDIT_MEMO else DEBIT


def request_body(document: InvoiceDocument, customer: str, settings: SapS4HanaSettings, against: str = "") -> Body:
    """The body of POST A_DebitMemoRequest or A_CreditMemoRequest. against: the billing document that a memo credits."""
    kind, organization = kind_of(document), settings.organization(document.legal_entity_id)
    body: Body = {
        f"{kind.key}Type": kind.request_type(settings),
        "SalesOrganization": organization.sales_organization,
        "DistributionChannel": organization.distribution_channel,
        "OrganizationDivision": organization.division,
        "SoldToParty": customer,
        "PurchaseOrderByCustomer": reference(document.invoice_id),
        "TransactionCurrency": document.currency,
        "BillingDocumentDate": day(document.issued_on),
        "ServicesRenderedDate": day(document.period_end),
        "to_Item": [_item(line, kind, document.currency, settings) for line in document.lines],
    }
    if kind is DEBIT:
        body["CustomerPaymentTerms"] = settings.payment_terms((document.due_on - document.issued_on).days)
    if against:
        body["ReferenceSDDocument"] = against
    if document.purchase_order:
        body["AssignmentReference"] = cut(document.purchase_order, ASSIGNMENT)
    if settings.order_reason:
        body["SDDocumentReason"] = settings.order_reason
    return body


def _item(line: InvoiceLine, kind: Kind, currency: str, settings: SapS4HanaSettings) -> Body:
    quantity, rate, base, unit = as_priced(line, currency, settings) or _as_one_piece(line, settings)
    price = {
        "ConditionType": settings.price_condition,
        "ConditionRateValue": format(rate, "f"),
        "ConditionCurrency": currency,
        "ConditionQuantity": format(base, "f"),
        "ConditionQuantityUnit": unit,
    }
    return {
        f"{kind.key}ItemText": cut(line.description, ITEM_TEXT),
        "Material": settings.material(_billed(line)),
        "RequestedQuantity": format(quantity, "f"),
        "RequestedQuantityUnit": unit,
        "WBSElement": project_key(line.project_id),
        "to_PricingElement": [price],
    }


Priced = tuple[Decimal, Decimal, Decimal, str]
"""(quantity above zero, rate of either sign, base, SAP's unit)."""


def as_priced(line: InvoiceLine, currency: str, settings: SapS4HanaSettings) -> Priced | None:
    """None where the fields do not hold the price, or SAP's reckoning would not give the line's net."""
    unit, base = settings.units.get(line.unit), line.price_base_quantity
    quantity, rate = abs(line.quantity), line.unit_price if line.quantity >= 0 else -line.unit_price
    if unit is None or quantity == 0 or not (_fits(quantity, _QUANTITY) and _fits(rate, _RATE) and _fits(base, 0)):
        return None
    if not 0 < base <= _BASE:
        return None
    net = (rate * quantity / base).quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)
    return (quantity, rate, base, unit) if net == line.net.amount else None


def _as_one_piece(line: InvoiceLine, settings: SapS4HanaSettings) -> Priced:
    return Decimal(1), line.net.amount, Decimal(1), settings.piece


def _fits(number: Decimal, places: int) -> bool:
    return number == round(number, places)


def _billed(line: InvoiceLine) -> str:
    """Discount, minimum and covered have materials of their own, where the tenant has any."""
    if line.origin is not LineOrigin.WORK:
        return line.origin.value
    return _KINDS.get(line.source_ref.kind, "default") if line.source_ref else "instalment"
