"""What comes in from outside: a storm of repeats makes nothing twice, and what is not a vendor's gets no further."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from .small_firm import SmallFirm, wait
from .trouble import depth, name_of

pytestmark = pytest.mark.estate

ROUTES = (
    "/status",
    "/invoices",
    "/invoices/x",
    "/invoices/x/explain",
    "/exceptions",
    "/projects",
    "/trace/x",
    "/audit",
    "/contracts/x/preview",
    "/contracts/x/rate",
    "/eligibility/x",
    "/invoices/x/status",
)
XML = "text/xml; charset=UTF-8"
BOMB = '<!DOCTYPE n [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def message(org: str, deal: str, before: str = "") -> str:
    """As Salesforce's outbound messages look."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
        f'<notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>{org}</OrganizationId>'
        "<ActionId>04kXX0000000001YAA</ActionId><Notification><Id>04lXX0000000001YAA</Id>"
        '<sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">'
        f"<sf:Id>{deal}</sf:Id></sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>"
    )


@pytest.fixture
def storm(firm: SmallFirm) -> Iterator[None]:
    again = {"action": "outbound_duplicate", "method": "OUTBOUND", "copies": 25, "times": 0}
    shuffled = {"action": "outbound_reorder", "method": "OUTBOUND", "times": 0}
    firm.sellers.control.post("/faults", [again, shuffled])
    yield
    firm.sellers.tell_once()


def test_a_storm_of_repeated_messages_makes_each_project_once(firm: SmallFirm, storm: None) -> None:
    before = firm.fabric.read("/status")["counts"].get("duplicates_received", 0)
    deals = [firm.sell("Harbor storm surge", "US"), firm.sell("Nordhafen Sturmflut", "DE")]
    firm.set_up(*deals)
    firm.quiet.wait("the storm to pass", 90, quiet_s=1.0)
    for deal in deals:
        assert len(firm.erp_projects(deal)) == 1
        assert [row["title"] for row in firm.delivery.control.records("workspaces")].count(deal.name) == 1
        assert [row["name"] for row in firm.fabric.read("/projects")["projects"]].count(deal.name) == 1
    assert firm.fabric.read("/status")["counts"]["duplicates_received"] > before


def knocked(firm: SmallFirm, body: str, *, secret: str | None = None, kind: str = XML) -> int:
    url = firm.estate.systems["salesforce"]["webhook_url"]
    if secret is not None:
        url = url.rpartition("/")[0] + f"/{secret}"
    return httpx.post(url, content=body, headers={"Content-Type": kind}, timeout=30, trust_env=False).status_code


def read_deals_calls(firm: SmallFirm) -> int:
    """How often the function behind the queue was invoked."""
    group, logs = f"/aws/lambda/{name_of(firm, 'salesforce-read-deals')}", firm.estate.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return sum(event["message"].startswith("START") for page in pages for event in page["events"])


def test_what_is_not_the_vendors_is_refused_counted_and_goes_no_further(firm: SmallFirm) -> None:
    org = firm.estate.systems["salesforce"]["credentials"]["org_id"]
    deal = firm.sellers.deals[firm.sell("Harbor doorbell", "US").name]
    before = read_deals_calls(firm)
    assert knocked(firm, message(org, deal)) == 200
    wait("a good message to get through", lambda: read_deals_calls(firm) > before)
    firm.quiet.wait("earlier work to be over", 60, quiet_s=1.0)
    refused = firm.fabric.read("/status")["counts"].get("edge_refused", 0)
    calls = read_deals_calls(firm)
    answers = {
        "wrong secret": knocked(firm, message(org, deal), secret="guessed"),
        "unknown org": knocked(firm, message("00DXX0000000001YAA", deal)),
        "too large": knocked(firm, message(org, deal) + " " * 1_000_001),
        "broken": knocked(firm, message(org, deal)[:-20]),
        "entities": knocked(firm, message(org, "&b;", before=BOMB)),
        "not xml": knocked(firm, "{}", kind="application/json"),
    }
    assert answers == {
        "wrong secret": 401,
        "unknown org": 403,
        "too large": 413,
        "broken": 400,
        "entities": 400,
        "not xml": 415,
    }
    wait("each to be counted", lambda: firm.fabric.read("/status")["counts"].get("edge_refused", 0) == refused + 6, 20)
    assert (depth(firm, "salesforce-inbound"), read_deals_calls(firm)) == (0, calls)
    assert depth(firm, "salesforce-inbound-dlq") == 0


@pytest.mark.parametrize("token", [None, "Bearer", "Bearer e30.e30.e30"], ids=["none", "empty", "forged"])
def test_no_view_opens_without_a_token(firm: SmallFirm, token: str | None) -> None:
    headers = {"Authorization": token} if token else {}
    base = firm.estate.api["base_url"]
    answers = {route: httpx.get(f"{base}{route}", headers=headers, timeout=30, trust_env=False) for route in ROUTES}
    assert {route: answer.status_code for route, answer in answers.items()} == dict.fromkeys(ROUTES, 401)
    assert not any("invoice_id" in answer.text for answer in answers.values())


def test_a_token_that_was_changed_opens_nothing(firm: SmallFirm) -> None:
    head, body, signature = firm.estate.api["token"].split(".")
    forged = f"{head}.{body}.{signature[::-1]}"
    answer = httpx.get(
        f"{firm.estate.api['base_url']}/status",
        headers={"Authorization": f"Bearer {forged}"},
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code == 401


def test_a_token_for_something_else_opens_no_view(firm: SmallFirm) -> None:
    issuer = firm.estate.api["issuer"]
    asked = {"grant_type": "client_credentials", "scope": "billweave/operate"}
    client = (issuer["client_id"], issuer["client_secret"])
    granted = httpx.post(issuer["token_url"], data=asked, auth=client, timeout=30, trust_env=False).json()
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    answer = httpx.get(f"{firm.estate.api['base_url']}/status", headers=headers, timeout=30, trust_env=False)
    assert answer.status_code == 403
