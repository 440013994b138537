"""Business partners, projects and time: what may be made twice, what may not, and what is refused."""

from __future__ import annotations

import pytest

from tests.contract.simulators.sap_tenant import (
    DEBITS,
    PARTNERS,
    PROJECTS,
    V2,
    Tenant,
    item,
    on,
    request_body,
    said,
)

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate
ANY = {"If-Match": "*"}
TIME = f"{V2}API_MANAGE_WORKFORCE_TIMESHEET/TimeSheetEntryCollection"


def test_a_blind_repeat_makes_two_partners(sap: Tenant) -> None:
    numbers = {sap.customer("SAME"), sap.customer("SAME")}
    found = sap.rows(f"{PARTNERS}A_BusinessPartner", filter="BusinessPartnerIDByExtSystem eq 'SAME'")
    assert {row["BusinessPartner"] for row in found} == numbers and len(numbers) == 2


def test_a_partner_comes_with_all_that_makes_it_a_customer(sap: Tenant) -> None:
    number = sap.customer("C-1", to_BusinessPartnerTax=[{"BPTaxType": "DE0", "BPTaxNumber": "DE811569869"}])
    path = f"{PARTNERS}A_BusinessPartner('{number}')"
    row = sap.read(path, expand="to_BusinessPartnerTax,to_Customer/to_CustomerSalesArea,to_BusinessPartnerAddress")
    assert row["Customer"] == number
    assert row["to_BusinessPartnerTax"]["results"][0]["BPTaxNumber"] == "DE811569869"
    (area,) = row["to_Customer"]["to_CustomerSalesArea"]["results"]
    assert (area["SalesOrganization"], area["Currency"], area["CustomerPaymentTerms"]) == ("1010", "EUR", "NT30")
    assert row["to_BusinessPartnerAddress"]["results"][0]["Country"] == "DE"


def test_a_sales_area_is_added_later_and_once(sap: Tenant) -> None:
    number = sap.customer()
    body = {"Customer": number, "SalesOrganization": "1710", "DistributionChannel": "10", "Division": "00"}
    sap.make(f"{PARTNERS}A_CustomerSalesArea", body | {"Currency": "USD"})
    assert "already exists" in sap.call("POST", f"{PARTNERS}A_CustomerSalesArea", body).text


def test_a_partner_that_is_no_customer_cannot_be_sold_to(sap: Tenant) -> None:
    body = {"BusinessPartnerCategory": "2", "OrganizationBPName1": "Supplier"}
    number = sap.make(f"{PARTNERS}A_BusinessPartner", body)["BusinessPartner"]
    assert said(sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body(number))) == (400, "V1/302")


@pytest.mark.parametrize(
    ("path", "block"),
    [
        ("A_BusinessPartner('{}')", {"BusinessPartnerIsBlocked": True}),
        ("A_Customer('{}')", {"BillingIsBlockedForCustomer": "01"}),
    ],
)
def test_a_blocked_customer_is_not_sold_to_nor_billed(sap: Tenant, path: str, block: dict[str, object]) -> None:
    number = sap.customer()
    made = sap.request(number)["DebitMemoRequest"]
    assert sap.call("PATCH", PARTNERS + path.format(number), block, headers=ANY).status_code == 204
    assert "is blocked" in sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body(number)).text
    assert "is blocked" in sap.bill(made).text


def test_a_project_number_is_given_once(sap: Tenant) -> None:
    sap.project("P-1")
    answer = sap.call("POST", f"{PROJECTS}A_EnterpriseProject", {"Project": "p-1", "ProjectDescription": "again"})
    assert answer.status_code == 400 and "already exists" in answer.json()["error"]["message"]["value"]


def test_a_project_is_folded_to_capitals_with_its_elements(sap: Tenant) -> None:
    below = {"results": [{"ProjectElement": "p-1.1", "ProjectElementDescription": "Work"}]}
    made = sap.project("p-1", released=False, to_EnterpriseProjectElement=below)
    assert (made["Project"], made["ProcessingStatus"], made["CompanyCode"]) == ("P-1", "00", "1010")
    (element,) = made["to_EnterpriseProjectElement"]["results"]
    assert (element["ProjectElement"], element["ParentObjectUUID"]) == ("P-1.1", made["ProjectUUID"])


