"""What happens in the ERP is known because the ERP tells of it, through the gateway, before any poll: shown with no poll at all.

An ERP calls only who agreed to be called, and is believed only if it shows what was agreed upon.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.estate.estate import Plan, bring_up, down
from sandbox.firm.desks import ErpInvoice
from tests.contract.simulators.sap_tenant import CREDITS, Tenant, on

from .small_firm import SmallFirm, wait

pytestmark = pytest.mark.estate


@contextmanager
def firm_with(erp: str, state_dir: Path) -> Iterator[SmallFirm]:
    try:
        small = SmallFirm(
            bring_up(Plan(state_dir, fast=True, roles={"crm": "salesforce", "psa": "kantata", "erp": erp}))
        )
        small.open()
        yield small
    finally:
        down(state_dir)


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallFirm]:
    """Of a tenant where a payment moves its invoice's time of change, and that tells at once."""
    with firm_with("business_central", tmp_path_factory.mktemp("central")) as small:
        small.finance.control.post("/settings", {"payment_moves_timestamp": "always", "notification_delay_s": 0.1})
        yield small


@pytest.fixture(scope="module")
def s4hana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallFirm]:
    with firm_with("sap_s4hana", tmp_path_factory.mktemp("s4hana")) as small:
        yield small


def subscriptions(firm: SmallFirm) -> list[dict[str, Any]]:
    return list(firm.finance.control.get("/subscriptions")["subscriptions"])


def subscribed(firm: SmallFirm, days: float) -> list[dict[str, Any]]:
    """Once each company is subscribed for that long; two readings at once may have made one of them twice."""
    firm.finance.control.post("/settings", {"subscription_days": days})
    firm.fabric.act("pace-polls", {})
    wait("subscriptions", lambda: len({row["resource"] for row in subscriptions(firm)}) == 3)
    return subscriptions(firm)


def billed(firm: SmallFirm, name: str) -> ErpInvoice:
    """A posted invoice, everything carried back."""
    deal = firm.sell(name)
    firm.set_up(deal)
    worked = firm.work(deal, days=1)
    firm.known(worked)
    firm.bill("US")
    firm.posted(worked)
    firm.quiet.wait("the invoice to be carried back", 60)
    [invoice] = firm.erp_invoices(deal)
    return invoice


def status(firm: SmallFirm, invoice: ErpInvoice) -> str:
    rows = firm.fabric.read("/invoices")["invoices"]
    return next(str(row["status"]) for row in rows if row["erp_number"] == invoice.number)


@contextmanager
def no_polls(firm: SmallFirm) -> Iterator[None]:
    """Nobody asks the ERP anything unless it calls: the pacer's function is away, what it had handed out is taken back."""
    pacer, lambdas = firm.estate.resources["pacer"], firm.estate.client("lambda")
    sqs, queue = firm.estate.client("sqs"), f"{firm.estate.roles['erp']}-poll"
    url = next(each for each in sqs.list_queues(MaxResults=1000)["QueueUrls"] if each.endswith(queue))
    lambdas.put_function_concurrency(FunctionName=pacer, ReservedConcurrentExecutions=0)
    sqs.purge_queue(QueueUrl=url)
    names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    wait("polls to end", lambda: not any(int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][name]) for name in names))  # fmt: skip
    try:
        yield
    finally:
        lambdas.delete_function_concurrency(FunctionName=pacer)


def test_business_central_is_subscribed_by_a_handshake_through_the_gateway(central: SmallFirm) -> None:
    rows = subscribed(central, 3.0)
    assert {row["notificationUrl"] for row in rows} == {central.estate.systems["business_central"]["webhook_url"]}
    assert len({row["resource"] for row in rows}) == 3


