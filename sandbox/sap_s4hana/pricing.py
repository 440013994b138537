"""What an item comes to: the price elements given with it, times its quantity; then tax on the document.

Net and tax are the system's own results: nobody may send them. Source: vendor notes, section 7.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from sandbox.sap_s4hana.book import Book, Row
from sandbox.sap_s4hana.fields import PLACES, plain
from sandbox.sap_s4hana.messages import said, unknown
from sandbox.sap_s4hana.settings import Settings
from sandbox.sap_s4hana.taxes import Tax, tax_of

ZERO = Decimal(0)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Commercially, to the currency's smallest unit."""
    return amount.quantize(Decimal(1).scaleb(-PLACES.get(currency, 2)), rounding=ROUND_HALF_UP)


def priced(element: Row, quantity: Decimal, currency: str, settings: Settings) -> Row:
    """A given price element with its amount. Raises SapError 400."""
    kind = element["ConditionType"]
    if kind not in settings.condition_types:
        raise unknown("Condition type", kind or "(empty)", "ConditionType", "VK/001")
    if element["ConditionCurrency"] not in ("", currency):
        text = f"Exchange rate {element['ConditionCurrency']}/{currency} is not maintained"
        raise said("SG/105", text, "ConditionCurrency")
    per = Decimal(element["ConditionQuantity"] or "0") or Decimal(1)
    amount = rounded(Decimal(element["ConditionRateValue"] or "0") * quantity / per, currency)
    return element | {
        "ConditionCurrency": currency,
        "ConditionQuantity": plain(per),
        "ConditionBaseValue": plain(quantity),
        "ConditionAmount": plain(amount),
        "TransactionCurrency": currency,
        "ConditionApplication": "V",
        "ConditionCalculationType": "C",
        "ConditionCategory": "",
        "ConditionIsManuallyChanged": True,
    }


def item_taxes(book: Book, head: Row, items: Sequence[Row], settings: Settings) -> list[tuple[Tax, Decimal]]:
    """Per item (tax, amount). Of one rate the amounts add up to the tax on the sum, unless the tenant rounds per item."""
    currency = head["TransactionCurrency"]
    taxes = [tax_of(book, head, item) for item in items]
    exact = [Decimal(item["NetAmount"]) * tax.percent / 100 for item, tax in zip(items, taxes, strict=True)]
    amounts = [rounded(amount, currency) for amount in exact]
    if settings.tax_rounding == "document":
        _spread(taxes, exact, amounts, currency)
    return list(zip(taxes, amounts, strict=True))


def _spread(taxes: Sequence[Tax], exact: Sequence[Decimal], amounts: list[Decimal], currency: str) -> None:
    """What rounding left over goes to the largest item of its rate."""
    groups: dict[Tax, list[int]] = defaultdict(list)
    for at, tax in enumerate(taxes):
        groups[tax].append(at)
    for members in groups.values():
        due = rounded(sum((exact[at] for at in members), ZERO), currency)
        largest = max(members, key=lambda at: abs(exact[at]))
        amounts[largest] += due - sum((amounts[at] for at in members), ZERO)


def tax_element(blank: Row, base: Decimal, tax: Tax, amount: Decimal, currency: str, counter: str = "001") -> Row:
    return blank | {
        "PricingProcedureStep": "800",
        "PricingProcedureCounter": counter,
        "ConditionApplication": "V",
        "ConditionType": "TTX1",
        "ConditionCalculationType": "A",
        "ConditionBaseValue": plain(base),
        "ConditionRateValue": plain(tax.percent),
        "ConditionCategory": "D",
        "TaxCode": tax.code,
        "ConditionAmount": plain(amount),
        "TransactionCurrency": currency,
    }
