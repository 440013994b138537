"""Deals of the simulated org, read whole: pages, limits, tokens, currencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.commands import ReportProject
from events.values import Ref
from functions.connectors.salesforce.commands import reference
from shared.faults import BusinessException, Throttled, Transient
from tests.contract.connectors.salesforce_ports import (
    Catalogue,
    salesforce_ports,
)
from tests.contract.connectors.salesforce_reading import pulled, read
from tests.contract.simulators.salesforce_org import Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]
pytestmark = pytest.mark.estate


def test_a_won_deal_is_read_with_customer_contract_and_terms(org: Org) -> None:
    catalogue = Catalogue(org)
    deal, ports = catalogue.win(), salesforce_ports(org)
    signed = read(ports, deal)
    number = org.get("Contract", catalogue.contract)["ContractNumber"]
    assert (signed.reference, signed.ref.id, signed.legal_entity_id) == (number, deal, "US")
    assert (signed.starts_on, signed.ends_on) == (date(2026, 3, 15), date(2027, 3, 14))
    assert (signed.customer.name, signed.customer.address.country) == ("Acme", "US")
    assert (signed.customer.tax_number, signed.purchase_order) == ("12-3456789", "PO-7")
    assert [line.value.amount for line in signed.lines] == [Decimal("50000.00")]
    assert (signed.payment_terms_days, signed.billing_schedule) == (30, "monthly")


def test_a_deal_of_many_lines_brings_all_of_them(org: Org) -> None:
    org.settings(child_page_size=3)
    catalogue = Catalogue(org)
    deal = catalogue.deal()
    for number in range(8):
        catalogue.line(deal, "Milestone", 100, Description=f"Part {number}")
    org.change("Opportunity", deal, StageName="Closed Won")
    signed = read(salesforce_ports(org), deal)
    assert sorted(line.milestone for line in signed.lines) == [f"Part {number}" for number in range(8)]


def test_a_contract_attached_later_is_the_next_version_of_the_same_contract(org: Org) -> None:
    catalogue = Catalogue(org)
    deal, ports = catalogue.win(ContractId=None), salesforce_ports(org)
    first = read(ports, deal)
    org.change("Opportunity", deal, ContractId=catalogue.contract)
    second = read(ports, deal)
    assert (first.reference, second.contract_id) == (None, first.contract_id) and second.reference
    older, newer = ports.outbox.of_type("contract.signed")
    assert older.sequence < newer.sequence


def test_a_large_amount_arrives_to_the_cent(org: Org) -> None:
    catalogue = Catalogue(org)
    deal = catalogue.deal()
    catalogue.line(deal, price=98765432.17)
    org.change("Opportunity", deal, StageName="Closed Won")
    assert read(salesforce_ports(org), deal).lines[0].value.amount == Decimal("98765432.17")


def test_an_org_of_one_currency_is_read_without_asking_for_it(org: Org) -> None:
    org.settings(multi_currency=False)
    deal = Catalogue(org, currency=None).win()
    with pytest.raises(BusinessException, match="crm_field_unknown"):
        read(salesforce_ports(org), deal)
    signed = read(salesforce_ports(org, multi_currency=False, default_currency="USD"), deal)
    assert (signed.currency, signed.customer.currency) == ("USD", "USD")


def test_a_deal_that_is_no_contract_closes_its_exception_once_it_is(org: Org) -> None:
    catalogue = Catalogue(org)
    deal, ports = catalogue.win(Legal_Entity__c=None), salesforce_ports(org)
    assert read(ports, deal) is None
    assert [each.facts["code"] for each in ports.exceptions.list()] == ["contract_mismatch"]
    org.change("Opportunity", deal, Legal_Entity__c="US")
    assert read(ports, deal) is not None
    assert [each.resolution for each in ports.exceptions.list()] == ["cause_gone"]


TERM_FIELDS = {"line_terms": "Billing_Terms__c", "line_project": "Billing_Project__c"}


def test_the_terms_of_a_product_come_with_the_contract_or_stop_the_deal_until_they_are_right(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org, deal=TERM_FIELDS)
    deal = catalogue.deal()
    line = catalogue.line(deal, Billing_Terms__c='{"cap": {"minutes": 6000, "value": 1}}', Billing_Project__c="Phase 2")
    org.change("Opportunity", deal, StageName="Closed Won")
    assert read(ports, deal) is None
    (refused,) = ports.exceptions.list()
    assert refused.facts["code"] == "contract_mismatch"
    assert "cap.value" in refused.facts["why"]
    org.change("OpportunityLineItem", line, Billing_Terms__c='{"cap": {"minutes": 6000, "over": "soft"}}')
    signed = read(ports, deal)
    assert signed is not None
    (only,) = signed.lines
    assert (only.terms.cap.minutes, only.terms.cap.over, only.projects) == (6000, "soft", ("Phase 2",))
    assert ports.exceptions.find(refused.exception_id).resolution == "cause_gone"


def test_a_token_that_died_is_renewed_once_and_the_call_repeated(org: Org) -> None:
    catalogue = Catalogue(org)
    deal, ports = catalogue.win(), salesforce_ports(org)
    read(ports, deal)
    org.plant("expire_token", path="/query")
    org.change("Opportunity", deal, PO_Number__c="PO-8")
    assert read(ports, deal).purchase_order == "PO-8"


def test_a_token_that_is_refused_again_is_a_persons_job(org: Org) -> None:
    ports = salesforce_ports(org)
    org.plant("error", code="INVALID_SESSION_ID", http_status=401, path="/query", times=2)
    with pytest.raises(BusinessException, match="crm_login_refused"):
        pulled(ports)


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ({"action": "throttle", "kind": "daily"}, Throttled, "crm_limit_reached"),
        ({"action": "throttle", "kind": "concurrent"}, Throttled, "crm_limit_reached"),
        ({"action": "error", "code": "QUERY_TIMEOUT"}, Transient, "crm_query_timeout"),
        ({"action": "error", "code": "INVALID_QUERY_LOCATOR"}, Transient, "crm_cursor_expired"),
        ({"action": "drop"}, Transient, "vendor_unreachable"),
    ],
    ids=["daily", "concurrent", "slow query", "cursor", "drop"],
)
def test_a_read_that_fails_is_tried_again(org: Org, fault: dict[str, Any], kind: type[Exception], code: str) -> None:
    deal, ports = Catalogue(org).win(), salesforce_ports(org)
    org.plant(**fault, path="/query")
    with pytest.raises(kind, match=code):
        read(ports, deal)
    assert read(ports, deal) is not None


def test_the_days_limit_waits_long_and_the_busy_minute_short(org: Org) -> None:
    ports, waits = salesforce_ports(org), []
    for limit in ("daily", "concurrent"):
        org.plant("throttle", kind=limit, path="/query")
        with pytest.raises(Throttled) as busy:
            pulled(ports)
        waits.append(busy.value.retry_after_s)
    assert waits == [900, 5]


def test_a_locked_row_is_tried_again(org: Org) -> None:
    deal, ports = Catalogue(org).deal(), salesforce_ports(org)
    command = ReportProject(
        opportunity_ref=Ref(system="salesforce", kind="opportunity", id=deal), project_id="p-1", status="active"
    )
    org.sim("POST", "locks", {"id": deal, "seconds": 60})
    with pytest.raises(Transient, match="crm_row_locked"):
        reference.step(command, ports)
    org.sim("POST", "locks", {"id": deal, "seconds": 0})
    reference.step(command, ports)
    row = org.get("Opportunity", deal)
    assert (row["Fabric_Project_Id__c"], row["Fabric_Project_Status__c"]) == ("p-1", "Active")
