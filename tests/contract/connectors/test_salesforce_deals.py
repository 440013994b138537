"""Deals of the simulated org, read whole: pages, limits, tokens, currencies, and how the org tells of them."""

from __future__ import annotations

import base64
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.commands import ReportProject
from events.values import Ref
from functions.connectors.salesforce import change_events, poll, read_deals, webhook
from functions.connectors.salesforce.commands import reference, status
from shared.faults import BusinessException, Throttled, Transient
from shared.runtime.http_edge import answered
from shared.runtime.log import Line
from tests.contract.connectors.salesforce_ports import (
    INVOICE,
    SECRET,
    Catalogue,
    SalesforceFakes,
    report,
    salesforce_ports,
)
from tests.contract.simulators.salesforce_org import Org, Received, endpoint, until
from tests.contract.simulators.test_salesforce_events import Bus, taking

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]
pytestmark = pytest.mark.estate


def read(ports: SalesforceFakes, deal: str) -> Any:
    """The contract.signed of this deal as it stands now."""
    before = set(ports.outbox.events)
    read_deals.handler.step(read_deals.DealSeen(opportunity_id=deal, via="poll"), ports)
    signed = [each for each in ports.outbox.of_type("contract.signed") if each.id not in before]
    return signed[0].data if signed else None


def pulled(ports: SalesforceFakes) -> int:
    """Deals that one poll hands on."""
    poll.handler.step(poll.Poll(feed="opportunities"), ports)
    return ports.read()


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


def test_each_version_of_a_deal_is_polled_once(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    first, second = catalogue.win(), catalogue.win()
    catalogue.deal()
    assert pulled(ports) == 2
    assert pulled(ports) == 0
    org.change("Opportunity", first, PO_Number__c="PO-9")
    third = catalogue.win()
    assert pulled(ports) == 2
    assert {each.data.ref.id for each in ports.outbox.of_type("contract.signed")} == {first, second, third}


def test_deals_of_one_and_the_same_second_are_all_polled(org: Org) -> None:
    org.settings(timestamp_step_ms=1000, page_size=2)
    catalogue, ports = Catalogue(org), salesforce_ports(org, poll_rows=3)
    deals = {catalogue.win() for _ in range(8)}
    handed = 0
    while True:
        more = poll.handler.step(poll.Poll(feed="opportunities"), ports)["more"]
        handed += ports.read()
        if not more:
            break
    assert handed == 8
    assert {each.data.ref.id for each in ports.outbox.of_type("contract.signed")} == deals


def through_the_edge(ports: SalesforceFakes, secret: str = SECRET) -> Any:
    """A reply of the webhook to what an org posts, as API Gateway would hand it over."""

    def reply(one: Received) -> tuple[int, str, bytes]:
        event = {
            "requestContext": {"http": {"method": "POST"}},
            "pathParameters": {"secret": secret},
            "headers": one.headers,
            "body": base64.b64encode(one.body).decode(),
            "isBase64Encoded": True,
        }
        answer = answered(event, webhook.handler.step, ports, webhook.MOST_BYTES, Line())
        return answer.status, answer.content_type, answer.body.encode()

    return reply


def rule(org: Org, url: str, **more: Any) -> None:
    spec = {
        "url": f"{url}/webhooks/salesforce/{SECRET}",
        "object": "Opportunity",
        "when": {"field": "IsWon", "equals": True},
        "name": "won",
        "fields": ["Name", "StageName"],
        "first_retry_s": 0.02,
    }
    org.sim("POST", "outbound-messages", spec | more)


def waiting(org: Org) -> int:
    return len(org.sim("GET", "state/sim:notification")["records"])


def test_an_outbound_message_brings_its_deal_and_is_acknowledged(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports)) as (url, came):
        rule(org, url, send_session_id=True)
        deal = catalogue.win()
        until(lambda: came and not waiting(org))
    assert b"SessionId" in came[0].body
    (kept,) = ports.documents.bodies.values()
    session = came[0].body.partition(b"<SessionId>")[2].partition(b"</SessionId>")[0]
    assert session and session not in kept
    assert ports.read() == 1
    assert [each.data.ref.id for each in ports.outbox.of_type("contract.signed")] == [deal]


