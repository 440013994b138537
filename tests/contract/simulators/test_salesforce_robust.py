"""Whatever is asked or sent, the org answers or refuses in its own words; it never breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.kit.store import Store
from sandbox.salesforce.app import CAST
from sandbox.salesforce.sales import SALES
from sandbox.salesforce_platform import identity, seed
from sandbox.salesforce_platform.call import Call
from sandbox.salesforce_platform.jsontext import dumps, loads
from sandbox.salesforce_platform.limits import Usage
from sandbox.salesforce_platform.org import Actor, Org
from sandbox.salesforce_platform.records import Records
from sandbox.salesforce_platform.rest import Rest
from sandbox.salesforce_platform.settings import Settings

WORDS = (
    "SELECT Id Name Amount Account.Name CloseDate CreatedDate IsWon FROM Opportunity Account Opportunities WHERE AND OR "
    "NOT ( ) , = != < LIKE IN 'x' '%' 5 2026-01-01 2026-02-31 2026-01-01T00:00:00Z true null TODAY LAST_N_DAYS:3 ORDER "
    "BY DESC NULLS LAST LIMIT OFFSET COUNT() COUNT(Id) SUM(Name) AVG(Amount) GROUP StageName FIELDS(ALL)"
).split()
QUERY = (
    "SELECT Id , Account.Name , Amount FROM Opportunity WHERE Amount > 5 AND ( NOT CloseDate = TODAY ) ORDER BY Name"
)
edits = st.lists(
    st.tuples(st.integers(0, 22), st.sampled_from(["put", "cut", "swap"]), st.sampled_from(WORDS)), max_size=4
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["001Qy0000000001"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["Id", "Fabric_Key__c"]), inner),
    max_leaves=4,
)
names = st.sampled_from(
    ["Name", "Amount", "CloseDate", "AccountId", "Account", "Owner", "Quantity", "attributes", "Id"]
)


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rest]:
    path: Path = tmp_path_factory.mktemp("org")
    store = Store(path / "org.sqlite")
    org = Org(store, Settings(), (SALES,))
    seed.seed(org, identity.load(path, CAST))
    yield Rest(org, Records(org), Usage(store, org.settings), "http://127.0.0.1/id")


def ask(rest: Rest, method: str, *path: str, query: str = "", body: Any = None) -> int:
    answer = rest.answer(Call(method, path, {"q": query}, {}, body, Actor("005Qy0000000001IAA")))
    dumps(answer.body)
    return answer.status


def edited(changes: list[tuple[int, str, str]]) -> str:
    words = QUERY.split()
    for at, how, word in changes:
        start = min(at, len(words))
        words[start : start + (how != "put")] = [] if how == "cut" else [word]
    return " ".join(words)


quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(changes=edits)
def test_any_query_is_answered_or_refused(rest: Rest, changes: list[tuple[int, str, str]]) -> None:
    assert ask(rest, "GET", "query", query=edited(changes)) in (200, 400)


@quick
@given(
    body=st.dictionaries(names, values, max_size=5),
    sobject=st.sampled_from(["Account", "Opportunity", "OpportunityLineItem", "Contract", "Fabric_Invoice__c"]),
)
def test_any_record_is_taken_or_refused(rest: Rest, body: dict[str, Any], sobject: str) -> None:
    sent = loads(json.dumps({"Name": "N", "StageName": "Prospecting", "CloseDate": "2026-01-01"} | body).encode())
    assert ask(rest, "POST", "sobjects", sobject, body=sent) in (201, 400)
    tree = {"records": [sent | {"attributes": {"type": sobject}}]}
    assert ask(rest, "POST", "composite", "sobjects", body=tree) == 200
    assert ask(rest, "POST", "composite", "tree", sobject, body=tree) in (201, 400)
