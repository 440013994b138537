"""Client libraries made for Salesforce by others, unchanged, against the simulator."""

from __future__ import annotations

import ssl
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

from tests.contract.simulators.salesforce_org import Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]


def session(org: Org) -> requests.Session:
    """Trusts the simulator's authority and goes to Salesforce's hosts by its proxy; nothing of the environment."""
    made = requests.Session()
    made.trust_env = False
    made.verify = org.ready["tls"]["ca_file"]
    made.proxies = {"https": org.ready["tls"]["proxy_url"]}
    return made


def simple(org: Org, **how: Any) -> Any:
    simple_salesforce = import_module("simple_salesforce")
    return simple_salesforce.Salesforce(session=session(org), version="66.0", parse_float=Decimal, **how)


def by_jwt(org: Org) -> Any:
    who = org.credentials
    return simple(org, username=who["username"], consumer_key=who["client_id"], privatekey=who["private_key"])


def test_simple_salesforce_signs_in_by_every_grant(org: Org) -> None:
    who = org.credentials
    app = {"consumer_key": who["client_id"], "consumer_secret": who["client_secret"]}
    password = who["passwords"][who["username"]]
    domain = who["my_domain"].removesuffix(".salesforce.com")
    for client in (
        by_jwt(org),
        simple(org, domain=domain, **app),
        simple(org, username=who["username"], password=password["password"], **app),
        simple(org, username=who["username"], domain=domain, **password),
    ):
        assert client.query("SELECT Id FROM Organization")["records"][0]["Id"] == who["org_id"]
        assert client.sf_instance == who["my_domain"]


def test_simple_salesforce_refuses_a_wrong_password(org: Org) -> None:
    errors = import_module("simple_salesforce.exceptions")
    with pytest.raises(errors.SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        simple(org, username=org.credentials["username"], password="guess", security_token="none")


def test_simple_salesforce_goes_straight_to_the_https_address(org: Org) -> None:
    simple_salesforce = import_module("simple_salesforce")
    direct = session(org)
    direct.proxies = {}
    client = simple_salesforce.Salesforce(
        instance_url=org.ready["tls"]["base_url"], session_id=org.token, session=direct, version="66.0"
    )
    assert client.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_simple_salesforce_works_with_records(org: Org) -> None:
    client = by_jwt(org)
    made = client.Account.create({"Name": "ACME", "AnnualRevenue": 1000})
    assert client.Account.update(made["id"], {"Phone": "1"}) == 204
    assert client.Account.get(made["id"])["Phone"] == "1"
    path = "Fabric_Key__c/inv%2F1"
    first = client.Fabric_Invoice__c.upsert(path, {"Net__c": 10.5, "Account__c": made["id"]}, raw_response=True)
    again = client.Fabric_Invoice__c.upsert(path, {"Net__c": 11}, raw_response=True)
    assert (first.status_code, again.status_code) == (201, 200)
    assert client.Fabric_Invoice__c.get_by_custom_id("Fabric_Key__c", "inv/1")["Net__c"] == Decimal(11)
    assert "Fabric_Key__c" in [one["name"] for one in client.Opportunity.describe()["fields"]]
    assert client.describe()["maxBatchSize"] == 200
    assert client.Account.delete(made["id"]) == 204
    assert client.query_all("SELECT Id FROM Account", include_deleted=True)["totalSize"] == 1


def test_simple_salesforce_pages_and_reads_its_limits(org: Org) -> None:
    client = by_jwt(org)
    org.settings(page_size=2)
    for number in range(5):
        client.Account.create({"Name": f"A{number}"})
    assert [row["Name"] for row in client.query_all_iter("SELECT Name FROM Account ORDER BY Name")] == [
        f"A{number}" for number in range(5)
    ]
    assert client.limits()["DailyApiRequests"]["Max"] == client.api_usage["api-usage"].total
    assert client.restful("sobjects/Account/describe")["keyPrefix"] == "001"


def test_simple_salesforce_sees_the_refusals_as_its_own_errors(org: Org) -> None:
    errors = import_module("simple_salesforce.exceptions")
    client = by_jwt(org)
    with pytest.raises(errors.SalesforceMalformedRequest):
        client.query("SELECT Nothing FROM Account")
    with pytest.raises(errors.SalesforceResourceNotFound):
        client.Account.get("001Qy0000000zzz")
    org.plant("throttle")
    with pytest.raises(errors.SalesforceRefusedRequest):
        client.limits()


def test_simple_salesforce_signs_in_anew_when_the_token_dies(org: Org) -> None:
    client = by_jwt(org)
    org.plant("expire_token", path="/query")
    assert client.query("SELECT Id FROM Account")["totalSize"] == 0


@pytest.fixture
def key_file(org: Org, tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    path.write_text(org.credentials["private_key"])
    return path


async def _aiosalesforce(org: Org, key_file: Path) -> None:
    library = import_module("aiosalesforce")
    auth = import_module("aiosalesforce.auth")
    tls, who = org.ready["tls"], org.credentials
    context = ssl.create_default_context(cafile=tls["ca_file"])
    base_url = f"https://{who['my_domain']}"
    async with httpx.AsyncClient(proxy=tls["proxy_url"], verify=context, trust_env=False, timeout=20) as http:
        secret = auth.ClientCredentialsFlow(who["client_id"], who["client_secret"])
        assert "DailyApiRequests" in await library.Salesforce(http, base_url, secret).get_limits()
        password = who["passwords"][who["username"]]
        soap = auth.SoapLogin(who["username"], password["password"], password["security_token"])
        assert "DailyApiRequests" in await library.Salesforce(http, base_url, soap).get_limits()
        client = library.Salesforce(http, base_url, auth.JwtBearerFlow(who["client_id"], who["username"], key_file))
        account = await client.sobject.create("Account", {"Name": "ACME"})
        assert (await client.sobject.get("Account", account, fields=["Name"]))["Name"] == "ACME"
        done = await client.sobject.upsert("Fabric_Invoice__c", "k1", "Fabric_Key__c", {"Number__c": "2"})
        assert done.created is True
        async with client.composite(all_or_none=True) as steps:
            made = steps.sobject.create("Account", {"Name": "Two"})
            steps.sobject.create("Contact", {"LastName": "L", "AccountId": str(made.reference.id)})
        async with client.composite.batch() as batch:
            found = batch.query("SELECT Id FROM Contact WHERE Account.Name = 'Two'")
        assert len(found.records) == 1
        org.settings(page_size=1)
        names = [row["Name"] async for row in client.query("SELECT Name FROM Account ORDER BY Name")]
        assert names == ["ACME", "Two"]


def test_aiosalesforce_works_with_the_hosts_built_into_it(org: Org, key_file: Path) -> None:
    import asyncio

    asyncio.run(_aiosalesforce(org, key_file))


def test_salesforcerestapi_works_over_plain_http(org: Org) -> None:
    library = import_module("SalesforceRESTAPI").SalesforceRESTAPI
    who, base_url = org.credentials, org.ready["base_url"]
    library.authenticate(who["client_id"], who["client_secret"], base_url)
    client = library()
    account = client.create_record("Account", Name="A")
    client.update_record("Account", account, Name="B")
    client.verify_record("Account", account, Name="B")
    library.authenticate_JWT(who["client_id"], who["username"], who["private_key"], base_url)
    org.settings(page_size=1)
    client.create_record("Account", Name="C")
    assert client.query_all("SELECT Id FROM Account")["totalSize"] == 2
    client.delete_record("Account", account)
    assert client.queryRecords("SELECT COUNT() FROM Account")["totalSize"] == 1