def test_a_message_repeated_in_a_storm_is_one_contract(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports)) as (url, came):
        rule(org, url)
        org.plant("outbound_duplicate", method="OUTBOUND", path="/Opportunity/won", copies=9)
        org.plant("outbound_lose_ack", method="OUTBOUND", path="/Opportunity/won")
        catalogue.win()
        until(lambda: len(came) >= 10 and not waiting(org))
    assert ports.read() >= 10
    assert len(ports.outbox.of_type("contract.signed")) == 1
    assert ports.counts.totals["duplicates_received"] >= 18


def test_a_message_from_another_organisation_is_not_acknowledged(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports)) as (url, came):
        rule(org, url)
        org.plant("outbound_wrong_org", method="OUTBOUND", path="/Opportunity/won", org_id="00DYY00000000012AA")
        catalogue.win()
        until(lambda: len(came) >= 2 and not waiting(org))
    assert ports.read() == 1


def test_a_wrong_secret_gets_nothing_in(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(through_the_edge(ports, secret="guessed")) as (url, came):
        rule(org, url)
        catalogue.win()
        until(lambda: came)
    assert not ports.queues.sent and not ports.documents.bodies and waiting(org) == 1


def told(bus: Bus, ports: SalesforceFakes, *, from_: int = 0) -> None:
    """What the bus has, through our handler, as its rule and queue would bring it."""
    for entry in bus.entries()[from_:]:
        event = {"source": entry["Source"], "detail-type": entry["DetailType"], "detail": json.loads(entry["Detail"])}
        if entry["DetailType"] == "OpportunityChangeEvent":
            change_events.handler.step(change_events.ChangeEvent.model_validate(event), ports)


def test_change_events_bring_the_deals_they_name(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    with endpoint(taking) as (url, came):
        bus = Bus(org, url, came)
        deal = catalogue.win()
        bus.wait(2)
        told(bus, ports)
    assert ports.read() >= 1
    assert [each.data.ref.id for each in ports.outbox.of_type("contract.signed")] == [deal]


def test_an_event_without_fields_and_one_of_several_deals_bring_them_all(org: Org) -> None:
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    first, second = catalogue.win(), catalogue.win()
    with endpoint(taking) as (url, came):
        bus = Bus(org, url, came)
        org.plant("event_gap", method="EVENT", path="/Opportunity/UPDATE")
        org.change("Opportunity", first, PO_Number__c="PO-8")
        bus.wait(1)
        org.plant("event_extra_ids", method="EVENT", path="/Opportunity/UPDATE", ids=[second])
        org.change("Opportunity", first, PO_Number__c="PO-9")
        bus.wait(2)
        told(bus, ports)
    assert [json.loads(body)["opportunity_id"] for body in ports.take()] == [first, first, second]


def test_an_event_from_another_organisation_is_refused(org: Org) -> None:
    ports = salesforce_ports(org)
    with endpoint(taking) as (url, came):
        bus = Bus(org, url, came)
        org.plant("event_wrong_org", method="EVENT", path="/Opportunity/CREATE", org_id="00DYY00000000012AA")
        org.deal()
        bus.wait(1)
        with pytest.raises(BusinessException, match="organization_unknown"):
            told(bus, ports)
    assert not ports.queues.sent


def test_our_own_write_backs_do_not_go_round(org: Org) -> None:
    """A project shown on its deal changes the deal: it is read once more, and there it ends."""
    catalogue, ports = Catalogue(org), salesforce_ports(org)
    deal = catalogue.win()
    assert pulled(ports) == 1
    shown = Ref(system="salesforce", kind="opportunity", id=deal)
    reference.step(ReportProject(opportunity_ref=shown, project_id="p-1", status="active"), ports)
    assert pulled(ports) == 1
    assert pulled(ports) == 0
