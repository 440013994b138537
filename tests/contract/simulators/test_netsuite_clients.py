"""Client libraries written for NetSuite by others, unchanged. Their hosts are fixed; environment variables lead there.

Each runs in a process of its own, with the simulator as proxy and its authority trusted.
"""

from __future__ import annotations

import pytest

from tests.contract.simulators.netsuite_account import Account
from tests.outside import run_client
from tests.simulator import Simulator

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def front(netsuite_program: Simulator) -> dict[str, str]:
    """Environment that leads https://*.netsuite.com to the simulator, as its proxy and with its authority."""
    tls = netsuite_program.told["tls"]
    trust = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), tls["ca_file"])
    return {"HTTPS_PROXY": tls["proxy_url"], "NO_PROXY": "", **trust}


NETSUITE = """
import asyncio, json, sys
from netsuite import Config, NetSuiteRestApi, NetSuiteRestlet, TokenAuth
c = json.loads(sys.argv[1])
names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
config = Config(account=c["account"], auth=TokenAuth(**{name: c[name] for name in names}))

async def main():
    api, restlet = NetSuiteRestApi(config), NetSuiteRestlet(config)
    customer = {"companyName": "From a library", "subsidiary": {"id": "1"}}
    await api.put("/record/v1/customer/eid:LIB-1", json=customer)
    item = (await api.suiteql("SELECT id FROM item WHERE itemid = 'Consulting'"))["items"][0]["id"]
    lines = {"items": [{"item": {"id": item}, "quantity": 2, "rate": 10.5}]}
    await api.post("/record/v1/invoice", json={"entity": {"externalId": "LIB-1"}, "externalId": "LIB-I", "item": lines})
    await api.patch("/record/v1/invoice/eid:LIB-I", json={"memo": "changed"})
    response = await api.request("POST", "/record/v1/invoice/eid:LIB-I/!transform/customerPayment", json={"payment": 1})
    found = await api.get("/record/v1/invoice", params={"q": 'memo IS "changed"', "limit": 5})
    try:
        await api.post("/record/v1/customer", json={"nonsense": 1})
        refused = None
    except Exception as error:
        refused = error.status_code
    return {
        "invoice": await api.get("/record/v1/invoice/eid:LIB-I"),
        "rows": await api.suiteql("SELECT tranid, foreigntotal FROM transaction WHERE type = 'CustInvc'", limit=5, offset=0),
        "found": found["count"],
        "location": response.headers["location"],
        "schema": sorted(await api.jsonschema("invoice")),
        "openapi": (await api.openapi(["customer"]))["openapi"],
        "token": await api.token_info(),
        "restlet": await restlet.post(12, deploy=1, json={"a": [1, 2]}),
        "refused": refused,
    }

print(json.dumps(asyncio.run(main())))
"""


def test_the_netsuite_library_works_with_tba(netsuite: Account, front: dict[str, str]) -> None:
    seen = run_client("netsuite", NETSUITE, front, netsuite.credentials)
    assert (seen["invoice"]["total"], seen["invoice"]["amountPaid"], seen["invoice"]["memo"]) == (21, 1, "changed")
    assert seen["rows"]["items"][0] == {"links": [], "tranid": "INV1001", "foreigntotal": "21"}
    assert (seen["found"], seen["refused"], seen["restlet"]["body"]) == (1, 400, {"a": [1, 2]})
    assert seen["token"]["company"]["companyId"] == netsuite.credentials["account"]
    host = f"https://{netsuite.credentials['account'].lower()}.suitetalk.api.netsuite.com/services/rest/record/v1/"
    assert seen["location"].startswith(host + "customerPayment/")
    assert "properties" in seen["schema"] and seen["openapi"].startswith("3.")


