"""Sales orders, debit memo requests and credit memo requests. Source: vendor notes, section 7."""

from __future__ import annotations

from sandbox.sap_s4hana.schema import Entity, Nav, entity, nav

_HEAD = (
    "SalesOrganization:4+ DistributionChannel:2+ OrganizationDivision:2+ SalesGroup:3 SalesOffice:4 SalesDistrict:6 "
    "SoldToParty:id10 CreationDate:date! CreatedByUser:12! LastChangeDate:date! LastChangeDateTime:instant! "
    "PurchaseOrderByCustomer:35 CustomerPurchaseOrderType:4 CustomerPurchaseOrderDate:date TotalNetAmount:amount! "
    "TransactionCurrency:5 SDDocumentReason:3 PricingDate:date CustomerTaxClassification1:1 CustomerTaxClassification2:1 "
    "HeaderBillingBlockReason:2 IncotermsClassification:3 IncotermsLocation1:70 CustomerPaymentTerms:4 PaymentMethod:1 "
    "BillingDocumentDate:date ServicesRenderedDate:date AssignmentReference:18 AccountingDocExternalReference:16 "
    "ReferenceSDDocument:id10+ ReferenceSDDocumentCategory:4! OverallSDProcessStatus:1! OverallSDDocumentRejectionSts:1! "
    "TotalCreditCheckStatus:1! OverallOrdReltdBillgStatus:1! SalesDocApprovalStatus:1! SDDocumentCategory:4!"
)
_ITEM = (
    "HigherLevelItem:id6 PurchaseOrderByCustomer:35 Material:40 MaterialByCustomer:35 PricingDate:date "
    "RequestedQuantity:decimal15.3 RequestedQuantityUnit:3 TransactionCurrency:5! NetAmount:amount! TaxAmount:amount! "
    "MaterialGroup:9 MaterialPricingGroup:2 ProductTaxClassification1:1 ProductTaxClassification2:1 Batch:upper10 Plant:4 "
    "IncotermsClassification:3 CustomerPaymentTerms:4 ItemBillingBlockReason:2 SalesDocumentRjcnReason:2 "
    "WBSElement:upper24 ProfitCenter:upper10 ReferenceSDDocument:id10+ ReferenceSDDocumentItem:id6+ "
    "ReferenceSDDocumentCategory:4! ServicesRenderedDate:date BillingDocumentDate:date SDProcessStatus:1! "
    "OrderRelatedBillingStatus:1!"
)
PRICE = (
    "PricingProcedureStep:3! PricingProcedureCounter:3! ConditionApplication:2! ConditionType:4+ PricingDateTime:14! "
    "ConditionCalculationType:1! ConditionBaseValue:decimal24.9! ConditionRateValue:decimal24.9 ConditionCurrency:5 "
    "ConditionQuantity:decimal5.0 ConditionQuantityUnit:3 ConditionCategory:1! ConditionRecord:10! TaxCode:2! "
    "ConditionAmount:amount! TransactionCurrency:5! ConditionIsManuallyChanged:bool!"
)
"""Of a pricing element, below its document's and item's keys."""
_PARTNER = "PartnerFunction:2+ Customer:id10 Supplier:id10 Personnel:8 ContactPerson:10"


def _document(
    head: str, key: str, item: str, item_prefix: str, prices: str, item_prices: str, partners: str, *more: Nav
) -> list[Entity]:
    """The five sets that every kind of sales document has, differing in names only. more: navigations of items."""
    item_key = f"{key}Item"
    flow = (
        nav("to_Item", item, key),
        nav("to_Partner", partners, key),
        nav("to_PricingElement", prices, key, deep=False),
    )
    stamped = {"stamp": "LastChangeDateTime", "currency": "TransactionCurrency"}
    money = {"currency": "TransactionCurrency"}
    own = f"{item_prefix}Category:4 {item_prefix}Text:40"
    steps = "PricingProcedureStep PricingProcedureCounter"
    back = nav(f"to_{key}", head, key, many=False, deep=False)
    return [
        entity(head, key, f"{key}:id10! {key}Type:4+ {key}Date:date {_HEAD}", *flow, verbs="CUD", **stamped),
        entity(item, f"{key} {item_key}", f"{key}:id10+ {item_key}:id6+ {own} {_ITEM}", back,
               nav("to_PricingElement", item_prices, f"{key} {item_key}"), *more, verbs="CUD", **money),
        entity(prices, f"{key} {steps}", f"{key}:id10! {PRICE}", **money),
        entity(item_prices, f"{key} {item_key} {steps}", f"{key}:id10+ {item_key}:id6+ {PRICE}", verbs="CU", **money),
        entity(partners, f"{key} PartnerFunction", f"{key}:id10+ {_PARTNER}", verbs="CU"),
    ]  # fmt: skip


DEBIT = _document(
    "A_DebitMemoRequest", "DebitMemoRequest", "A_DebitMemoRequestItem", "DebitMemoRequestItem",
    "A_DebitMemoReqPrcgElmnt", "A_DebitMemoReqItemPrcgElmnt", "A_DebitMemoReqPartner",
)  # fmt: skip
CREDIT = _document(
    "A_CreditMemoRequest", "CreditMemoRequest", "A_CreditMemoRequestItem", "CreditMemoRequestItem",
    "A_CreditMemoReqPrcgElmnt", "A_CreditMemoReqItemPrcgElmnt", "A_CreditMemoReqPartner",
)  # fmt: skip
_PLAN_KEY = "SalesOrder SalesOrderItem"
ORDER = [
    *_document(
        "A_SalesOrder", "SalesOrder", "A_SalesOrderItem", "SalesOrderItem",
        "A_SalesOrderHeaderPrElement", "A_SalesOrderItemPrElement", "A_SalesOrderHeaderPartner",
        nav("to_BillingPlan", "A_SalesOrderItemBillingPlan", _PLAN_KEY, many=False),
    ),
    entity(
        "A_SalesOrderItemBillingPlan",
        f"{_PLAN_KEY} BillingPlan",
        "SalesOrder:id10+ SalesOrderItem:id6+ BillingPlan:id10! BillingPlanCategory:1! BillingPlanType:2! "
        "BillingPlanStartDate:date BillingPlanEndDate:date BillingPlanIsBilled:bool!",
        nav("to_BillingPlanItem", "A_SlsOrderItemBillingPlanItem", f"{_PLAN_KEY} BillingPlan"),
        verbs="CU",
    ),
    entity(
        "A_SlsOrderItemBillingPlanItem",
        f"{_PLAN_KEY} BillingPlan BillingPlanItem",
        "SalesOrder:id10+ SalesOrderItem:id6+ BillingPlan:id10+ BillingPlanItem:id6! BillingPlanDateCategory:2 "
        "BillingPlanBillingDate:date BillingPlanAmount:amount BillingPlanAmountPercent:decimal5.2 CustomerPaymentTerms:4 "
        "ProposedBillingDocumentType:4 BillingPlanDateDescriptionCode:4 BillingBlockReason:2 TransactionCurrency:5! "
        "BillingPlanMilestoneUsage:2! BillingPlanRelatedBillgStatus:1! LastChangeDateTime:instant!",
        currency="TransactionCurrency",
        verbs="CUD",
        stamp="LastChangeDateTime",
    ),
]  # fmt: skip
