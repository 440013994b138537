"""Creating billing documents from sales documents: merged where their heads agree, split where they do not.

Source: vendor notes, section 7: a repeat for what is fully billed is an error, and references may merge or split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbox.sap_s4hana import billing_plans, receivables
from sandbox.sap_s4hana.billing_due import Due, Dues, prices_of
from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.fields import plain
from sandbox.sap_s4hana.given import filled
from sandbox.sap_s4hana.kinds import BY_CATEGORY, BY_HEAD
from sandbox.sap_s4hana.messages import said
from sandbox.sap_s4hana.organization import COMPANIES
from sandbox.sap_s4hana.pricing import ZERO, item_taxes, tax_element
from sandbox.sap_s4hana.salesdocs import SalesDocuments
from sandbox.sap_s4hana.work import Work

HEAD, ITEM, PRICES = "A_BillingDocument", "A_BillingDocumentItem", "A_BillingDocumentItemPrcgElmnt"


class Billing:
    def __init__(self, work: Work, documents: SalesDocuments) -> None:
        self._work, self._book, self._documents = work, work.book, documents
        self._dues = Dues(work)

    def create(self, control: Mapping[str, Any], references: Sequence[Mapping[str, Any]]) -> list[str]:
        """Numbers of the documents made. control, references: as the action takes them. Raises SapError 400."""
        if not references:
            raise said("VF/130", "No reference documents given", "_Reference")
        due: list[Due] = []
        for reference in references:
            fresh = self._dues.of(control, reference)
            if any(one.item is fresh[0].item for one in due):
                raise said("VF/132", f"Document {reference.get('SDDocument')} is referenced twice", "SDDocument")
            due += fresh
        groups: dict[tuple[str, ...], list[Due]] = {}
        for one in due:
            groups.setdefault(one.split, []).append(one)
        size = self._work.settings.most_items
        posted = not control.get("AutomPostingToAcctgIsDisabled", False)
        made = []
        for split, members in groups.items():
            for start in range(0, len(members), size):
                made.append(self._document(split, members[start : start + size], posted=posted))
        for kind, number in {(one.kind, str(one.head[one.kind.key])) for one in due}:
            self._documents.retotal(kind, number)
        return made

    def _document(self, split: tuple[str, ...], due: list[Due], *, posted: bool) -> str:
        billing_type, category, when, terms, reference, organization, customer, currency, liable = split
        number, stamp = self._book.number("billing", 90000001), self._work.clock.stamp()
        orders = {str(one.head["PurchaseOrderByCustomer"]) for one in due}
        first = due[0].head
        head = filled(
            self._work.entity(HEAD),
            {},
            BillingDocument=number,
            SDDocumentCategory=category,
            BillingDocumentCategory="",
            BillingDocumentType=billing_type,
            CreationDate=stamp[:10],
            CreationTime=stamp[11:19],
            CreatedByUser=self._work.user,
            SalesOrganization=organization,
            DistributionChannel=first["DistributionChannel"],
            Division=first["OrganizationDivision"],
            BillingDocumentDate=when,
            TransactionCurrency=currency,
            PayerParty=customer,
            SoldToParty=customer,
            CompanyCode=organization,
            FiscalYear=when[:4],
            FiscalPeriod=f"0{when[5:7]}",
            PurchaseOrderByCustomer=orders.pop() if len(orders) == 1 else "",
            AssignmentReference=first["AssignmentReference"],
            DocumentReferenceID=first["AccountingDocExternalReference"] or number,
            PaymentReference=number,
            CustomerPaymentTerms=terms,
            CustomerTaxClassification1=liable,
            ExchangeRate="1",
            OverallBillingStatus="",
            OverallSDProcessStatus="",
            Country=COMPANIES[organization].country,
            LastChangeDate=stamp[:10],
            LastChangeDateTime=stamp,
        )
        net, tax = self._items(number, head, due)
        sums = {"TotalNetAmount": plain(net), "TaxAmount": plain(tax), "TotalGrossAmount": plain(net + tax)}
        states = {"AccountingTransferStatus": "A", "AccountingPostingStatus": "A"}
        self._book.put(HEAD, head | sums | states)
        partner = {"BillingDocument": number, "PartnerFunction": "RG", "Customer": customer}
        self._book.put("A_BillingDocumentPartner", filled(self._work.entity("A_BillingDocumentPartner"), partner))
        if posted:
            receivables.post(self._work, number, reference)
        return number

    def _items(self, number: str, head: Row, due: list[Due]) -> tuple[Decimal, Decimal]:
        currency = head["TransactionCurrency"]
        priced = [one.item | {"NetAmount": plain(one.net)} for one in due]
        taxes = item_taxes(self._book, due[0].head, priced, self._work.settings)
        net = tax_sum = ZERO
        for place, (one, (tax, amount)) in enumerate(zip(due, taxes, strict=True), 1):
            row = self._item(number, str(place * 10), one, amount)
            self._book.put(ITEM, row)
            self._pricing(row, one)
            blank = filled(self._work.entity(PRICES), {}, BillingDocument=number, BillingDocumentItem=str(place * 10))
            self._book.put(PRICES, tax_element(blank, one.net, tax, amount, currency))
            net, tax_sum = net + one.net, tax_sum + amount
            self._mark(one)
        return net, tax_sum

    def _item(self, number: str, place: str, one: Due, tax: Decimal) -> Row:
        kind, item, key = one.kind, one.item, one.kind.item_key
        return filled(
            self._work.entity(ITEM),
            {name: item[name] for name in ("Material", "TransactionCurrency", "WBSElement", "ProfitCenter")},
            BillingDocument=number,
            BillingDocumentItem=place,
            SalesDocumentItemCategory=item[f"{key}Category"],
            BillingDocumentItemText=item[f"{key}Text"],
            BillingQuantity=item["RequestedQuantity"],
            BillingQuantityUnit=item["RequestedQuantityUnit"],
            NetAmount=plain(one.net),
            TaxAmount=plain(tax),
            GrossAmount=plain(one.net + tax),
            ServicesRenderedDate=item["ServicesRenderedDate"] or one.head["ServicesRenderedDate"],
            ReferenceSDDocument=item[kind.key],
            ReferenceSDDocumentItem=item[key],
            ReferenceSDDocumentCategory=kind.category,
            SalesDocument=item[kind.key],
            SalesDocumentItem=item[key],
            BillingPlan=one.part["BillingPlan"] if one.part else "",
            BillingPlanItem=one.part["BillingPlanItem"] if one.part else "",
            PurchaseOrderByCustomer=item["PurchaseOrderByCustomer"] or one.head["PurchaseOrderByCustomer"],
            ProductTaxClassification1=item["ProductTaxClassification1"],
            CreationDate=self._work.clock.today().isoformat(),
        )

    def _pricing(self, row: Row, one: Due) -> None:
        for element in prices_of(self._book, one.kind, one.item):
            values = {name: element[name] for name in self._work.entity(PRICES).fields if name in element}
            values |= {"BillingDocument": row["BillingDocument"], "BillingDocumentItem": row["BillingDocumentItem"]}
            if one.part is not None:
                values |= {
                    "ConditionRateValue": plain(one.net),
                    "ConditionAmount": plain(one.net),
                    "ConditionBaseValue": "1",
                }
            self._book.put(PRICES, filled(self._work.entity(PRICES), values))

    def _mark(self, one: Due) -> None:
        """The item, or its part of the plan, is billed."""
        state = "C"
        if one.part is not None:
            done = {"BillingPlanRelatedBillgStatus": "C", "LastChangeDateTime": self._work.clock.stamp()}
            self._book.put(billing_plans.PART, one.part | done)
            keys = {name: one.item[name] for name in ("SalesOrder", "SalesOrderItem")}
            parts = self._book.where(billing_plans.PART, **keys)
            state = "C" if all(part["BillingPlanRelatedBillgStatus"] == "C" for part in parts) else "B"
        kept = self._book.get(one.kind.item, *self._book.tables[one.kind.item].key_of(one.item))
        assert kept is not None, one.item
        self._book.put(one.kind.item, kept | {"OrderRelatedBillingStatus": state, "SDProcessStatus": state})


def reopen(work: Work, documents: SalesDocuments, billing_document: str) -> None:
    """What a cancelled billing document had billed may be billed again."""
    touched = set()
    for row in work.book.where(ITEM, BillingDocument=billing_document):
        kind = BY_CATEGORY[row["ReferenceSDDocumentCategory"]]
        item = work.book.get(kind.item, row["ReferenceSDDocument"], row["ReferenceSDDocumentItem"])
        if item is None:
            continue
        if row["BillingPlanItem"]:
            key = (row["SalesDocument"], row["SalesDocumentItem"], row["BillingPlan"], row["BillingPlanItem"])
            part = work.book.get(billing_plans.PART, *key)
            if part is not None:
                work.book.put(billing_plans.PART, part | {"BillingPlanRelatedBillgStatus": "A"})
        work.book.put(kind.item, item | {"OrderRelatedBillingStatus": "A", "SDProcessStatus": "A"})
        touched.add((kind.head, item[kind.key]))
    for head, number in touched:
        documents.retotal(BY_HEAD[head], number)
