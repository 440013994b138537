"""Sales orders, debit memo requests and credit memo requests. Source: vendor notes, section 7."""

from __future__ import annotations

from sandbox.sap_s4hana.schema import Entity, Nav, entity, nav

_HEAD = (
    "SalesOrganization:4+ DistributionChannel:2+ OrganizationDivision:2+ SalesGroup:3 SalesOffice:4 SalesDistrict:6 "
    "SoldToParty:id10 CreationDate:date! CreatedByUser:12! LastChangeDate:date! LastChangeDateTime:instant! "
    "PurchaseOrderByCustomer:35 CustomerPurchaseOrderType:4 CustomerPurchaseOrderDate:date TotalNetAmount:amount! "
    "TransactionCurrency:5 SDDocumentReason:3 PricingDate:date CustomerTaxClassification1:1 CustomerTaxClassification2:1 "
    "CustomerAccountAssignmentGroup:2 HeaderBillingBlockReason:2 IncotermsClassification:3 IncotermsLocation1:70 "
    "CustomerPaymentTerms:4 PaymentMethod:1 BillingDocumentDate:date ServicesRenderedDate:date AssignmentReference:18 "
    "AccountingDocExternalReference:16 ReferenceSDDocument:id10+ ReferenceSDDocumentCategory:4! "
    "OverallSDProcessStatus:1! OverallSDDocumentRejectionSts:1! TotalCreditCheckStatus:1! OverallOrdReltdBillgStatus:1! "
    "SalesDocApprovalStatus:1!"
)
_ITEM = (
    "HigherLevelItem:id6 PurchaseOrderByCustomer:35 Material:40 MaterialByCustomer:35 PricingDate:date "
    "RequestedQuantity:decimal15.3 RequestedQuantityUnit:3 RequestedQuantitySAPUnit:3 RequestedQuantityISOUnit:3 "
    "TransactionCurrency:5! NetAmount:amount! MaterialGroup:9 MaterialPricingGroup:2 ProductTaxClassification1:1 "
    "ProductTaxClassification2:1 MatlAccountAssignmentGroup:2 Batch:upper10! Plant:4 IncotermsClassification:3 "
    "IncotermsLocation1:70 CustomerPaymentTerms:4 ItemBillingBlockReason:2 SalesDocumentRjcnReason:2 WBSElement:upper24 "
    "ProfitCenter:upper10 ReferenceSDDocument:id10+ ReferenceSDDocumentItem:id6+ ServicesRenderedDate:date "
    "SDProcessStatus:1! OrderRelatedBillingStatus:1!"
)
PRICE = (
    "PricingProcedureStep:id3+ PricingProcedureCounter:id3+ ConditionApplication:2! ConditionType:4+ PricingDateTime:14! "
    "ConditionCalculationType:3! ConditionBaseValue:decimal24.9! ConditionRateValue:decimal24.9 ConditionCurrency:5 "
    "ConditionQuantity:decimal5.0 ConditionQuantityUnit:3 ConditionQuantitySAPUnit:3 ConditionQuantityISOUnit:3 "
    "ConditionCategory:1! ConditionRecord:10! TaxCode:2! ConditionAmount:amount! TransactionCurrency:5 "
    "ConditionIsManuallyChanged:bool!"
)
"""Of a pricing element, below its document's and item's keys."""
_TEXT = "Language:2+ LongTextID:upper4+ LongText:0"
_PARTNER = "PartnerFunction:2+ Customer:id10 Supplier:id10 Personnel:8 ContactPerson:10"
_STEPS = "PricingProcedureStep PricingProcedureCounter"


def _document(
    key: str, prices: str, item_prices: str, partners: str, texts: str, item_texts: str, *more: Nav
) -> list[Entity]:
    """The sets that every kind of sales document has, differing in names only. more: navigations of items."""
    head, item, item_key = f"A_{key}", f"A_{key}Item", f"{key}Item"
    both, above = f"{key} {item_key}", f"{key}:id10+ {item_key}:id6+"
    flow = (
        nav("to_Item", item, key),
        nav("to_Partner", partners, key),
        nav("to_PricingElement", prices, key, deep=False),
        nav("to_Text", texts, key),
    )
    inner = (
        nav(f"to_{key}", head, key, many=False, deep=False),
        nav("to_PricingElement", item_prices, both),
        nav("to_Text", item_texts, both),
        *more,
    )
    own = f"{above} {item_key}Category:4 {item_key}Text:40"
    money = {"currency": "TransactionCurrency"}
    stamped = money | {"stamp": "LastChangeDateTime"}
    return [
        entity(head, key, f"{key}:id10! {key}Type:4+ {key}Date:date {_HEAD}", *flow, verbs="CUD", **stamped),
        entity(item, both, f"{own} {_ITEM}", *inner, verbs="CUD", **money),
        entity(prices, f"{key} {_STEPS}", f"{key}:id10! {PRICE}", **money),
        entity(item_prices, f"{both} {_STEPS}", f"{above} {PRICE}", verbs="U", **money),
        entity(partners, f"{key} PartnerFunction", f"{key}:id10+ {_PARTNER}", verbs="UD"),
        entity(texts, f"{key} Language LongTextID", f"{key}:id10+ {_TEXT}", verbs="UD"),
        entity(item_texts, f"{both} Language LongTextID", f"{above} {_TEXT}", verbs="UD"),
    ]


DEBIT = _document(
    "DebitMemoRequest",
    "A_DebitMemoReqPrcgElmnt",
    "A_DebitMemoReqItemPrcgElmnt",
    "A_DebitMemoReqPartner",
    "A_DebitMemoReqText",
    "A_DebitMemoReqItemText",
)
CREDIT = _document(
    "CreditMemoRequest",
    "A_CreditMemoReqPrcgElmnt",
    "A_CreditMemoReqItemPrcgElmnt",
    "A_CreditMemoReqPartner",
    "A_CreditMemoReqText",
    "A_CreditMemoReqItemText",
)
_PLAN_KEY = "SalesOrder SalesOrderItem"
ORDER = [
    *_document(
        "SalesOrder",
        "A_SalesOrderHeaderPrElement",
        "A_SalesOrderItemPrElement",
        "A_SalesOrderHeaderPartner",
        "A_SalesOrderText",
        "A_SalesOrderItemText",
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
]
