"""One record at a time: create, read, update, upsert, delete, and every refusal of the catalogue."""

from __future__ import annotations

from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from tests.contract.simulators.salesforce_org import Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]

KEY = "sobjects/Account/Fabric_Key__c"


def test_a_created_record_answers_its_id_and_place(org: Org) -> None:
    answer = org.call("POST", "sobjects/Account", json={"Name": " ACME ", "Phone": ""})
    body = answer.json()
    assert answer.status_code == 201 and body["success"] is True and body["errors"] == []
    assert len(body["id"]) == 18 and body["id"].startswith("001")
    assert answer.headers["Location"].endswith(f"/sobjects/Account/{body['id']}")
    row = org.get("Account", body["id"])
    assert row["Name"] == "ACME" and row["Phone"] is None
    assert row["CreatedDate"].endswith("+0000") and row["attributes"]["type"] == "Account"


def test_an_id_is_the_same_with_15_and_18_characters(org: Org) -> None:
    account = org.create("Account", Name="A")
    deal = org.deal(AccountId=account[:15])
    assert org.get("Opportunity", deal[:15])["AccountId"] == account
    assert org.rows(f"SELECT Id FROM Opportunity WHERE AccountId = '{account[:15]}'")[0]["Id"] == deal
    assert org.refused("GET", f"sobjects/Account/{account[:15]}AA0")[1]["errorCode"] == "MALFORMED_ID"


def test_money_is_an_exact_json_number(org: Org) -> None:
    deal = org.deal(Amount=123456789012.35)
    assert org.get("Opportunity", deal)["Amount"] == Decimal("123456789012.35")


def test_an_update_answers_204_and_moves_the_stamps_forward(org: Org) -> None:
    account = org.create("Account", Name="A")
    stamps = [org.get("Account", account)["SystemModstamp"]]
    for name in "BCD":
        answer = org.call("PATCH", f"sobjects/Account/{account}", json={"Name": name})
        assert answer.status_code == 204 and not answer.content
        stamps.append(org.get("Account", account)["SystemModstamp"])
    assert stamps == sorted(set(stamps))


def test_a_system_change_moves_systemmodstamp_alone(org: Org) -> None:
    account = org.create("Account", Name="A")
    before = org.get("Account", account)
    org.sim("POST", "touch", {"object": "Account", "id": account})
    after = org.get("Account", account)
    assert after["SystemModstamp"] > before["SystemModstamp"]
    assert after["LastModifiedDate"] == before["LastModifiedDate"]


def test_upsert_creates_with_201_and_updates_with_200(org: Org) -> None:
    first = org.call("PATCH", f"{KEY}/a%2Fb%20c", json={"Name": "A"})
    assert first.status_code == 201 and first.json()["created"] is True
    again = org.call("PATCH", f"{KEY}/a%2Fb%20c", json={"Name": "B"})
    assert again.status_code == 200
    assert again.json() == {"id": first.json()["id"], "success": True, "errors": [], "created": False}
    assert org.get("Account", first.json()["id"])["Fabric_Key__c"] == "a/b c"


def test_an_old_version_updates_with_204(org: Org) -> None:
    org.ok("PATCH", f"{KEY}/k", json={"Name": "A"})
    old = org.call("PATCH", "/services/data/v45.0/sobjects/Account/Fabric_Key__c/k", json={"Name": "B"})
    assert old.status_code == 204 and not old.content


def test_upsert_refuses_the_key_or_the_id_in_the_body(org: Org) -> None:
    for name in ("Fabric_Key__c", "Id"):
        status, error = org.refused("PATCH", f"{KEY}/k", json={"Name": "A", name: "k"})
        assert (status, error["errorCode"]) == (400, "INVALID_FIELD")


