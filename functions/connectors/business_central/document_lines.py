"""Lines of our documents as Business Central's: account or item, quantity and price, the tax code of our decision.

It multiplies by itself what we send and keeps five decimals of each: where that would give another amount than ours, the
line is one piece at its net. Source: docs/connectors/business_central.md, "Lines".
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from functions.connectors.business_central.settings import BusinessCentralSettings
from functions.connectors.business_central.tax_pieces import pieces_of, rate_key
from functions.connectors.business_central.texts import in_two
from shared.domain.currencies import minor_units
from shared.domain.invoice import InvoiceDocument, InvoiceLine, LineOrigin
from shared.domain.tax import TaxCategory
from shared.faults import BusinessException

Body = dict[str, Any]
_KINDS = {"time_entry": "time", "expense": "expense", "milestone": "milestone"}
_ONE = Decimal(1)


def line_bodies(document: InvoiceDocument, settings: BusinessCentralSettings) -> list[Body]:
    """In the document's order. Raises BusinessException("erp_item_unmapped"), ("erp_tax_code_unmapped")."""
    whole = [(line.net.amount,) for line in document.lines]
    pieces = pieces_of(document) if settings.tax_by_line else whole
    return [
        _body(line, amount, len(amounts) == 1, document, settings)
        for line, amounts in zip(document.lines, pieces, strict=True)
        for amount in amounts
    ]


def _body(
    line: InvoiceLine, amount: Decimal, is_whole: bool, document: InvoiceDocument, settings: BusinessCentralSettings
) -> Body:
    first, second = in_two(line.description, 100, 50)
    quantity, price = _priced(line, settings, document.currency) if is_whole else (_ONE, amount)
    body: Body = {
        "lineType": settings.line_type,
        "lineObjectNumber": settings.object_number(kind_of(line)),
        "description": first,
        "quantity": quantity,
        "unitPrice": price,
    }
    if second:
        body["description2"] = second
    code = settings.tax_code(document.legal_entity_id, rate_key(line.tax))
    if code is None and line.tax.category is not TaxCategory.OUTSIDE_SCOPE:
        raise BusinessException(
            "erp_tax_code_unmapped", legal_entity_id=document.legal_entity_id, tax=rate_key(line.tax)
        )
    return body | ({"taxCode": code} if code else {})


def _priced(line: InvoiceLine, settings: BusinessCentralSettings, currency: str) -> tuple[Decimal, Decimal]:
    """(quantity, price) whose product, rounded as there, is the line's net; a quantity of nothing cannot be posted."""
    quantity = _kept(line.quantity / line.price_base_quantity, settings.quantity_decimals)
    price = _kept(line.unit_price, settings.price_decimals)
    if quantity and _kept(quantity * price, minor_units(currency)) == line.net.amount:
        return quantity, price
    return _ONE, line.net.amount


def _kept(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(_ONE.scaleb(-decimals), rounding=ROUND_HALF_UP)


def kind_of(line: InvoiceLine) -> str:
    """Discount, minimum and covered have accounts of their own, where the books have any."""
    if line.origin is not LineOrigin.WORK:
        return line.origin.value
    return _KINDS.get(line.source_ref.kind, "default") if line.source_ref else "instalment"