NETSUITE_CLIENT = """
import json, sys
from netsuite_client import NetSuiteClient
c = json.loads(sys.argv[1])
names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
client = NetSuiteClient(realm=c["account"], account=c["account"], max_retries=0, **{name: c[name] for name in names})
rows = client.get_suiteql_query("SELECT id, symbol FROM currency WHERE isinactive = 'F' ORDER BY id")
root = f"https://{c['account']}.suitetalk.api.netsuite.com/services/rest/record/v1"
print(json.dumps({"rows": rows, "list": client.get(root + "/currency", {"limit": 2, "q": 'symbol START_WITH "E"'})}))
"""


def test_the_netsuite_client_library_works_with_tba(netsuite: Account, front: dict[str, str]) -> None:
    seen = run_client("netsuite-client", NETSUITE_CLIENT, front, netsuite.credentials)
    assert [row["symbol"] for row in seen["rows"]["items"]] == ["USD", "EUR", "GBP", "CHF", "JPY"]
    assert seen["list"]["items"][0]["id"] == "2"


NETSUITE_PYTHON = """
import json, os, pathlib, sys, tempfile
from netsuite import Netsuite
from netsuite.swagger_client import Configuration
from netsuite.swagger_client.models.customer import Customer
c = json.loads(sys.argv[1])
wired = Configuration()
wired.proxy, wired.ssl_ca_cert = os.environ["HTTPS_PROXY"], os.environ["SSL_CERT_FILE"]
Configuration.set_default(wired)
place = pathlib.Path(tempfile.mkdtemp())
(place / "key.pem").write_text(c["private_key"])
client = Netsuite({
    "CLIENT_ID": c["client_id"], "NETSUITE_APP_NAME": c["account"], "CERT_ID": c["certificate_id"], "APP_NAME": "x",
    "NETSUITE_KEY_FILE": str(place / "key.pem"), "JSON_STORAGE_PATH": str(place / "tokens.json"),
})
client.request_access_token()
customers = client.REST_CLIENT.customer_api
customers.customer_post(Customer(company_name="From swagger", external_id="SW-1", subsidiary={"id": "1"}))
page = customers.customer_get(limit=5)
print(json.dumps({
    "types": client.get_netsuite_recordtypes(),
    "rows": client.QUERY_CLIENT.query_api.execute_query(query="SELECT symbol FROM currency ORDER BY id", limit=2, offset=0),
    "name": customers.customer_id_get(page.items[0].id).company_name,
}))
"""


def test_the_netsuite_python_library_works_with_a_signed_assertion(netsuite: Account, front: dict[str, str]) -> None:
    seen = run_client("netsuite-python", NETSUITE_PYTHON, front, netsuite.credentials)
    assert "invoice" in seen["types"] and seen["name"] == "From swagger"
    assert [row["symbol"] for row in seen["rows"]] == ["USD", "EUR"]


AUTHLIB = """
import json, sys, time, uuid
from authlib.integrations.httpx_client import OAuth2Client
from authlib.jose import jwt
c = json.loads(sys.argv[1])
host = f"https://{c['account']}.suitetalk.api.netsuite.com/services/rest"
url = host + "/auth/oauth2/v1/token"
now = int(time.time())
claims = {"iss": c["client_id"], "scope": ["rest_webservices"], "aud": url, "iat": now, "exp": now + 3600}
header = {"typ": "JWT", "alg": "PS256", "kid": c["certificate_id"]}
signed = jwt.encode(header, claims | {"jti": str(uuid.uuid4())}, c["private_key"]).decode()
client = OAuth2Client(token_endpoint_auth_method="none", timeout=10)
kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
client.fetch_token(url, grant_type="client_credentials", client_assertion_type=kind, client_assertion=signed)
print(json.dumps(client.get(host + "/system/v1/serverTime").json()))
"""


def test_authlib_gets_a_token_with_a_signed_assertion(netsuite: Account, front: dict[str, str]) -> None:
    assert run_client("authlib", AUTHLIB, front, netsuite.credentials)["serverTime"].endswith("Z")