def test_only_what_is_released_takes_postings(sap: Tenant) -> None:
    customer, below = sap.customer(), {"results": [{"ProjectElement": "P-1.1"}]}
    project = sap.project("P-1", released=False, to_EnterpriseProjectElement=below)["ProjectUUID"]
    body = request_body(customer, item(WBSElement="p-1.1"))
    assert said(sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body)) == (400, "BS/013")
    sap.set_status(project, "10")
    assert sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body).status_code == 201
    sap.set_status(project, "30")
    assert said(sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body)) == (400, "BS/013")


def test_an_element_nobody_knows_is_refused(sap: Tenant) -> None:
    body = request_body(sap.customer(), item(WBSElement="NOWHERE"))
    assert said(sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body)) == (400, "CJ/021")


def test_a_status_that_does_not_follow_is_refused(sap: Tenant) -> None:
    project = sap.project(released=False)["ProjectUUID"]
    query = f"ProjectUUID=guid'{project}'&ProcessingStatus='20'"
    answer = sap.call("POST", f"{PROJECTS}ChangeEntProjProcgStatus?{query}")
    assert answer.status_code == 400 and "cannot be changed" in answer.text


def test_team_members_are_made_and_not_changed(sap: Tenant) -> None:
    project = sap.project()["ProjectUUID"]
    member = sap.make(f"{PROJECTS}A_EnterpriseProjectTeamMember", {"ProjectUUID": project})
    path = f"{PROJECTS}A_EnterpriseProjectTeamMember(guid'{member['TeamMemberUUID']}')"
    assert sap.call("PATCH", path, {}, headers=ANY).status_code == 405


def test_time_is_changed_by_a_new_record(sap: Tenant) -> None:
    sap.project("P-1")
    entry = {
        "PersonWorkAgreementExternalID": "E-7",
        "CompanyCode": "1010",
        "TimeSheetDate": on("2026-10-05"),
        "TimeSheetOperation": "C",
        "TimeSheetIsReleasedOnSave": True,
        "TimeSheetDataFields": {"WBSElement": "P-1", "RecordedHours": "7.50", "HoursUnitOfMeasure": "H"},
    }
    made = sap.make(TIME, entry)
    assert (made["TimeSheetStatus"], made["TimeSheetDataFields"]["RecordedHours"]) == ("30", "7.5")
    change = entry | {"TimeSheetOperation": "U", "TimeSheetRecord": made["TimeSheetRecord"]}
    fresh = sap.make(TIME, change | {"TimeSheetDataFields": {"RecordedHours": "6"}})
    assert fresh["TimeSheetPredecessorRecord"] == made["TimeSheetRecord"]
    gone = entry | {"TimeSheetOperation": "D", "TimeSheetRecord": fresh["TimeSheetRecord"]}
    assert sap.make(TIME, gone)["TimeSheetStatus"] == "60"


def test_a_test_run_of_time_leaves_nothing(sap: Tenant) -> None:
    entry = {
        "PersonWorkAgreementExternalID": "E-7",
        "TimeSheetDate": on("2026-10-05"),
        "TimeSheetOperation": "C",
        "TimeSheetIsExecutedInTestRun": True,
        "TimeSheetDataFields": {"RecordedHours": "1"},
    }
    assert sap.call("POST", TIME, entry).status_code == 201
    assert sap.rows(TIME) == []


def test_a_child_is_posted_below_its_parent(sap: Tenant) -> None:
    number = sap.customer()
    path = f"{PARTNERS}A_BusinessPartner('{number}')/to_BusinessPartnerAddress"
    assert sap.make(path, {"Country": "FR", "CityName": "Lyon"})["BusinessPartner"] == number
    assert len(sap.rows(path)) == 2


def test_customers_of_another_sales_organization_are_not_known_there(sap: Tenant) -> None:
    body = request_body(sap.customer(), SalesOrganization="1710")
    assert said(sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body)) == (400, "V1/301")
