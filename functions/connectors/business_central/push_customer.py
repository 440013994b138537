"""EnsureCustomer: the customer exists in the legal entity's company, once, under the number made of our id."""

from __future__ import annotations

from events.commands import EnsureCustomer, EnsureCustomerResult
from events.values import Ref
from functions.connectors.business_central.ensure_record import ensure_record
from functions.connectors.business_central.mapping import customer_body
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.settings import SYSTEM

KEPT = ("number", "type", "currencyCode")
"""What entries may hang on: set when the customer is made, changed by finance only."""


def ensure_customer(command: EnsureCustomer, ports: BusinessCentralPorts) -> EnsureCustomerResult:
    body = customer_body(command.customer, command.legal_entity_id, ports.erp)
    company = ports.erp.company(command.legal_entity_id)
    found = ensure_record(ports.tenant, company, "customers", body, only_new=KEPT)
    return EnsureCustomerResult(ref=Ref(system=SYSTEM, kind="customer", id=found))
