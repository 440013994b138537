"""Many records in one call: collections, composite, graph, batch, tree."""

from __future__ import annotations

from typing import Any

from tests.contract.simulators.salesforce_org import DATA, Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]


def account(**fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": "Account"}, **fields}


def count(org: Org) -> int:
    return int(org.query("SELECT COUNT() FROM Account")["totalSize"])


def test_a_collection_answers_200_with_mixed_results_in_order(org: Org) -> None:
    records = [account(Name="A"), account(), account(Name="C")]
    answer = org.call("POST", "composite/sobjects", json={"allOrNone": False, "records": records})
    good, bad, also_good = answer.json()
    assert answer.status_code == 200 and good["success"] and also_good["success"] and count(org) == 2
    assert bad["success"] is False and bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert bad["errors"][0]["fields"] == ["Name"] and "errorCode" not in bad["errors"][0]
    assert org.get("Account", also_good["id"])["Name"] == "C"


def test_all_or_none_takes_the_innocent_back(org: Org) -> None:
    records = [account(Name="A"), account(), account(Name="C")]
    results = org.ok("POST", "composite/sobjects", json={"allOrNone": True, "records": records})
    codes = [result["errors"][0]["statusCode"] for result in results]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING", "ALL_OR_NONE_OPERATION_ROLLED_BACK"]
    assert count(org) == 0


def test_collections_update_upsert_read_and_delete(org: Org) -> None:
    path = "composite/sobjects/Account/Fabric_Key__c"
    made = org.ok("PATCH", path, json={"records": [account(Name=n, Fabric_Key__c=n) for n in "AB"]})
    assert [one["created"] for one in made] == [True, True]
    again = org.ok("PATCH", path, json={"records": [account(Name="A2", Fabric_Key__c="a"), account(Name="no key")]})
    assert again[0]["created"] is False and again[1]["errors"][0]["statusCode"] == "MISSING_ARGUMENT"
    ids = [one["id"] for one in made]
    org.ok("PATCH", "composite/sobjects", json={"records": [account(Id=ids[1], Name="B2")]})
    body = {"ids": [*ids, "001Qy0000000zzz"], "fields": ["Name"]}
    found = org.ok("POST", "composite/sobjects/Account", json=body)
    assert [one and one["Name"] for one in found] == ["A2", "B2", None]
    gone = org.ok("DELETE", "composite/sobjects", params={"ids": ",".join(ids), "allOrNone": "false"})
    assert all(one["success"] for one in gone) and count(org) == 0


def test_more_than_200_records_are_refused(org: Org) -> None:
    body = {"records": [account(Name="A")] * 201}
    assert org.refused("POST", "composite/sobjects", json=body)[1]["errorCode"] == "EXCEEDED_ID_LIMIT"


def steps(second: dict[str, Any]) -> list[dict[str, Any]]:
    first = {"method": "POST", "url": f"{DATA}/sobjects/Account", "referenceId": "acc", "body": {"Name": "A"}}
    deal = {"Name": "D", "StageName": "Prospecting", "CloseDate": "2026-03-01", "AccountId": "@{acc.id}"} | second
    return [first, {"method": "POST", "url": f"{DATA}/sobjects/Opportunity", "referenceId": "opp", "body": deal}]


def test_a_composite_step_uses_an_earlier_one(org: Org) -> None:
    more = [
        {"method": "GET", "url": f"{DATA}/sobjects/Account/@{{acc.id}}?fields=Name", "referenceId": "read"},
        {"method": "GET", "url": f"{DATA}/query?q=SELECT+Id+FROM+Opportunity+WHERE+AccountId='@{{acc.id}}'",
         "referenceId": "found"},
        {"method": "PATCH", "url": f"{DATA}/sobjects/Opportunity/@{{found.records[0].Id}}", "referenceId": "won",
         "body": {"StageName": "Closed Won"}},
    ]  # fmt: skip
    body = {"allOrNone": True, "compositeRequest": steps({}) + more}
    answers = org.ok("POST", "composite", json=body)["compositeResponse"]
    assert [(one["referenceId"], one["httpStatusCode"]) for one in answers] == [
        ("acc", 201),
        ("opp", 201),
        ("read", 200),
        ("found", 200),
        ("won", 204),
    ]
    assert answers[0]["httpHeaders"]["Location"].endswith(answers[0]["body"]["id"])
    assert org.get("Opportunity", answers[1]["body"]["id"])["IsWon"] is True


def test_a_failed_composite_halts_the_others(org: Org) -> None:
    body = {"allOrNone": True, "compositeRequest": steps({"StageName": "Nowhere"})}
    answers = org.ok("POST", "composite", json=body)["compositeResponse"]
    assert [one["body"][0]["errorCode"] for one in answers] == [
        "PROCESSING_HALTED",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    ]
    assert [one["httpStatusCode"] for one in answers] == [400, 400] and count(org) == 0
    alone = org.ok("POST", "composite", json=body | {"allOrNone": False})["compositeResponse"]
    assert [one["httpStatusCode"] for one in alone] == [201, 400] and count(org) == 1


def test_a_composite_holds_at_most_25(org: Org) -> None:
    one = steps({})[0]
    assert org.refused("POST", "composite", json={"compositeRequest": [one] * 26})[0] == 400
    query = {"method": "GET", "url": f"{DATA}/query?q=SELECT+Id+FROM+Account", "referenceId": "q"}
    assert org.refused("POST", "composite", json={"compositeRequest": [query] * 6})[0] == 400


def test_each_graph_stands_alone(org: Org) -> None:
    graphs = [
        {"graphId": "good", "compositeRequest": steps({})},
        {"graphId": "bad", "compositeRequest": steps({"StageName": "Nowhere"})},
    ]
    answers = org.ok("POST", "composite/graph", json={"graphs": graphs})["graphs"]
    assert [(one["graphId"], one["isSuccessful"]) for one in answers] == [("good", True), ("bad", False)]
    assert answers[0]["graphResponse"]["compositeResponse"][1]["httpStatusCode"] == 201
    assert count(org) == 1


def test_a_batch_goes_on_after_a_failure_unless_told_to_halt(org: Org) -> None:
    requests = [
        {"method": "POST", "url": "v66.0/sobjects/Account", "richInput": {}},
        {"method": "POST", "url": "v66.0/sobjects/Account", "richInput": {"Name": "A"}},
    ]
    body = org.ok("POST", "composite/batch", json={"batchRequests": requests})
    assert body["hasErrors"] is True and [one["statusCode"] for one in body["results"]] == [400, 201]
    body = org.ok("POST", "composite/batch", json={"batchRequests": requests, "haltOnError": True})
    assert [one["statusCode"] for one in body["results"]] == [400, 412] and count(org) == 1


def test_a_tree_plants_parents_with_children_or_nothing(org: Org) -> None:
    def tree(last_name: str | None) -> dict[str, Any]:
        contact = {"attributes": {"type": "Contact", "referenceId": "c"}, "LastName": last_name}
        root = {"attributes": {"type": "Account", "referenceId": "a"}, "Name": "A", "Contacts": {"records": [contact]}}
        return {"records": [root]}

    answer = org.call("POST", "composite/tree/Account", json=tree("L"))
    assert answer.status_code == 201 and [one["referenceId"] for one in answer.json()["results"]] == ["a", "c"]
    assert org.rows("SELECT Account.Name FROM Contact")[0]["Account"]["Name"] == "A"
    answer = org.call("POST", "composite/tree/Account", json=tree(None))
    assert answer.status_code == 400 and answer.json()["results"][0]["referenceId"] == "c" and count(org) == 1
