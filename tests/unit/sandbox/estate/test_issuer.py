"""The issuer gives tokens to those who know their secret, for the scopes they have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from sandbox.estate.issuer import AUDIENCE, build

URL = "http://127.0.0.1:1234"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def issuer(tmp_path: Path) -> tuple[TestClient, dict[str, str]]:
    built = build(tmp_path / "issuer", URL)
    return TestClient(built.app), built.credentials["clients"]


def claims_of(client: TestClient, token: str) -> dict[str, Any]:
    """Verified the way a stranger would: by discovery and the published keys."""
    discovered = client.get("/.well-known/openid-configuration").json()
    keys = client.get(discovered["jwks_uri"].removeprefix(URL)).json()["keys"]
    [key] = [jwt.PyJWK(k) for k in keys if k["kid"] == jwt.get_unverified_header(token)["kid"]]
    found: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=discovered["issuer"])
    return found


def test_a_token_verifies_against_the_published_keys(issuer: tuple[TestClient, dict[str, str]]) -> None:
    client, secrets = issuer
    answer = client.post("/oauth/token", data=GRANT, auth=("billweave-cli", secrets["billweave-cli"])).json()
    claims = claims_of(client, answer["access_token"])
    assert claims["client_id"] == "billweave-cli"
    assert claims["exp"] - claims["iat"] == answer["expires_in"] == 3600


def test_a_client_gets_the_scope_it_asks_for(issuer: tuple[TestClient, dict[str, str]]) -> None:
    client, secrets = issuer
    form = GRANT | {"scope": "billweave/read", "client_id": "billweave-cli", "client_secret": secrets["billweave-cli"]}
    answer = client.post("/oauth/token", data=form).json()
    assert claims_of(client, answer["access_token"])["scope"] == "billweave/read"


def test_a_reader_cannot_get_to_operate(issuer: tuple[TestClient, dict[str, str]]) -> None:
    client, secrets = issuer
    form = GRANT | {"scope": "billweave/operate"}
    answer = client.post("/oauth/token", data=form, auth=("billweave-reader", secrets["billweave-reader"]))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_scope"})


@pytest.mark.parametrize("auth", [("billweave-cli", "wrong"), ("nobody", "x"), ("billweave-cli", "ü"), None])
def test_a_wrong_client_is_refused(issuer: tuple[TestClient, dict[str, str]], auth: tuple[str, str] | None) -> None:
    answer = issuer[0].post("/oauth/token", data=GRANT, auth=auth)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_a_header_that_is_no_base64_is_refused(issuer: tuple[TestClient, dict[str, str]]) -> None:
    answer = issuer[0].post("/oauth/token", data=GRANT, headers={"Authorization": "Basic ???"})
    assert answer.status_code == 401


def test_another_grant_is_refused(issuer: tuple[TestClient, dict[str, str]]) -> None:
    client, secrets = issuer
    answer = client.post(
        "/oauth/token", data={"grant_type": "password"}, auth=("billweave-cli", secrets["billweave-cli"])
    )
    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


def test_key_and_secrets_outlive_the_process_and_are_private(tmp_path: Path) -> None:
    first, second = (build(tmp_path, URL) for _ in range(2))
    keys = [TestClient(built.app).get("/.well-known/jwks.json").json() for built in (first, second)]
    assert keys[0] == keys[1]
    assert first.credentials == second.credentials
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "key.pem": 0o600,
        "clients.json": 0o600,
    }
