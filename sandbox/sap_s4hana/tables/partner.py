"""Business partners and what makes one a customer. Source: vendor notes, section 4."""

from __future__ import annotations

from sandbox.sap_s4hana.schema import entity, nav

_AREA = "Customer SalesOrganization DistributionChannel Division"

PARTNER = [
    entity(
        "A_BusinessPartner",
        "BusinessPartner",
        "BusinessPartner:id10+ Customer:id10! Supplier:id10! BusinessPartnerCategory:1+ BusinessPartnerGrouping:4+ "
        "BusinessPartnerFullName:81! BusinessPartnerName:81! OrganizationBPName1:40 OrganizationBPName2:40 "
        "OrganizationBPName3:40 OrganizationBPName4:40 FirstName:40 LastName:40 SearchTerm1:upper20 SearchTerm2:upper20 "
        "CorrespondenceLanguage:2 Language:2 BusinessPartnerIDByExtSystem:upper20 BusinessPartnerIsBlocked:bool "
        "IsMarkedForArchiving:bool BusinessPartnerUUID:guid! BusinessPartnerType:4 CreatedByUser:12! CreationDate:date! "
        "CreationTime:time! LastChangedByUser:12! LastChangeDate:date! LastChangeTime:time! ETag:instant!",
        nav("to_BusinessPartnerRole", "A_BusinessPartnerRole", "BusinessPartner"),
        nav("to_BusinessPartnerAddress", "A_BusinessPartnerAddress", "BusinessPartner"),
        nav("to_BusinessPartnerTax", "A_BusinessPartnerTaxNumber", "BusinessPartner"),
        nav("to_Customer", "A_Customer", "Customer", many=False),
        stamp="ETag",
        verbs="CU",
    ),
    entity(
        "A_BusinessPartnerRole",
        "BusinessPartner BusinessPartnerRole",
        "BusinessPartner:id10+ BusinessPartnerRole:6+ ValidFrom:instant ValidTo:instant",
        verbs="CU",
    ),
    entity(
        "A_BusinessPartnerAddress",
        "BusinessPartner AddressID",
        "BusinessPartner:id10+ AddressID:id10! StreetName:60 HouseNumber:10 CityName:40 PostalCode:10 Country:3 Region:3 "
        "Language:2 FullName:80! AddressTimeZone:6 District:40 POBox:10 CareOfName:40 AdditionalStreetPrefixName:40 "
        "AdditionalStreetSuffixName:40",
        verbs="CUD",
    ),
    entity(
        "A_BusinessPartnerTaxNumber",
        "BusinessPartner BPTaxType",
        "BusinessPartner:id10+ BPTaxType:4+ BPTaxNumber:20 BPTaxLongNumber:60",
        verbs="CUD",
    ),
    entity(
        "A_Customer",
        "Customer",
        "Customer:id10+ CustomerName:80! CustomerFullName:220! CustomerAccountGroup:4! OrderIsBlockedForCustomer:2 "
        "BillingIsBlockedForCustomer:2 PostingIsBlocked:bool DeliveryIsBlocked:2 VATRegistration:20 CreationDate:date!",
        nav("to_CustomerSalesArea", "A_CustomerSalesArea", "Customer"),
        nav("to_CustomerCompany", "A_CustomerCompany", "Customer"),
        verbs="U",
    ),
    entity(
        "A_CustomerSalesArea",
        _AREA,
        "Customer:id10+ SalesOrganization:4+ DistributionChannel:2+ Division:2+ Currency:5 CustomerPaymentTerms:4 "
        "CustomerAccountAssignmentGroup:2 CustomerPricingProcedure:2 CustomerGroup:2 ShippingCondition:2 "
        "IncotermsClassification:3 IncotermsLocation1:70 OrderIsBlockedForCustomer:2 BillingIsBlockedForCustomer:2 "
        "DeletionIndicator:bool",
        nav("to_SalesAreaTax", "A_CustomerSalesAreaTax", _AREA),
        verbs="CU",
    ),
    entity(
        "A_CustomerSalesAreaTax",
        f"{_AREA} DepartureCountry CustomerTaxCategory",
        "Customer:id10+ SalesOrganization:4+ DistributionChannel:2+ Division:2+ DepartureCountry:3+ "
        "CustomerTaxCategory:4+ CustomerTaxClassification:1",
        verbs="CU",
    ),
    entity(
        "A_CustomerCompany",
        "Customer CompanyCode",
        "Customer:id10+ CompanyCode:4+ ReconciliationAccount:id10 PaymentTerms:4 PaymentMethodsList:10 "
        "PhysicalInventoryBlockInd:bool DeletionIndicator:bool",
        verbs="CU",
    ),
]
