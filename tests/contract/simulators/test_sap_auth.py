"""Nobody reads without credentials, nobody writes without a session's token and its cookies."""

from __future__ import annotations

import httpx
import pytest

from tests.contract.simulators.sap_saml import GRANT, assertion
from tests.contract.simulators.sap_tenant import BILLS_V4, PARTNERS, Tenant, customer_body

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate
SET = f"{PARTNERS}A_BusinessPartner"


def refused_for_csrf(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and answer.headers.get("x-csrf-token") == "Required"


@pytest.mark.parametrize("pair", [("BILLING_COMM_USER", "wrong"), ("nobody", "x"), None])
def test_a_wrong_password_is_refused_with_a_page_and_no_json(sap: Tenant, pair: tuple[str, str] | None) -> None:
    answer = httpx.get(sap.base_url + SET, auth=pair, headers={"Accept": "application/json"})
    assert answer.status_code == 401 and "text/html" in answer.headers["content-type"]
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


def test_a_new_password_replaces_the_old_one_at_once(sap: Tenant) -> None:
    fresh = sap.sim("POST", "credentials").json()
    try:
        assert httpx.get(sap.base_url + SET, auth=(fresh["user"], fresh["password"])).status_code == 200
        assert sap.call("GET", SET).status_code == 401
    finally:
        sap.sim("POST", "credentials", {"password": sap.credentials["password"]})


@pytest.mark.parametrize("root", [PARTNERS, BILLS_V4])
def test_a_token_is_fetched_by_get_and_by_head(sap: Tenant, root: str) -> None:
    for method in ("GET", "HEAD"):
        fresh = httpx.Client(base_url=sap.base_url, auth=sap.client.auth)
        answer = fresh.request(method, root, headers={"X-CSRF-Token": "Fetch"})
        assert len(answer.headers["x-csrf-token"]) > 10
        assert {"SAP_SESSIONID_S4S_100", "sap-usercontext"} <= set(answer.cookies)


def test_a_write_without_token_is_refused(sap: Tenant) -> None:
    del sap.client.headers["X-CSRF-Token"]
    assert refused_for_csrf(sap.call("POST", SET, customer_body()))
    assert sap.rows(SET) == []


def test_a_token_without_its_cookies_is_refused(sap: Tenant) -> None:
    sap.client.cookies.clear()
    assert refused_for_csrf(sap.call("POST", SET, customer_body()))


def test_a_token_belongs_to_one_session(sap: Tenant) -> None:
    other = httpx.Client(base_url=sap.base_url, auth=sap.client.auth)
    token = other.get(PARTNERS, headers={"X-CSRF-Token": "Fetch"}).headers["x-csrf-token"]
    assert refused_for_csrf(sap.call("POST", SET, customer_body(), headers={"X-CSRF-Token": token}))


def test_a_fetch_within_a_session_answers_the_same_token(sap: Tenant) -> None:
    again = sap.client.get(PARTNERS, headers={"X-CSRF-Token": "Fetch"})
    assert again.headers["x-csrf-token"] == sap.client.headers["X-CSRF-Token"]


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE", "MERGE"])
def test_every_change_needs_the_token(sap: Tenant, method: str) -> None:
    number = sap.customer()
    del sap.client.headers["X-CSRF-Token"]
    assert refused_for_csrf(sap.call(method, f"{SET}('{number}')", {"SearchTerm1": "X"}))


def test_an_action_of_version_4_needs_the_token(sap: Tenant) -> None:
    del sap.client.headers["X-CSRF-Token"]
    assert refused_for_csrf(sap.bill("1"))


def test_an_idle_session_is_gone_after_half_an_hour(sap: Tenant) -> None:
    sap.sim("POST", "clock", {"advance_s": 1700})
    assert sap.call("POST", SET, customer_body("A")).status_code == 201
    sap.sim("POST", "clock", {"advance_s": 1900})
    assert refused_for_csrf(sap.call("POST", SET, customer_body("B")))


def test_expired_on_demand_and_good_after_a_new_fetch(sap: Tenant) -> None:
    sap.plant("expire_token", method="POST")
    assert refused_for_csrf(sap.call("POST", SET, customer_body()))
    assert sap.log_in().call("POST", SET, customer_body()).status_code == 201


def test_each_fetch_without_cookies_opens_a_session(sap: Tenant) -> None:
    before = sap.sim("GET", "sessions").json()["begun"]
    for _ in range(3):
        httpx.get(sap.base_url + PARTNERS, auth=sap.client.auth, headers={"X-CSRF-Token": "Fetch"})
    assert sap.sim("GET", "sessions").json()["begun"] == before + 3


def ask(sap: Tenant, text: str, secret: str | None = None, **form: str) -> httpx.Response:
    keys = sap.credentials
    pair = (keys["client_id"], secret or keys["client_secret"])
    whole = {"grant_type": GRANT, "assertion": text, "client_id": keys["client_id"], "scope": "API_BILLING"}
    return httpx.post(keys["token_url"], data=whole | form, auth=pair)


def test_a_signed_assertion_buys_a_token_that_reads_and_writes(sap: Tenant) -> None:
    granted = ask(sap, assertion(sap.credentials)).json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)
    client = httpx.Client(base_url=sap.base_url, headers={"Authorization": f"Bearer {granted['access_token']}"})
    fetched = client.get(PARTNERS, headers={"X-CSRF-Token": "Fetch"})
    token = {"X-CSRF-Token": fetched.headers["x-csrf-token"]}
    assert client.post(SET, json=customer_body(), headers=token).status_code == 201


def test_an_access_token_dies_after_its_hour(sap: Tenant) -> None:
    granted = ask(sap, assertion(sap.credentials)).json()
    header = {"Authorization": f"Bearer {granted['access_token']}"}
    assert httpx.get(sap.base_url + PARTNERS, headers=header).status_code == 200
    sap.sim("POST", "clock", {"advance_s": 3601})
    assert httpx.get(sap.base_url + PARTNERS, headers=header).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"lifetime_s": -1},
        {"recipient": "https://elsewhere.example/token"},
        {"subject": "SOMEBODY_ELSE"},
        {"tamper": True},
        {"other_key": True},
        {"unsigned": True},
    ],
)
def test_an_assertion_that_is_not_ours_buys_nothing(sap: Tenant, wrong: dict[str, object]) -> None:
    answer = ask(sap, assertion(sap.credentials, **wrong))  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_an_assertion_counts_once(sap: Tenant) -> None:
    text = assertion(sap.credentials)
    assert [ask(sap, text).status_code for _ in range(2)] == [200, 400]


def test_another_secret_or_grant_buys_nothing(sap: Tenant) -> None:
    assert ask(sap, assertion(sap.credentials), secret="wrong").status_code == 401
    other = ask(sap, assertion(sap.credentials), grant_type="client_credentials")
    assert other.json()["error"] == "unsupported_grant_type"
