"""SOQL: what it finds, in which order, in which pages, and what it refuses."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.contract.simulators.salesforce_org import DATA, Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]


def accounts(org: Org, count: int) -> None:
    for start in range(0, count, 200):
        rows = [
            {"attributes": {"type": "Account"}, "Name": f"A{n:05d}", "Industry": "even" if n % 2 == 0 else "odd"}
            for n in range(start, min(start + 200, count))
        ]
        assert all(one["success"] for one in org.ok("POST", "composite/sobjects", json={"records": rows}))


def names(org: Org, where: str) -> list[str]:
    return [row["Name"] for row in org.rows(f"SELECT Name FROM Account {where}")]


@pytest.fixture
def four(org: Org) -> Org:
    org.create("Account", Name="Alpha", BillingCity="Berlin", NumberOfEmployees=10, Industry="x")
    org.create("Account", Name="beta", BillingCity="Bonn", NumberOfEmployees=20)
    org.create("Account", Name="Gamma's", NumberOfEmployees=30, Industry="X")
    org.create("Account", Name="Del_ta%", BillingCity="Köln")
    return org


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("WHERE Name = 'ALPHA'", ["Alpha"]),
        ("WHERE Name LIKE '%ta' OR NumberOfEmployees >= 30", ["beta", "Gamma's"]),
        ("WHERE Name LIKE 'b_ta'", ["beta"]),
        (r"WHERE Name LIKE '%\_ta\%'", ["Del_ta%"]),
        (r"WHERE Name = 'Gamma\'s'", ["Gamma's"]),
        ("WHERE BillingCity = null", ["Gamma's"]),
        ("WHERE BillingCity != null AND NumberOfEmployees < 15", ["Alpha"]),
        ("WHERE Industry != 'x'", ["beta", "Del_ta%"]),
        ("WHERE (NOT Name = 'beta') AND (NumberOfEmployees IN (10, 20) OR BillingCity = 'Köln')", ["Alpha", "Del_ta%"]),
        ("WHERE Name NOT IN ('alpha', 'Beta') AND IsDeleted = false", ["Gamma's", "Del_ta%"]),
        ("WHERE NumberOfEmployees <> 10 AND NumberOfEmployees <= 20.0", ["beta"]),
        (
            "WHERE CreatedDate = TODAY AND CreatedDate > 2020-01-01T00:00:00+02:00",
            ["Alpha", "beta", "Gamma's", "Del_ta%"],
        ),
        ("WHERE Owner.Username LIKE 'seller%' LIMIT 1", ["Alpha"]),
        ("ORDER BY Name DESC LIMIT 2 OFFSET 1", ["Del_ta%", "beta"]),
        ("ORDER BY BillingCity NULLS LAST, Name", ["Alpha", "beta", "Del_ta%", "Gamma's"]),
        ("ORDER BY NumberOfEmployees", ["Del_ta%", "Alpha", "beta", "Gamma's"]),
    ],
)
def test_where_and_order(four: Org, where: str, found: list[str]) -> None:
    assert names(four, where) == found


def test_parents_nest_and_a_missing_one_is_null(org: Org) -> None:
    account = org.create("Account", Name="ACME", ParentId=org.create("Account", Name="Group"))
    org.deal(Name="With", AccountId=account)
    org.deal(Name="Without")
    rows = org.rows("SELECT Name, Account.Name, Account.Parent.Name, Account.Id FROM Opportunity ORDER BY Name")
    assert rows[0]["Account"]["Name"] == "ACME" and rows[0]["Account"]["Parent"]["Name"] == "Group"
    assert rows[0]["Account"]["attributes"] == {"type": "Account", "url": f"{DATA}/sobjects/Account/{account}"}
    assert rows[1]["Account"] is None


def test_children_nest_and_page_by_themselves(org: Org) -> None:
    account, lonely = org.create("Account", Name="ACME"), org.create("Account", Name="Lonely")
    for number in range(5):
        org.deal(Name=f"D{number}", AccountId=account)
    org.settings(child_page_size=2)
    soql = (
        "SELECT Id, (SELECT Name FROM Opportunities WHERE Name != 'D0' ORDER BY Name DESC) FROM Account ORDER BY Name"
    )
    first, second = org.rows(soql)
    assert first["Id"] == account and second == {**second, "Id": lonely, "Opportunities": None}
    nested = first["Opportunities"]
    assert (nested["totalSize"], nested["done"], [r["Name"] for r in nested["records"]]) == (4, False, ["D4", "D3"])
    rest = org.ok("GET", nested["nextRecordsUrl"])
    assert [row["Name"] for row in rest["records"]] == ["D2", "D1"] and rest["done"] is True


def test_counts_and_groups(org: Org) -> None:
    accounts(org, 5)
    assert org.query("SELECT COUNT() FROM Account WHERE Industry = 'even'") == {
        "totalSize": 3,
        "done": True,
        "records": [],
    }
    rows = org.rows("SELECT Industry, COUNT(Id) n, MAX(Name) FROM Account GROUP BY Industry")
    assert [(row["Industry"], row["n"], row["expr0"]) for row in rows] == [("even", 3, "A00004"), ("odd", 2, "A00003")]
    assert rows[0]["attributes"] == {"type": "AggregateResult"}


def test_a_semi_join_filters_by_another_object(org: Org) -> None:
    account = org.create("Account", Name="ACME")
    org.create("Account", Name="Other")
    org.deal(AccountId=account, StageName="Closed Won")
    inner = "(SELECT AccountId FROM Opportunity WHERE IsWon = true)"
    assert names(org, f"WHERE Id IN {inner}") == ["ACME"]
    assert names(org, f"WHERE Id NOT IN {inner}") == ["Other"]


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT", "MALFORMED_QUERY"),
        ("", "MALFORMED_QUERY"),
        ("SELECT Id Account", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'a", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account LIMIT ten", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'a' extra", "MALFORMED_QUERY"),
        (r"SELECT Id FROM Account WHERE Name = '\q'", "MALFORMED_QUERY"),
        ("SELECT SUM(Name) FROM Account", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-02-31T00:00:00Z", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE CreatedDate > LAST_N_DAYS:99999999999", "MALFORMED_QUERY"),
        ("SELECT Nothing FROM Account", "INVALID_FIELD"),
        ("SELECT Id, Boss.Name FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE NumberOfEmployees = '5'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE CreatedDate > '2026-01-01T00:00:00Z'", "INVALID_FIELD"),
        ("SELECT Id FROM Accounts", "INVALID_TYPE"),
        ("SELECT Id, (SELECT Id FROM Nothings) FROM Account", "INVALID_TYPE"),
        ("SELECT Id FROM Account WHERE Id = 'short'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
    ],
)
def test_bad_queries_get_their_code(org: Org, soql: str, code: str) -> None:
    status, error = org.no_query(soql)
    assert (status, error["errorCode"]) == (400, code)


def test_the_server_chooses_the_page_size(org: Org) -> None:
    accounts(org, 450)
    soql = "SELECT Id FROM Account ORDER BY Name"
    asked = org.query(soql, headers={"Sforce-Query-Options": "batchSize=200"})
    assert (len(asked["records"]), asked["totalSize"], asked["done"]) == (200, 450, False)
    org.settings(page_size=90)
    page: dict[str, Any] = org.query(soql, headers={"Sforce-Query-Options": "batchSize=200"})
    seen = [row["Id"] for row in page["records"]]
    assert len(seen) == 90
    while not page["done"]:
        assert page["nextRecordsUrl"].startswith(f"{DATA}/query/01g") and page["totalSize"] == 450
        page = org.ok("GET", page["nextRecordsUrl"])
        seen += [row["Id"] for row in page["records"]]
    assert "nextRecordsUrl" not in page
    assert len(seen) == len(set(seen)) == 450


def test_a_cursor_expires(org: Org) -> None:
    accounts(org, 3)
    org.settings(page_size=2)
    more = org.query("SELECT Id FROM Account")["nextRecordsUrl"]
    assert len(org.ok("GET", more)["records"]) == 1
    org.settings(cursor_ttl_s=0)
    assert org.refused("GET", more)[1]["errorCode"] == "INVALID_QUERY_LOCATOR"
    assert org.refused("GET", "query/01gNothing-1")[1]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_a_query_too_long_for_a_url_is_refused(org: Org) -> None:
    ids = ",".join(f"'{n:0>15}'" for n in range(1000))
    assert org.refused("GET", "query", params={"q": f"SELECT Id FROM Account WHERE Id IN ({ids})"})[0] == 414


def test_ten_thousand_records_answer_a_page_within_50_ms(org: Org) -> None:
    accounts(org, 10_000)
    middle = org.rows("SELECT SystemModstamp FROM Account WHERE Name = 'A05000'")[0]["SystemModstamp"]
    stamp = middle.replace("+0000", "Z")
    soql = f"SELECT Id, Name, Owner.Name FROM Account WHERE SystemModstamp >= {stamp} ORDER BY SystemModstamp, Id"
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        page = org.query(soql, headers={"Sforce-Query-Options": "batchSize=200"})
        taken.append(time.perf_counter() - start)
        assert len(page["records"]) == 200 and page["totalSize"] == 5000
    assert min(taken) < 0.05, f"{min(taken) * 1000:.0f} ms"
