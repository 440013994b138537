"""Price elements of an item, and the net that they come to."""

from __future__ import annotations

from decimal import Decimal

from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.fields import plain
from sandbox.sap_s4hana.given import Given, filled
from sandbox.sap_s4hana.kinds import Kind
from sandbox.sap_s4hana.messages import unknown
from sandbox.sap_s4hana.pricing import ZERO, priced
from sandbox.sap_s4hana.work import Work


class ItemPrices:
    def __init__(self, work: Work) -> None:
        self._work, self._book = work, work.book

    def add(self, kind: Kind, item: Row, given: Given) -> Row:
        """Not reckoned yet. Raises SapError 400 without a condition type."""
        keys = {kind.key: item[kind.key], kind.item_key: item[kind.item_key]}
        stands = self._book.where(kind.item_prices, **keys)
        step = {"PricingProcedureStep": "10", "PricingProcedureCounter": str(len(stands) + 1)}
        row = filled(self._work.entity(kind.item_prices), step | given.values, **keys)
        if not row["ConditionType"]:
            raise unknown("Condition type", "(empty)", "ConditionType", "VK/001")
        return self._book.put(kind.item_prices, row)

    def reckon(self, kind: Kind, item: Row) -> None:
        """Amounts of the elements for the item's quantity, and the item's net. Raises SapError 400."""
        keys = {kind.key: item[kind.key], kind.item_key: item[kind.item_key]}
        net, quantity = ZERO, Decimal(item["RequestedQuantity"])
        for element in self._book.where(kind.item_prices, **keys):
            done = priced(element, quantity, item["TransactionCurrency"], self._work.settings)
            self._book.put(kind.item_prices, done)
            net += Decimal(done["ConditionAmount"])
        self._book.put(kind.item, item | {"NetAmount": plain(net)})
