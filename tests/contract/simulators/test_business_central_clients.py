"""Client libraries written for this vendor by others, unchanged: their hosts are fixed, environment variables lead there.

Each runs in a process of its own with the simulator as proxy and its authority trusted.
"""

from __future__ import annotations

import pytest

from tests.contract.simulators.business_central_account import Tenant
from tests.outside import run_client
from tests.simulator import Simulator

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def front(business_central_program: Simulator) -> dict[str, str]:
    """Environment that leads the vendor's https hosts to the simulator, as its proxy and with its authority."""
    tls = business_central_program.told["tls"]
    trust = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), tls["ca_file"])
    return {"HTTPS_PROXY": tls["proxy_url"], "NO_PROXY": "", **trust}


MSAL = """
import json, sys
import msal, requests
c = json.loads(sys.argv[1])
authority = "https://login.microsoftonline.com/" + c["tenant_id"]

def app(secret):
    return msal.ConfidentialClientApplication(c["client_id"], client_credential=secret, authority=authority)

good = app(c["client_secret"])
first, second = (good.acquire_token_for_client(scopes=[c["scope"]]) for _ in range(2))
refused = app("wrong").acquire_token_for_client(scopes=[c["scope"]])
base = "https://api.businesscentral.dynamics.com/v2.0/%s/%s/api/v2.0" % (c["tenant_id"], c["environment"])
headers = {"Authorization": "Bearer " + second["access_token"]}
companies = requests.get(base + "/companies", headers=headers, timeout=20).json()
print(json.dumps({"sources": [first["token_source"], second["token_source"]], "refused": refused["error_codes"],
                  "companies": sorted(one["name"] for one in companies["value"]), "context": companies["@odata.context"]}))
"""


def test_msal_gets_caches_and_is_refused_tokens(tenant: Tenant, front: dict[str, str]) -> None:
    seen = run_client("msal", MSAL, front, tenant.credentials)
    assert (seen["sources"], seen["refused"]) == (["identity_provider", "cache"], [7000215])
    assert seen["companies"] == ["DE", "JP", "US"]
    assert seen["context"].startswith("https://api.businesscentral.dynamics.com/v2.0/")


SDK = """
import json, sys
from dynamics import Dynamics
from dynamics.exceptions.dynamics_exceptions import WrongParamsError
c = json.loads(sys.argv[1])
own = {name: c[name] for name in ("client_id", "client_secret", "refresh_token", "environment")}
company = next(one["id"] for one in Dynamics(**own).companies.get_all() if one["name"] == "DE")
api = Dynamics(**own, company_id=company)
journal = api.journals.get_all()[0]["id"]
lines = api.journal_line_items
first = lines.post(journal, {"accountNumber": "40100", "amount": -5, "documentNumber": "LIB"})
bulk = Dynamics(**own, company_id=company).journal_line_items
made = bulk.bulk_post(journal, [{"accountNumber": "13350", "amount": 5, "documentNumber": "LIB"}], company)
try:
    Dynamics(**own, company_id=company).journal_line_items.bulk_post(journal, [{"accountNumber": "1"}], company)
    refused = None
except WrongParamsError as error:
    refused = str(error.response)
dimension = api.dimensions.get_all_dimensions()[1]["id"]
listed = len(lines.get_all(journal))
lines.delete(first["id"])
print(json.dumps({"accounts": api.accounts.count(), "values": api.dimensions.count_dimension_values(dimension),
                  "made": made["responses"][0]["status"], "refused": refused, "listed": listed,
                  "left": len(lines.get_all(journal)), "employees": list(api.employees.get_all())}))
"""


def test_a_business_central_sdk_reads_writes_and_batches(tenant: Tenant, front: dict[str, str]) -> None:
    tenant.choose(delete_needs_etag=False)  # it deletes without If-Match
    tenant.dimension_value("P-1")
    seen = run_client("ms-dynamics-business-central-sdk", SDK, front, tenant.credentials)
    assert (seen["accounts"], seen["values"], seen["made"]) == (11, 1, 201)
    assert "does not match to an Account" in seen["refused"]
    assert (seen["listed"], seen["left"], seen["employees"]) == (2, 1, [])
