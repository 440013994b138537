"""What the fabric reports to the simulated org: one record per invoice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from events.commands import ReportProject
from events.values import Ref
from functions.connectors.salesforce.commands import reference, status
from shared.faults import BusinessException
from tests.contract.connectors.salesforce_ports import (
    INVOICE,
    Catalogue,
    report,
    salesforce_ports,
)
from tests.contract.simulators.salesforce_org import Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]
pytestmark = pytest.mark.estate


def test_an_invoice_is_one_record_whatever_is_reported_of_it(org: Org) -> None:
    deal, ports = Catalogue(org).deal(), salesforce_ports(org)
    first = status.step(report(deal), ports)
    again = status.step(report(deal, status="paid", paid=Decimal("1234567.89")), ports)
    assert first == again
    (row,) = org.rows(
        f"SELECT Net__c, Amount_Paid__c, Status__c FROM Fabric_Invoice__c WHERE Fabric_Key__c = '{INVOICE}'"
    )
    assert (row["Net__c"], row["Amount_Paid__c"], row["Status__c"]) == (
        Decimal("1234567.89"),
        Decimal("1234567.89"),
        "Paid",
    )


def test_two_first_reports_at_once_are_one_record(org: Org) -> None:
    deal, ports = Catalogue(org).deal(), salesforce_ports(org)
    org.plant("error", code="DUPLICATE_VALUE", http_status=400, path="/sobjects/Fabric_Invoice__c")
    assert status.step(report(deal), ports).ref is not None
    assert len(org.rows("SELECT Id FROM Fabric_Invoice__c")) == 1


def test_a_record_that_is_gone_is_a_persons_job(org: Org) -> None:
    deal, ports = Catalogue(org).deal(), salesforce_ports(org)
    org.ok("DELETE", f"sobjects/Opportunity/{deal}")
    command = ReportProject(
        opportunity_ref=Ref(system="salesforce", kind="opportunity", id=deal), project_id="p-1", status="active"
    )
    with pytest.raises(BusinessException, match="crm_record_missing"):
        reference.step(command, ports)
