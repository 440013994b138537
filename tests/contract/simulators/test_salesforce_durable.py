"""kill -9 loses nothing that was answered."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx

from tests.contract.simulators.salesforce_org import Org, endpoint, until
from tests.contract.simulators.test_salesforce_outbound import acking, notifications, rule, settled
from tests.simulator import Simulator


def caller(running: Simulator) -> Org:
    client = httpx.Client(base_url=running.told["base_url"], timeout=20, trust_env=False)
    return Org(running.told, client).login()


def test_everything_answered_survives_kill_9(tmp_path: Path) -> None:
    running = Simulator("salesforce", tmp_path)
    org = caller(running)
    org.sim("POST", "schema", {"Account": {"fields": {"Tier__c": {"type": "string", "length": 5}}}})
    org.settings(page_size=2)
    ids = [org.create("Account", Name=f"A{n}", AnnualRevenue=10**14 + n, Tier__c="gold") for n in range(3)]
    deal = org.deal(AccountId=ids[0], Amount=12.34)
    more = org.query("SELECT Id FROM Account ORDER BY Name")["nextRecordsUrl"]
    credentials, base_url = running.told["credentials"], running.told["base_url"]
    before = org.get("Opportunity", deal)
    running.kill()
    running.start()
    try:
        assert (running.told["credentials"], running.told["base_url"]) == (credentials, base_url)
        assert org.get("Opportunity", deal) == before  # with the token from before
        assert [row["Id"] for row in org.ok("GET", more)["records"]] == ids[2:]
        rows = org.rows("SELECT Tier__c, AnnualRevenue FROM Account ORDER BY Name LIMIT 1")
        assert (rows[0]["Tier__c"], rows[0]["AnnualRevenue"]) == ("gold", 10**14)
        again = org.create("Account", Name="after")
        assert again not in ids
        org.change("Opportunity", deal, Amount=1)
        assert org.get("Opportunity", deal)["SystemModstamp"] > before["SystemModstamp"]
    finally:
        running.kill()


def test_creations_answered_in_a_storm_survive_kill_9(tmp_path: Path) -> None:
    running = Simulator("salesforce", tmp_path)
    org = caller(running)
    answered: list[str] = []

    def storm() -> None:
        try:
            while True:
                answered.append(org.create("Account", Name=f"A{len(answered)}"))
        except httpx.TransportError:
            return

    thread = threading.Thread(target=storm)
    thread.start()
    until(lambda: len(answered) >= 100)
    running.kill()
    thread.join()
    running.start()
    try:
        kept = {row["Id"] for row in org.query("SELECT Id FROM Account")["records"]}
        assert set(answered) <= kept and len(kept) - len(answered) <= 1
    finally:
        running.kill()


def test_a_notification_not_yet_acknowledged_survives_with_its_id(tmp_path: Path) -> None:
    running = Simulator("salesforce", tmp_path)
    org = caller(running)
    with endpoint(lambda _: (503, "text/plain", b"")) as (url, came):
        action = rule(org, url, first_retry_s=3600, longest_retry_s=3600)
        org.deal(StageName="Closed Won")
        until(lambda: came)
        told = notifications(came[0])[0][0]
    running.kill()
    running.start()
    try:
        with endpoint(acking) as (url, came):
            org.sim("POST", f"outbound-messages/{action}", {"url": f"{url}/again"})
            org.sim("POST", "outbound-messages/retry-now")
            until(lambda: settled(org))
            assert [each for one in came for each, _ in notifications(one)] == [told]
    finally:
        running.kill()
