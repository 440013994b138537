"""Our customers, projects and documents -> S/4HANA's bodies. No other file knows a field that is written.

Decimals travel as texts, dates as `/Date(ms)/`. Source: docs/connectors/sap_s4hana.md, "Records".
"""

from __future__ import annotations

from typing import Any

from events.commands import EnsureErpProject
from events.values import Party
from functions.connectors.sap_s4hana.odata import cut, day
from functions.connectors.sap_s4hana.settings import Organization, SapS4HanaSettings

Body = dict[str, Any]
NAME, STREET, CITY, POSTAL_CODE, REGION, TAX_NUMBER, PROJECT_NAME = 40, 60, 40, 10, 3, 20, 60
"""Lengths of SAP's fields."""


def partner_key(customer_id: str) -> str:
    """BusinessPartnerIDByExtSystem holds 20 characters, in capitals: the first 20 hexadecimal digits of our id."""
    return customer_id.replace("-", "").upper()[:20]


def project_key(project_id: str) -> str:
    """Project holds 24 characters, in capitals: the first 24 hexadecimal digits of our id."""
    return project_id.replace("-", "").upper()[:24]


def reference(document_id: str) -> str:
    """PurchaseOrderByCustomer holds 35 characters: our id without its hyphens."""
    return document_id.replace("-", "")


def partner_body(party: Party, legal_entity_id: str, settings: SapS4HanaSettings) -> Body:
    """The body of POST A_BusinessPartner: an organization that is a customer of one legal entity."""
    organization = settings.organization(legal_entity_id)
    body: Body = {
        "BusinessPartnerCategory": "2",
        "OrganizationBPName1": cut(party.name, NAME),
        "BusinessPartnerIDByExtSystem": partner_key(party.customer_id),
        "to_BusinessPartnerRole": [{"BusinessPartnerRole": role} for role in settings.partner_roles],
        "to_BusinessPartnerAddress": [address_body(party)],
        "to_Customer": {
            "to_CustomerSalesArea": [sales_area_body(party, organization)],
            "to_CustomerCompany": [{"CompanyCode": organization.company}],
        },
    }
    if settings.partner_grouping:
        body["BusinessPartnerGrouping"] = settings.partner_grouping
    if tax := tax_body(party, settings):
        body["to_BusinessPartnerTax"] = [tax]
    return body


def address_body(party: Party) -> Body:
    address = party.address
    lines = {
        "StreetName": cut(address.street, STREET),
        "CityName": cut(address.city, CITY),
        "PostalCode": cut(address.postal_code, POSTAL_CODE),
        "Region": address.region if len(address.region) <= REGION else "",
    }
    return {**{name: value for name, value in lines.items() if value}, "Country": address.country}


def tax_body(party: Party, settings: SapS4HanaSettings) -> Body:
    """Empty without a number, and where the deployment names no type for the country."""
    kind = settings.tax_types.get(party.address.country)
    if not party.tax_number or not kind:
        return {}
    return {"BPTaxType": kind, "BPTaxNumber": cut(party.tax_number, TAX_NUMBER)}


def sales_area_body(party: Party, organization: Organization) -> Body:
    return {
        "SalesOrganization": organization.sales_organization,
        "DistributionChannel": organization.distribution_channel,
        "Division": organization.division,
        "Currency": party.currency,
    }


def project_body(command: EnsureErpProject, customer_uuid: str, settings: SapS4HanaSettings) -> Body:
    """The body of POST A_EnterpriseProject."""
    body: Body = {
        "Project": project_key(command.project_id),
        "ProjectDescription": cut(command.name, PROJECT_NAME),
        "ProjectStartDate": day(command.starts_on),
        "ProjectCurrency": command.currency,
        "CustomerUUID": customer_uuid,
        "IsBillingRelevant": True,
    }
    if command.ends_on:
        body["ProjectEndDate"] = day(command.ends_on)
    chosen = {
        "ProjectProfileCode": settings.project_profile,
        "EnterpriseProjectType": settings.project_type,
        "ResponsibleCostCenter": settings.organization(command.legal_entity_id).cost_center,
    }
    return {**body, **{name: value for name, value in chosen.items() if value}}
