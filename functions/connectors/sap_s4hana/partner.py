"""The business partner that carries our customer id. The field is not unique: the oldest counts, should two ever stand.

Source: docs/connectors/sap_s4hana.md, "Records".
"""

from __future__ import annotations

from functions.connectors.sap_s4hana.client import PARTNERS, Row
from functions.connectors.sap_s4hana.mapping import partner_key
from functions.connectors.sap_s4hana.odata import literal, plain
from functions.connectors.sap_s4hana.ports import SapPorts
from shared.faults import BusinessException

WHOLE = (
    "to_BusinessPartnerAddress,to_BusinessPartnerTax,to_Customer/to_CustomerSalesArea,to_Customer/to_CustomerCompany"
)


def find_partner(customer_id: str, ports: SapPorts, *, lane: str, expand: str = "") -> Row | None:
    rows = ports.sap.rows(
        PARTNERS,
        "A_BusinessPartner",
        filter=f"BusinessPartnerIDByExtSystem eq {literal(partner_key(customer_id))}",
        expand=expand,
        lane=lane,
    )
    return min(rows, key=lambda row: plain(row["BusinessPartner"]).zfill(10), default=None)


def need_partner(customer_id: str, ports: SapPorts, *, lane: str) -> Row:
    """Raises BusinessException("erp_customer_missing")."""
    found = find_partner(customer_id, ports, lane=lane)
    if found is None:
        raise BusinessException("erp_customer_missing", customer_id=customer_id)
    return found
