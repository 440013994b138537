"""EnsureCustomer: one business partner per customer, with a sales area and company data for each legal entity that bills it.

SAP knows no upsert: looked up by our id first, then made whole, or brought up to what we know of it.
"""

from __future__ import annotations

from typing import Any

from events.commands import EnsureCustomer, EnsureCustomerResult
from events.values import Ref
from functions.connectors.sap_s4hana.client import PARTNERS, Row
from functions.connectors.sap_s4hana.making import making
from functions.connectors.sap_s4hana.mapping import (
    Body,
    address_body,
    partner_body,
    sales_area_body,
    tax_body,
)
from functions.connectors.sap_s4hana.odata import literal, plain
from functions.connectors.sap_s4hana.partner import WHOLE, find_partner
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.settings import SYSTEM
from shared.faults import Transient

LANE = "reference"


def ensure_customer(command: EnsureCustomer, ports: SapPorts) -> EnsureCustomerResult:
    body = partner_body(command.customer, command.legal_entity_id, ports.erp)
    found = find_partner(command.customer.customer_id, ports, lane=LANE, expand=WHOLE)
    if found is None:
        mine = making("customer", command.customer.customer_id, ports)
        found = mine.make("BusinessPartner", lambda: ports.sap.create(PARTNERS, "A_BusinessPartner", body, lane=LANE))
    else:
        _bring_up(found, body, command, ports)
    if not found.get("BusinessPartner"):
        raise Transient("unknown_outcome", cause="erp_rows_unreadable")
    return EnsureCustomerResult(ref=Ref(system=SYSTEM, kind="business_partner", id=plain(found["BusinessPartner"])))


def _bring_up(found: Row, body: Body, command: EnsureCustomer, ports: SapPorts) -> None:
    """What differs is written: name, address, tax number, the legal entity's sales area and company."""
    number = str(found["BusinessPartner"])
    key = f"BusinessPartner={literal(number)}"
    name = {"OrganizationBPName1": body["OrganizationBPName1"]}
    _change(f"A_BusinessPartner({literal(number)})", found, name, ports)
    addresses = below(found, "to_BusinessPartnerAddress")
    if addresses:
        place = f"A_BusinessPartnerAddress({key},AddressID={literal(str(addresses[0]['AddressID']))})"
        _change(place, addresses[0], address_body(command.customer), ports)
    if tax := tax_body(command.customer, ports.erp):
        kept = next(
            (row for row in below(found, "to_BusinessPartnerTax") if row["BPTaxType"] == tax["BPTaxType"]), None
        )
        if kept is None:
            ports.sap.create(PARTNERS, "A_BusinessPartnerTaxNumber", {"BusinessPartner": number, **tax}, lane=LANE)
        else:
            place = f"A_BusinessPartnerTaxNumber({key},BPTaxType={literal(tax['BPTaxType'])})"
            _change(place, kept, {"BPTaxNumber": tax["BPTaxNumber"]}, ports)
    _open_area(found, command, ports)


def _open_area(found: Row, command: EnsureCustomer, ports: SapPorts) -> None:
    """Another legal entity bills this customer for the first time."""
    number, organization = str(found["BusinessPartner"]), ports.erp.organization(command.legal_entity_id)
    customer = found.get("to_Customer") or {}
    companies = {str(row.get("CompanyCode")) for row in below(customer, "to_CustomerCompany")}
    if organization.company not in companies:
        body = {"Customer": number, "CompanyCode": organization.company}
        ports.sap.create(PARTNERS, "A_CustomerCompany", body, lane=LANE)
    area = sales_area_body(command.customer, organization)
    keys = ("SalesOrganization", "DistributionChannel", "Division")
    areas = {tuple(str(row.get(key)) for key in keys) for row in below(customer, "to_CustomerSalesArea")}
    if tuple(area[key] for key in keys) not in areas:
        ports.sap.create(PARTNERS, "A_CustomerSalesArea", {"Customer": number, **area}, lane=LANE)


def _change(place: str, row: Row, wanted: Body, ports: SapPorts) -> None:
    if all(row.get(name) == value for name, value in wanted.items()):
        return
    etag = (row.get("__metadata") or {}).get("etag") or "*"
    ports.sap.change(PARTNERS, place, wanted, lane=LANE, etag=str(etag))


def below(row: Any, navigation: str) -> list[Row]:
    """Rows of an expanded navigation; none where it was not expanded."""
    inner = row.get(navigation) if isinstance(row, dict) else None
    rows = inner.get("results") if isinstance(inner, dict) else None
    return rows if isinstance(rows, list) else []
