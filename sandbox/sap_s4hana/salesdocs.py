"""Sales orders, debit memo requests and credit memo requests: checked against master data, priced by the system.

Anybody may create as many as they like under one PurchaseOrderByCustomer. Source: vendor notes, section 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.sap_s4hana import billing_plans
from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.errors import Detail
from sandbox.sap_s4hana.fields import plain
from sandbox.sap_s4hana.given import Given, filled
from sandbox.sap_s4hana.item_prices import ItemPrices
from sandbox.sap_s4hana.kinds import CREDIT, Kind
from sandbox.sap_s4hana.messages import exists, no_material, said, unknown
from sandbox.sap_s4hana.organization import CURRENCIES, MATERIALS, TERMS
from sandbox.sap_s4hana.pricing import ZERO
from sandbox.sap_s4hana.projects import Projects
from sandbox.sap_s4hana.sold_to import check_blocked, sales_area
from sandbox.sap_s4hana.work import Work

_PRICES = "to_PricingElement"


class SalesDocuments:
    def __init__(self, work: Work, projects: Projects) -> None:
        self._work, self._book, self._projects = work, work.book, projects
        self._prices = ItemPrices(work)

    def create(self, kind: Kind, given: Given) -> Row:
        """Raises SapError 400."""
        head = self._head(kind, given)
        self._book.put(kind.head, head)
        for below in given.below.get("to_Partner", []):
            self.add_partner(kind, head, below)
        if not any(one.text("PartnerFunction") == "SP" for one in given.below.get("to_Partner", [])):
            self.add_partner(kind, head, Given({"PartnerFunction": "SP", "Customer": head["SoldToParty"]}))
        self._add_texts(kind.texts, {kind.key: head[kind.key]}, given)
        for place, below in enumerate(given.below.get("to_Item") or self._from_reference(kind, head), 1):
            self._add_item(kind, head, below, 10 * place)
        return self._total(kind, head)

    def add_item(self, kind: Kind, given: Given) -> Row:
        head = self._open(kind, given.text(kind.key))
        stands = self._book.where(kind.item, **{kind.key: head[kind.key]})
        item = self._add_item(kind, head, given, 10 + max((int(one[kind.item_key]) for one in stands), default=0))
        self._total(kind, head)
        return self._book.get(kind.item, *self._book.tables[kind.item].key_of(item)) or item

    def add_partner(self, kind: Kind, head: Row, given: Given) -> Row:
        row = filled(self._work.entity(kind.partners), given.values, **{kind.key: head[kind.key]})
        return self._book.put(kind.partners, row)

    def change_head(self, kind: Kind, row: Row, values: Mapping[str, Any]) -> Row:
        head = self._open(kind, row[kind.key])
        changed = head | dict(values)
        self._check_head(changed)
        return self._total(kind, self._book.put(kind.head, changed))

    def change_item(self, kind: Kind, row: Row, values: Mapping[str, Any]) -> Row:
        head = self._open(kind, row[kind.key])
        if row["OrderRelatedBillingStatus"] == "C" and set(values) - {"ItemBillingBlockReason"}:
            raise said("V1/065", f"Item {row[kind.item_key]} is billed and cannot be changed")
        changed = row | dict(values)
        self._check_item(changed)
        self._book.put(kind.item, changed)
        self._prices.reckon(kind, changed)
        self._total(kind, head)
        return self._item(kind, row[kind.key], row[kind.item_key])

    def change_price(self, kind: Kind, row: Row, values: Mapping[str, Any]) -> Row:
        head = self._open(kind, row[kind.key])
        self._book.put(kind.item_prices, row | dict(values))
        item = self._item(kind, row[kind.key], row[kind.item_key])
        self._prices.reckon(kind, item)
        self._total(kind, head)
        return self._book.get(kind.item_prices, *self._book.tables[kind.item_prices].key_of(row)) or row

    def remove(self, kind: Kind, row: Row) -> None:
        """Raises SapError 400 for a document that was billed, in part or whole."""
        items = self._book.where(kind.item, **{kind.key: row[kind.key]})
        if any(item["OrderRelatedBillingStatus"] in ("B", "C") for item in items):
            raise said("V1/065", f"Document {row[kind.key]} has subsequent documents and cannot be deleted")
        for item in items:
            self._remove_item(kind, item)
        for table in (kind.partners, kind.prices, kind.texts):
            for below in self._book.where(table, **{kind.key: row[kind.key]}):
                self._book.remove(table, below)
        self._book.remove(kind.head, row)

    def remove_item(self, kind: Kind, row: Row) -> None:
        head = self._open(kind, row[kind.key])
        if row["OrderRelatedBillingStatus"] in ("B", "C"):
            raise said("V1/065", f"Item {row[kind.item_key]} has subsequent documents and cannot be deleted")
        self._remove_item(kind, row)
        self._total(kind, head)

    def approve(self, kind: Kind, number: str, *, yes: bool) -> Row:
        """Raises SapError 400 for a document that waits for nothing."""
        head = self._open(kind, number)
        if head["SalesDocApprovalStatus"] != "A":
            raise said("V1/883", f"Document {number} has no approval request to decide")
        return self._book.put(kind.head, head | {"SalesDocApprovalStatus": "C" if yes else "D"} | self._touched())

    def retotal(self, kind: Kind, number: str) -> Row:
        head = self._book.get(kind.head, number)
        assert head is not None, number
        return self._total(kind, head)

    def _head(self, kind: Kind, given: Given) -> Row:
        document_type = given.text(kind.type_field)
        if document_type not in kind.types:
            raise unknown("Sales document type", document_type or "(empty)", kind.type_field, "V1/041")
        area = sales_area(self._book, given)
        settings, stamp = self._work.settings, self._work.clock.stamp()
        own: dict[str, Any] = {
            kind.key: self._book.number(kind.head, kind.numbers),
            "TransactionCurrency": given.text("TransactionCurrency") or area["Currency"],
            "CustomerPaymentTerms": given.text("CustomerPaymentTerms") or area["CustomerPaymentTerms"],
            "PricingDate": given.values.get("PricingDate") or stamp[:10],
            "BillingDocumentDate": given.values.get("BillingDocumentDate") or stamp[:10],
            f"{kind.key}Date": given.values.get(f"{kind.key}Date") or stamp[:10],
            "HeaderBillingBlockReason": given.text("HeaderBillingBlockReason")
            or settings.billing_blocks.get(document_type, ""),
            "SalesDocApprovalStatus": "A" if document_type in settings.approval_for else "",
            "OverallSDProcessStatus": "A",
            "OverallSDDocumentRejectionSts": "A",
            "CreationDate": stamp[:10],
            "CreatedByUser": self._work.user,
        }
        head = filled(self._work.entity(kind.head), given.values, **own) | self._touched()
        self._check_head(head)
        reference = head["ReferenceSDDocument"]
        if reference and not self._book.get("A_BillingDocument", reference):
            raise unknown("Reference document", reference, "ReferenceSDDocument", "V1/044")
        return head | ({"ReferenceSDDocumentCategory": "M"} if reference else {})

    def _check_head(self, head: Row) -> None:
        check_blocked(self._book, head)
        if head["TransactionCurrency"] not in CURRENCIES:
            raise unknown("Currency", head["TransactionCurrency"] or "(empty)", "TransactionCurrency", "V1/033")
        if head["CustomerPaymentTerms"] and head["CustomerPaymentTerms"] not in TERMS:
            raise unknown("Terms of payment", head["CustomerPaymentTerms"], "CustomerPaymentTerms", "F2/047")

    def _from_reference(self, kind: Kind, head: Row) -> list[Given]:
        """A credit memo request that names a billing document and no items takes over its items."""
        if kind is not CREDIT or not head["ReferenceSDDocument"]:
            return []
        found = []
        for item in self._book.where("A_BillingDocumentItem", BillingDocument=head["ReferenceSDDocument"]):
            values = {name: item[name] for name in ("Material", "WBSElement", "ProfitCenter")}
            values |= {"RequestedQuantity": "1", "RequestedQuantityUnit": "EA"}
            values["CreditMemoRequestItemText"] = item["BillingDocumentItemText"]
            price = Given({"ConditionType": "PMP0", "ConditionRateValue": item["NetAmount"]})
            found.append(Given(values, {_PRICES: [price]}))
        return found

    def _add_item(self, kind: Kind, head: Row, given: Given, place: int) -> Row:
        """place: its number where it brings none."""
        number = head[kind.key]
        item_number = given.text(kind.item_key) or str(place)
        if self._book.get(kind.item, number, item_number):
            raise exists("Item", item_number, kind.item_key, "V1/320")
        own: dict[str, Any] = {
            kind.key: number,
            kind.item_key: item_number,
            f"{kind.item_key}Category": given.text(f"{kind.item_key}Category", kind.item_category),
            f"{kind.item_key}Text": given.text(f"{kind.item_key}Text") or MATERIALS.get(given.text("Material"), ""),
            "RequestedQuantityUnit": given.text("RequestedQuantityUnit", "EA"),
            "TransactionCurrency": head["TransactionCurrency"],
            "CustomerPaymentTerms": given.text("CustomerPaymentTerms") or head["CustomerPaymentTerms"],
            "ProductTaxClassification1": given.text("ProductTaxClassification1", "1"),
            "ReferenceSDDocument": given.text("ReferenceSDDocument") or head["ReferenceSDDocument"],
            "SDProcessStatus": "A",
            "OrderRelatedBillingStatus": "A",
        }
        item = filled(self._work.entity(kind.item), given.values, **own)
        self._check_item(item)
        self._book.put(kind.item, item)
        for below in given.below.get(_PRICES, []):
            self._prices.add(kind, item, below)
        self._add_texts(kind.item_texts, {kind.key: number, kind.item_key: item_number}, given)
        self._prices.reckon(kind, item)
        if not given.below.get(_PRICES):
            self._work.warnings.append(Detail("V1/801", f"Item {item_number} has no price", "to_PricingElement"))
        for below in given.below.get("to_BillingPlan", []):
            billing_plans.create(self._work, self._item(kind, number, item_number), below)
        return item

    def _add_texts(self, table: str, keys: Mapping[str, str], given: Given) -> None:
        for below in given.below.get("to_Text", []):
            self._book.put(table, filled(self._work.entity(table), below.values, **keys))

    def _check_item(self, item: Row) -> None:
        if item["Material"] not in MATERIALS:
            raise no_material(item["Material"] or "(empty)")
        if Decimal(item["RequestedQuantity"]) <= 0:
            raise said("V1/222", "Enter a quantity greater than zero", "RequestedQuantity")
        if item["RequestedQuantityUnit"] not in self._work.settings.units:
            raise unknown("Unit of measure", item["RequestedQuantityUnit"], "RequestedQuantityUnit", "BM/302")
        if item["WBSElement"]:
            self._projects.check_postable(item["WBSElement"])

    def _total(self, kind: Kind, head: Row) -> Row:
        """Sums and states of the head."""
        items = self._book.where(kind.item, **{kind.key: head[kind.key]})
        alive = [item for item in items if not item["SalesDocumentRjcnReason"]]
        states = {item["OrderRelatedBillingStatus"] for item in alive}
        billed = "A" if states <= {"A"} else "C" if states == {"C"} else "B"
        rejected = "A" if len(alive) == len(items) else "C" if not alive else "B"
        net = sum((Decimal(item["NetAmount"]) for item in alive), ZERO)
        own = {"TotalNetAmount": plain(net), "OverallOrdReltdBillgStatus": billed, "OverallSDProcessStatus": billed}
        own |= {"OverallSDDocumentRejectionSts": rejected}
        return self._book.put(kind.head, head | own | self._touched())

    def _remove_item(self, kind: Kind, item: Row) -> None:
        keys = {kind.key: item[kind.key], kind.item_key: item[kind.item_key]}
        for table in (kind.item_prices, kind.item_texts):
            for below in self._book.where(table, **keys):
                self._book.remove(table, below)
        self._book.remove(kind.item, item)

    def _open(self, kind: Kind, number: str) -> Row:
        head = self._book.get(kind.head, number)
        if head is None:
            raise unknown("Sales document", number or "(empty)", kind.key, "V1/044")
        return head

    def _item(self, kind: Kind, number: str, item_number: str) -> Row:
        item = self._book.get(kind.item, number, item_number)
        if item is None:
            raise unknown("Item", f"{number}/{item_number}", kind.item_key, "V1/320")
        return item

    def _touched(self) -> Row:
        stamp = self._work.clock.stamp()
        return {"LastChangeDateTime": stamp, "LastChangeDate": stamp[:10]}