def test_upsert_on_a_value_held_twice_answers_300_with_the_urls(org: Org) -> None:
    legacy = {"type": "string", "length": 40, "external_id": True}
    org.sim("POST", "schema", {"Account": {"fields": {"Legacy__c": legacy}}})
    ids = [org.create("Account", Name=name, Legacy__c="x") for name in "AB"]
    answer = org.call("PATCH", "sobjects/Account/Legacy__c/x", json={"Name": "C"})
    assert answer.status_code == 300
    assert [url.rsplit("/", 1)[1] for url in answer.json()] == ids


def test_a_deleted_record_is_gone_but_queryall_finds_it(org: Org) -> None:
    account = org.create("Account", Name="A")
    deal = org.deal(AccountId=account)
    assert org.call("DELETE", f"sobjects/Account/{account}").status_code == 204
    assert org.refused("GET", f"sobjects/Account/{account}") == (
        404,
        {"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED"},
    )
    assert org.rows("SELECT Id FROM Opportunity") == []
    found = org.ok("GET", "queryAll", params={"q": "SELECT Id FROM Opportunity WHERE IsDeleted = true"})
    assert [row["Id"] for row in found["records"]] == [deal]
    period = {"start": "2020-01-01T00:00:00+00:00", "end": "2100-01-01T00:00:00+00:00"}
    gone = org.ok("GET", "sobjects/Account/deleted", params=period)
    assert [one["id"] for one in gone["deletedRecords"]] == [account]


def test_an_unknown_record_is_404(org: Org) -> None:
    assert org.refused("GET", "sobjects/Account/001Qy0000000zzzIAA")[0] in (400, 404)
    assert org.refused("GET", "sobjects/Account/001Qy0000000zzz")[1]["errorCode"] == "NOT_FOUND"
    assert org.refused("GET", "sobjects/Nothing__c/001Qy0000000zzz")[0] == 404
    assert org.refused("GET", f"{KEY}/nobody")[0] == 404


