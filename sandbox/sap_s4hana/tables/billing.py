"""Billing documents, billing document requests and journal entry items: read, not written.

Source: vendor notes, section 7; the journal entry item's properties: the vendor's reference of its service.
"""

from __future__ import annotations

from sandbox.sap_s4hana.schema import entity, nav
from sandbox.sap_s4hana.tables.sales import PRICE

_STEPS = "PricingProcedureStep PricingProcedureCounter"

BILLING = [
    entity(
        "A_BillingDocument",
        "BillingDocument",
        "BillingDocument:id10! SDDocumentCategory:4! BillingDocumentCategory:1! BillingDocumentType:4! CreationDate:date! "
        "CreationTime:time! LastChangeDate:date! LastChangeDateTime:instant! SalesOrganization:4! DistributionChannel:2! "
        "Division:2! BillingDocumentDate:date! BillingDocumentIsCancelled:bool! CancelledBillingDocument:id10! "
        "TotalNetAmount:amount! TaxAmount:amount! TotalGrossAmount:amount! TransactionCurrency:5! PayerParty:padded10! "
        "SoldToParty:padded10! CompanyCode:4! FiscalYear:4! FiscalPeriod:3! AccountingDocument:id10! "
        "DocumentReferenceID:16! AssignmentReference:18! PurchaseOrderByCustomer:35! PaymentReference:30! "
        "CustomerPaymentTerms:4! ExchangeRate:decimal9.5! ExchangeRateDate:date! ExchangeRateType:4! "
        "OverallBillingStatus:1! AccountingPostingStatus:1! AccountingTransferStatus:1! InvoiceClearingStatus:1! "
        "OverallSDProcessStatus:1! PaymentMethod:1! SalesDistrict:6! CustomerTaxClassification1:1! Country:3! "
        "CreatedByUser:12! IncotermsClassification:3!",
        nav("to_Item", "A_BillingDocumentItem", "BillingDocument"),
        nav("to_Partner", "A_BillingDocumentPartner", "BillingDocument"),
        nav("to_PricingElement", "A_BillingDocumentPrcgElmnt", "BillingDocument"),
        nav("to_Text", "A_BillingDocumentText", "BillingDocument"),
        stamp="LastChangeDateTime",
        currency="TransactionCurrency",
    ),
    entity(
        "A_BillingDocumentItem",
        "BillingDocument BillingDocumentItem",
        "BillingDocument:id10! BillingDocumentItem:padded6! SalesDocumentItemCategory:4! Material:40! "
        "BillingDocumentItemText:40! BillingQuantity:decimal13.3! BillingQuantityUnit:3! NetAmount:amount! TaxAmount:amount! "
        "GrossAmount:amount! TransactionCurrency:5! WBSElement:24! ProfitCenter:10! ServicesRenderedDate:date! "
        "ReferenceSDDocument:id10! ReferenceSDDocumentItem:id6! ReferenceSDDocumentCategory:4! SalesDocument:id10! "
        "SalesDocumentItem:id6! ExternalReferenceDocument:10! ExternalReferenceDocumentItem:6! BillingPlan:id10! "
        "BillingPlanItem:id6! PurchaseOrderByCustomer:35! ProductTaxClassification1:1! CreationDate:date!",
        nav("to_BillingDocument", "A_BillingDocument", "BillingDocument", many=False),
        nav("to_PricingElement", "A_BillingDocumentItemPrcgElmnt", "BillingDocument BillingDocumentItem"),
        currency="TransactionCurrency",
    ),
    entity(
        "A_BillingDocumentItemPrcgElmnt",
        f"BillingDocument BillingDocumentItem {_STEPS}",
        f"BillingDocument:id10! BillingDocumentItem:padded6! {PRICE}",
        currency="TransactionCurrency",
    ),
    entity(
        "A_BillingDocumentPrcgElmnt",
        f"BillingDocument {_STEPS}",
        f"BillingDocument:id10! {PRICE}",
        currency="TransactionCurrency",
    ),
    entity(
        "A_BillingDocumentPartner",
        "BillingDocument PartnerFunction",
        "BillingDocument:id10! PartnerFunction:2! Customer:id10! Supplier:id10! Personnel:8! ContactPerson:10!",
    ),
    entity(
        "A_BillingDocumentText",
        "BillingDocument Language LongTextID",
        "BillingDocument:id10! Language:2! LongTextID:4! LongText:0!",
    ),
]

JOURNAL = [
    entity(
        "A_OperationalAcctgDocItemCube",
        "CompanyCode FiscalYear AccountingDocument AccountingDocumentItem",
        "CompanyCode:4! FiscalYear:4! AccountingDocument:id10! AccountingDocumentItem:id3! AccountingDocumentType:2! "
        "FinancialAccountType:1! Customer:id10! GLAccount:id10! DebitCreditCode:1! AmountInTransactionCurrency:amount! "
        "TransactionCurrency:5! PostingDate:date! DocumentDate:date! AccountingDocumentCreationDate:date! "
        "ClearingAccountingDocument:id10! ClearingDate:date! InvoiceReference:id10! InvoiceReferenceFiscalYear:4! "
        "BillingDocument:id10! AssignmentReference:18! DocumentReferenceID:16! DocumentItemText:50! NetDueDate:date!",
        currency="TransactionCurrency",
    ),
]
