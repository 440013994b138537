"""The org's tokens: who gets one, what it says, when it dies."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.contract.simulators.salesforce_org import DATA, JWT_BEARER, Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]

TOKEN = "/services/oauth2/token"


def ask(org: Org, **form: Any) -> tuple[int, dict[str, Any]]:
    answer = org.client.post(TOKEN, data=form)
    return answer.status_code, answer.json()


def with_assertion(org: Org, **changed: Any) -> tuple[int, dict[str, Any]]:
    return ask(org, grant_type=JWT_BEARER, assertion=org.assertion(org.credentials, **changed))


def test_jwt_bearer_answers_a_token_without_expires_in(org: Org) -> None:
    status, body = with_assertion(org)
    assert status == 200
    assert body["token_type"] == "Bearer" and body["instance_url"] == org.ready["base_url"]
    assert body["id"].split("/")[-2] == org.credentials["org_id"]
    assert not {"expires_in", "refresh_token", "signature"} & set(body)


def test_an_assertion_signed_by_another_key_is_refused(org: Org) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = stranger.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    forged = org.assertion(org.credentials | {"private_key": pem.decode()})
    assert ask(org, grant_type=JWT_BEARER, assertion=forged) == (
        400,
        {"error": "invalid_grant", "error_description": "invalid assertion"},
    )


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"exp": int(time.time()) - 600}, "invalid_grant"),
        ({"exp": int(time.time()) + 3600}, "invalid_grant"),
        ({"exp": None}, "invalid_grant"),
        ({"aud": "https://elsewhere.example"}, "invalid_grant"),
        ({"sub": "nobody@northlight.example"}, "invalid_grant"),
        ({"sub": "seller.us@northlight.example"}, "invalid_grant"),
        ({"iss": "another-app"}, "invalid_client_id"),
    ],
)
def test_wrong_claims_are_refused(org: Org, changed: dict[str, Any], error: str) -> None:
    status, body = with_assertion(org, **changed)
    assert (status, body["error"]) == (400, error)


def test_only_rs256_is_taken(org: Org) -> None:
    import jwt

    who = org.credentials
    claims = {"iss": who["client_id"], "sub": who["username"], "aud": who["audience"], "exp": int(time.time()) + 60}
    for algorithm in ("RS512", "PS256"):
        weak = jwt.encode(claims, who["private_key"], algorithm=algorithm)
        assert ask(org, grant_type=JWT_BEARER, assertion=weak)[1]["error"] == "invalid_grant"
    unsigned = jwt.encode(claims, None, algorithm="none")
    assert ask(org, grant_type=JWT_BEARER, assertion=unsigned)[1]["error"] == "invalid_grant"


def test_an_inactive_user_gets_no_token(org: Org) -> None:
    user = org.rows(f"SELECT Id FROM User WHERE Username = '{org.credentials['username']}'")[0]
    org.change("User", user["Id"], IsActive=False)
    assert with_assertion(org)[1]["error"] == "inactive_user"


def test_client_credentials_run_as_the_apps_user_and_are_signed(org: Org) -> None:
    who = org.credentials
    status, body = ask(
        org, grant_type="client_credentials", client_id=who["client_id"], client_secret=who["client_secret"]
    )
    assert status == 200 and body["issued_at"].isdigit() and len(base64.b64decode(body["signature"])) == 32
    me = org.client.get("/services/oauth2/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.json()["preferred_username"] == who["username"]
    assert me.json()["organization_id"] == who["org_id"]


def test_client_credentials_also_come_by_basic_but_not_at_the_generic_host(org: Org) -> None:
    who = org.credentials
    basic = (who["client_id"], who["client_secret"])
    form = {"grant_type": "client_credentials"}
    assert org.client.post(TOKEN, data=form, auth=basic).status_code == 200
    generic = org.client.post(TOKEN, data=form, auth=basic, headers={"Host": "login.salesforce.com"})
    assert generic.json()["error_description"] == "request not supported on this domain"
    wrong = org.client.post(TOKEN, data=form, auth=(who["client_id"], "guess"))
    assert wrong.json()["error"] == "invalid_client"


def test_a_dead_token_is_401_in_the_middle_of_a_job(org: Org) -> None:
    org.plant("expire_token", path="/query", skip=1)
    org.query("SELECT Id FROM Account")
    answer = org.call("GET", "query", params={"q": "SELECT Id FROM Account"})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Token"
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
    assert org.login().query("SELECT Id FROM Account")["totalSize"] == 0


def test_a_session_ends_with_its_time(org: Org) -> None:
    org.settings(session_ttl_s=0)
    assert org.refused("GET", "limits")[0] == 401


def test_a_revoked_token_is_dead(org: Org) -> None:
    assert org.client.post("/services/oauth2/revoke", data={"token": org.token}).status_code == 200
    assert org.refused("GET", "limits")[1]["errorCode"] == "INVALID_SESSION_ID"


def test_versions_are_open_and_wrong_ones_refused(org: Org) -> None:
    versions = org.client.get("/services/data/").json()
    assert versions[-1] == {"label": "Spring '26", "url": DATA, "version": "66.0"}
    assert org.refused("GET", "/services/data/v20.0/limits")[1]["errorCode"] == "UNSUPPORTED_API_VERSION"
    assert org.refused("GET", "/services/data/v99.0/limits")[0] == 404
