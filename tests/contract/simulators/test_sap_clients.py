"""A client library written by others, unchanged: pyodata, SAP's own OData V2 client for Python."""

from __future__ import annotations

import pytest

from tests.contract.simulators.sap_tenant import Tenant, customer_body
from tests.outside import run_client

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate


PYODATA = """
import json, sys
import pyodata, requests
facts, partner = (json.loads(one) for one in sys.argv[1:])
root = facts["base_url"] + "/sap/opu/odata/sap/"
session = requests.Session()
session.trust_env = False
session.auth = (facts["user"], facts["password"])
head = session.head(root + "API_BUSINESS_PARTNER/", headers={"X-CSRF-Token": "fetch"})
session.headers["X-CSRF-Token"] = head.headers["x-csrf-token"]
partners = pyodata.Client(root + "API_BUSINESS_PARTNER", session)
made = partners.entity_sets.A_BusinessPartner.create_entity().set(**partner).execute()
number = made.BusinessPartner
rows = partners.entity_sets.A_BusinessPartner.get_entities()
found = rows.filter("BusinessPartnerIDByExtSystem eq 'LIB-1'").select("BusinessPartner,ETag").count(inline=True).execute()
one = partners.entity_sets.A_BusinessPartner.get_entity(number).expand("to_BusinessPartnerAddress").execute()
session.headers["If-Match"] = one.etag
partners.entity_sets.A_BusinessPartner.update_entity(BusinessPartner=number).set(SearchTerm1="lib").execute()
del session.headers["If-Match"]
changed = partners.entity_sets.A_BusinessPartner.get_entity(number).execute()
batch = partners.create_batch()
batch.add_request(partners.entity_sets.A_BusinessPartner.get_entity(number))
billing = pyodata.Client(root + "API_BILLING_DOCUMENT_SRV", session)
bills = billing.entity_sets.A_BillingDocument.get_entities().top(5).execute()
projects = pyodata.Client(root + "API_ENTERPRISE_PROJECT_SRV;v=0002", session)
project = projects.entity_sets.A_EnterpriseProject.create_entity().set(Project="LIB-P", ProjectCurrency="EUR").execute()
release = projects.functions.ChangeEntProjProcgStatus.parameter("ProjectUUID", project.ProjectUUID)
released = release.parameter("ProcessingStatus", "10").execute()
try:
    partners.entity_sets.A_BusinessPartner.create_entity().set(BusinessPartnerCategory="9").execute()
    refused = None
except pyodata.exceptions.HttpError as error:
    refused = error.response.status_code
print(json.dumps({
    "number": number, "count": found.total_count, "found": [row.BusinessPartner for row in found],
    "city": one.to_BusinessPartnerAddress[0].CityName, "term": changed.SearchTerm1,
    "batch": [row.BusinessPartner for row in batch.execute()],
    "created": changed.CreationDate.isoformat(), "gross": str(bills[0].TotalGrossAmount),
    "status": released.ProcessingStatus, "refused": refused,
}, default=str))
"""


def test_pyodata_reads_writes_batches_and_calls_functions(sap: Tenant) -> None:
    invoice = sap.invoice("I-1")
    facts = {"base_url": sap.base_url} | {name: sap.credentials[name] for name in ("user", "password")}
    partner = customer_body("LIB-1", to_BusinessPartnerAddress=[{"Country": "DE", "CityName": "Somewhere"}])
    del partner["to_Customer"]
    seen = run_client("pyodata", PYODATA, {}, facts, partner)
    assert (seen["count"], seen["found"], seen["batch"]) == (1, [seen["number"]], [seen["number"]])
    assert (seen["city"], seen["term"], seen["refused"]) == ("Somewhere", "LIB", 400)
    assert seen["gross"] == invoice["TotalGrossAmount"]
    assert seen["status"] == "10"