@pytest.mark.parametrize(
    ("sobject", "body", "code"),
    [
        ("Account", {}, "REQUIRED_FIELD_MISSING"),
        ("Account", {"Name": "A", "Colour": "red"}, "INVALID_FIELD"),
        ("Account", {"Name": "A" * 256}, "STRING_TOO_LONG"),
        ("Account", {"Name": 5}, "JSON_PARSER_ERROR"),
        ("Account", {"Name": "A", "CurrencyIsoCode": "XXX"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Account", {"Name": "A", "CreatedDate": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("Contact", {"LastName": "L", "Email": "no address"}, "INVALID_EMAIL_ADDRESS"),
        ("Contact", {"LastName": "L", "AccountId": "001Qy0000000zzz"}, "INVALID_CROSS_REFERENCE_KEY"),
        ("Contact", {"LastName": "L", "AccountId": "a name"}, "MALFORMED_ID"),
        ("Contact", {"LastName": "L", "Account": {"Id": "001Qy0000000zzz"}}, "INVALID_FIELD"),
        ("Contact", {"LastName": "L", "Account": {"Fabric_Key__c": "nobody"}}, "INVALID_FIELD"),
        ("Contact", {"LastName": "L", "AccountId": "006Qy0000000001"}, "MALFORMED_ID"),
        (
            "Opportunity",
            {"Name": "D", "StageName": "Hoped for", "CloseDate": "2026-03-01"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        ),
        ("Opportunity", {"Name": "D", "StageName": "Prospecting", "CloseDate": "soon"}, "JSON_PARSER_ERROR"),
        (
            "Opportunity",
            {"Name": "D", "StageName": "Closed Won", "CloseDate": "2026-03-01", "IsWon": True},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
        ),
    ],
)
def test_bad_records_get_their_code(org: Org, sobject: str, body: dict[str, Any], code: str) -> None:
    status, error = org.refused("POST", f"sobjects/{sobject}", json=body)
    assert (status, error["errorCode"]) == (400, code)
    assert org.query(f"SELECT COUNT() FROM {sobject}")["totalSize"] == 0


def test_a_unique_field_clash_names_the_other_record(org: Org) -> None:
    first = org.create("Account", Name="A", Fabric_Key__c="Same")
    status, error = org.refused("POST", "sobjects/Account", json={"Name": "B", "Fabric_Key__c": "same"})
    assert (status, error["errorCode"]) == (400, "DUPLICATE_VALUE")
    assert first[:15] in error["message"]


def test_the_duplicate_rule_refuses_until_saving_is_allowed(org: Org) -> None:
    org.settings(account_duplicate_rule=True)
    first = org.create("Account", Name="ACME")
    _, error = org.refused("POST", "sobjects/Account", json={"Name": "acme"})
    assert error["errorCode"] == "DUPLICATES_DETECTED"
    assert error["duplicateResult"]["matchResults"][0]["matchRecords"][0]["record"]["Id"] == first
    org.headers["Sforce-Duplicate-Rule-Header"] = "allowSave=true"
    org.create("Account", Name="acme")


def test_a_single_currency_org_has_no_currencyisocode(org: Org) -> None:
    org.settings(multi_currency=False)
    assert org.no_query("SELECT Id, CurrencyIsoCode FROM Opportunity")[1]["errorCode"] == "INVALID_FIELD"
    body = {"Name": "A", "CurrencyIsoCode": "EUR"}
    assert org.refused("POST", "sobjects/Account", json=body)[1]["errorCode"] == "INVALID_FIELD"
    assert "CurrencyIsoCode" not in org.get("Account", org.create("Account", Name="A"))


def test_broken_bodies_are_refused(org: Org) -> None:
    assert org.refused("POST", "sobjects/Account", content=b"{")[1]["errorCode"] == "JSON_PARSER_ERROR"
    headers = {"Content-Type": "text/csv"}
    assert org.refused("POST", "sobjects/Account", content=b"Name\nA", headers=headers)[0] == 415
    assert org.refused("PUT", "sobjects/Account", json={})[0] == 405


def test_conditional_headers_give_304_and_412(org: Org) -> None:
    path = f"sobjects/Account/{org.create('Account', Name='A')}"
    modified = org.call("GET", path).headers["Last-Modified"]
    assert parsedate_to_datetime(modified).tzinfo is not None
    assert org.call("GET", path, headers={"If-Modified-Since": modified}).status_code == 304
    long_ago = "Sat, 01 Jan 2000 00:00:00 GMT"
    assert org.call("GET", path, headers={"If-Modified-Since": long_ago}).status_code == 200
    refused = org.call("PATCH", path, json={"Name": "B"}, headers={"If-Unmodified-Since": long_ago})
    assert refused.status_code == 412
    assert org.ok("GET", path)["Name"] == "A"


def test_a_parent_can_be_named_by_its_external_id(org: Org) -> None:
    account = org.create("Account", Name="A", Fabric_Key__c="acc-1")
    deal = org.deal(Account={"Fabric_Key__c": "acc-1"}, Fabric_Key__c="opp-1")
    assert org.get("Opportunity", deal)["AccountId"] == account
    invoice = org.call(
        "PATCH",
        "sobjects/Fabric_Invoice__c/Fabric_Key__c/inv-1",
        json={"Opportunity__r": {"Fabric_Key__c": "opp-1"}, "Net__c": 10.5, "Currency__c": "EUR"},
    )
    assert org.get("Fabric_Invoice__c", invoice.json()["id"])["Opportunity__c"] == deal
    assert org.ok("GET", f"sobjects/Opportunity/{deal}/Account")["Name"] == "A"


def test_describe_tells_the_external_id_and_the_stages(org: Org) -> None:
    assert {"Opportunity", "Fabric_Invoice__c"} <= {one["name"] for one in org.ok("GET", "sobjects")["sobjects"]}
    fields = {one["name"]: one for one in org.ok("GET", "sobjects/Opportunity/describe")["fields"]}
    key = fields["Fabric_Key__c"]
    assert key["externalId"] and key["unique"] and key["custom"]
    assert "Closed Won" in [one["value"] for one in fields["StageName"]["picklistValues"]]
    assert not fields["IsWon"]["updateable"]