def test_a_payment_is_known_by_business_centrals_notification_alone(central: SmallFirm) -> None:
    subscribed(central, 3.0)
    invoice = billed(central, "Harbor quay lights")
    control = central.finance.control
    with no_polls(central):
        control.post("/deliveries", {"hold": True})
        central.finance.take_payment(invoice.invoice_id)
        central.quiet.wait("nothing to happen", 30, quiet_s=6.0)  # longer than a poll takes to come
        assert status(central, invoice) == "posted"
        control.post("/deliveries", {"hold": False})
        wait("the payment", lambda: status(central, invoice) == "paid")
    sent = control.get("/deliveries")["deliveries"]
    assert any(invoice.invoice_id in str(each["body"]) and each["status"] == 200 for each in sent)


def test_a_subscription_that_ends_soon_is_renewed_by_another_handshake(central: SmallFirm) -> None:
    subscribed(central, 1.0)
    for row in subscriptions(central):
        central.finance.control.delete(f"/subscriptions/{row['subscriptionId']}")
    short = {row["subscriptionId"]: row["expirationDateTime"] for row in subscribed(central, 1.0)}
    central.finance.control.post("/settings", {"subscription_days": 3.0})

    def renewed() -> bool:
        central.fabric.act("pace-polls", {})
        longer = [
            row for row in subscriptions(central) if row["expirationDateTime"] > short.get(row["subscriptionId"], "z")
        ]
        return len({row["resource"] for row in longer}) == 3

    wait("subscriptions to be renewed under their ids", renewed)


@pytest.mark.parametrize(
    ("address", "body", "code"),
    [
        ("", {"value": [{"clientState": "somebody else's"}]}, 403),
        ("x", {"value": []}, 401),
        ("x?validationToken=abc", {}, 401),
    ],
)
def test_who_does_not_show_what_was_agreed_is_refused(
    central: SmallFirm, address: str, body: dict[str, Any], code: int
) -> None:
    url = central.estate.systems["business_central"]["webhook_url"] + address
    assert httpx.post(url, json=body, timeout=30, trust_env=False).status_code == code


def test_s4hana_calls_once_the_gateway_agreed_to_it(s4hana: SmallFirm) -> None:
    told = s4hana.estate.systems["sap_s4hana"]
    asked = {"WebHook-Request-Origin": "eventmesh.example"}
    agreed = httpx.options(told["webhook_url"], headers=asked, timeout=30, trust_env=False)
    assert (agreed.status_code, agreed.headers["WebHook-Allowed-Origin"]) == (200, "eventmesh.example")
    assert httpx.options(told["webhook_url"] + "x", headers=asked, timeout=30, trust_env=False).status_code == 401
    [hook] = s4hana.finance.control.get("/webhooks")["webhooks"]
    assert hook["url"] == told["webhook_url"]
    with pytest.raises(Exception, match="WebHook-Allowed-Origin"):
        s4hana.finance.control.post("/webhooks", {"url": told["webhook_url"] + "x"})


def test_a_credit_memo_of_finances_own_is_known_by_s4hanas_event_alone(s4hana: SmallFirm) -> None:
    invoice = billed(s4hana, "Harbor berth survey")
    tenant = Tenant(s4hana.estate.systems["sap_s4hana"]).log_in()
    with no_polls(s4hana):
        head = {"CreditMemoRequestType": "CR", "SoldToParty": invoice.customer_id, "SalesOrganization": "1710"}
        area = {"DistributionChannel": "10", "OrganizationDivision": "00", "BillingDocumentDate": on("2026-10-31")}
        body = {**head, **area, "ReferenceSDDocument": invoice.number}
        made = tenant.make(f"{CREDITS}A_CreditMemoRequest", body)
        tenant.billed(made["CreditMemoRequest"], category="K")
        wait("the memo", lambda: status(s4hana, invoice) == "paid")
    told = s4hana.finance.control.get("/webhooks")
    assert (told["refused"], told["last_error"]) == (0, "") and told["delivered"] >= 2
    assert [each.unpaid for each in s4hana.finance.invoices() if each.number == invoice.number] == [Decimal(0)]
