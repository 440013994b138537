"""EnsureCustomer: the customer exists in the legal entity's subsidiary, once. PUT by eid may be repeated at will."""

from __future__ import annotations

from events.commands import EnsureCustomer, EnsureCustomerResult
from events.values import Ref
from functions.connectors.netsuite.ensure_record import ensure_record
from functions.connectors.netsuite.mapping import customer_body, customer_eid
from functions.connectors.netsuite.ports import NetSuitePorts
from functions.connectors.netsuite.settings import SYSTEM

LANE = "reference"


def ensure_customer(command: EnsureCustomer, ports: NetSuitePorts) -> EnsureCustomerResult:
    currency_id = ports.currencies.id_of(command.customer.currency, lane=LANE)
    body = customer_body(command.customer, command.legal_entity_id, currency_id, ports.erp)
    eid = customer_eid(command.customer.customer_id, command.legal_entity_id)
    internal_id = ensure_record(ports.netsuite, "customer", eid, body, replace="addressBook", lane=LANE)
    return EnsureCustomerResult(ref=Ref(system=SYSTEM, kind="customer", id=internal_id))
