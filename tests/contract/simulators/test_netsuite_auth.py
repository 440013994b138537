"""Who is let in: signed assertions, access tokens, token-based authentication; and what is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
import uuid
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.contract.simulators.netsuite_account import Account, ask_token, assertion, detail
from tests.contract.simulators.netsuite_certificates import certificate_for

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate
HOUR = 3600


def ask(netsuite: Account, **kw: Any) -> httpx.Response:
    return ask_token(netsuite.client, netsuite.credentials, assertion(netsuite.credentials, **kw))


def test_a_good_assertion_gives_a_bearer_token_for_3600_seconds(netsuite: Account) -> None:
    body = ask(netsuite).json()
    assert (body["expires_in"], body["token_type"].lower()) == (3600, "bearer")
    assert jwt.get_unverified_header(body["access_token"])["typ"] == "JWT"


@pytest.mark.parametrize("scope", [["rest_webservices"], "rest_webservices,restlets", "rest_webservices, restlets"])
def test_scope_is_taken_as_a_list_or_comma_separated(netsuite: Account, scope: object) -> None:
    assert ask(netsuite, scope=scope).status_code == 200


def test_an_audience_in_the_text_form_of_a_tuple_is_taken(netsuite: Account) -> None:
    """netsuite-python 2.1.5 sends it so."""
    assert ask(netsuite, aud=f"('{netsuite.credentials['token_url']}',)").status_code == 200
    assert ask(netsuite, aud="('https://elsewhere.example/token',)").status_code == 400


def wrong_assertions() -> dict[str, dict[str, Any]]:
    now = int(time.time())
    other = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return {
        "RS256": {"algorithm": "RS256"},
        "HS256": {"algorithm": "HS256", "key": "a-secret-of-sufficient-length-for-hmac"},
        "another key": {"key": other},
        "unknown certificate": {"kid": "nobody"},
        "wrong audience": {"aud": "https://1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"},
        "no audience": {"aud": None},
        "wrong client": {"iss": "somebody"},
        "expired": {"iat": now - 600, "exp": now - 300},
        "longer than an hour": {"iat": now, "exp": now + HOUR + 1},
        "from the future": {"iat": now + 600, "exp": now + 900},
        "no expiry": {"exp": None},
    }


@pytest.mark.parametrize("case", wrong_assertions())
def test_a_wrong_assertion_is_an_invalid_grant(netsuite: Account, case: str) -> None:
    answer = ask(netsuite, **wrong_assertions()[case])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_jti_counts_once(netsuite: Account) -> None:
    text = assertion(netsuite.credentials, jti=str(uuid.uuid4()))
    assert ask_token(netsuite.client, netsuite.credentials, text).status_code == 200
    assert ask_token(netsuite.client, netsuite.credentials, text).json()["error"] == "invalid_grant"


def test_grant_type_scope_and_assertion_type_are_checked(netsuite: Account) -> None:
    text = assertion(netsuite.credentials)
    wrong = ask_token(netsuite.client, netsuite.credentials, text, grant_type="password")
    assert wrong.json()["error"] == "unsupported_grant_type"
    wrong = ask_token(netsuite.client, netsuite.credentials, text, client_assertion_type="x")
    assert wrong.json()["error"] == "invalid_request"
    assert ask(netsuite, scope=["everything"]).json()["error"] == "invalid_scope"


@pytest.mark.parametrize(("curve", "algorithm"), [(ec.SECP256R1(), "ES256"), (ec.SECP521R1(), "ES512")])
def test_an_uploaded_ec_certificate_works_with_its_algorithm_only(
    netsuite: Account, curve: ec.EllipticCurve, algorithm: str
) -> None:
    key = ec.generate_private_key(curve)
    answer = netsuite.sim("POST", "certificates", {"certificate": certificate_for(key)})
    kid = answer.json()["certificate_id"]
    assert ask(netsuite, key=key, algorithm=algorithm, kid=kid).status_code == 200
    assert ask(netsuite, algorithm="PS256", kid=kid).json()["error"] == "invalid_grant"
    netsuite.sim("DELETE", f"certificates/{kid}")
    assert ask(netsuite, key=key, algorithm=algorithm, kid=kid).json()["error"] == "invalid_grant"


def test_weak_and_long_lived_certificates_are_refused(netsuite: Account) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    answer = netsuite.sim("POST", "certificates", {"certificate": certificate_for(weak)})
    assert answer.status_code == 400 and "2048" in answer.json()["error"]
    strong = ec.generate_private_key(ec.SECP384R1())
    long_lived = certificate_for(strong, days=800)
    assert netsuite.sim("POST", "certificates", {"certificate": long_lived}).status_code == 400


def test_a_certificate_past_its_end_is_refused(netsuite: Account) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    kid = netsuite.sim("POST", "certificates", {"certificate": certificate_for(key, days=-1)}).json()["certificate_id"]
    assert ask(netsuite, key=key, algorithm="ES256", kid=kid).json()["error"] == "invalid_grant"


def test_a_token_dies_after_3600_seconds(netsuite: Account) -> None:
    assert netsuite.record("GET", "customer").status_code == 200
    netsuite.sim("POST", "clock", {"advance_s": 3601})
    try:
        answer = netsuite.record("GET", "customer")
        assert (answer.status_code, detail(answer)["o:errorCode"]) == (401, "INVALID_LOGIN")
    finally:
        netsuite.sim("POST", "clock", {"advance_s": -3601})


def test_no_token_a_made_up_one_and_a_foreign_one_are_refused(netsuite: Account) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    forged = jwt.encode({"scope": ["rest_webservices"], "exp": time.time() + 60, "generation": 0}, own, "ES256")
    for header in ("", "Bearer x", f"Bearer {forged}", "Basic eDp5"):
        answer = netsuite.record("GET", "customer", headers={"Authorization": header})
        assert (answer.status_code, detail(answer)["o:errorCode"]) == (401, "INVALID_LOGIN")


def test_a_token_reaches_what_its_scope_names(netsuite: Account) -> None:
    token = ask(netsuite, scope=["restlets"]).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert netsuite.record("GET", "customer", headers=headers).status_code == 403
    restlet = netsuite.client.get("/app/site/hosting/restlet.nl", params={"script": 1, "deploy": 1}, headers=headers)
    assert restlet.status_code == 200


def enc(text: str) -> str:
    return quote(text, safe="-._~")


def tba(netsuite: Account, method: str, url: str, query: dict[str, str], **changed: str) -> str:
    """An Authorization header by the notes' recipe, written apart from the simulator's."""
    keys = netsuite.credentials
    oauth = {
        "oauth_consumer_key": keys["consumer_key"],
        "oauth_token": keys["token_id"],
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(time.time())),
        "oauth_nonce": uuid.uuid4().hex,
        "oauth_version": "1.0",
    } | {name: value for name, value in changed.items() if name.startswith("oauth_")}
    pairs = "&".join(sorted(f"{enc(k)}={enc(v)}" for k, v in {**oauth, **query}.items()))
    text = "&".join((method, enc(url), enc(pairs)))
    key = f"{enc(keys['consumer_secret'])}&{enc(changed.get('secret', keys['token_secret']))}"
    signed = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
    realm = changed.get("realm", keys["account"])
    whole = {"realm": realm, **oauth, "oauth_signature": signed}
    return "OAuth " + ", ".join(f'{name}="{enc(value)}"' for name, value in whole.items())


def tba_call(netsuite: Account, **changed: str) -> httpx.Response:
    path, query = "/services/rest/record/v1/customer", {"limit": "5", "q": 'email IS "a b@c.example"'}
    header = tba(netsuite, "GET", netsuite.base_url + path, changed_query(query, changed), **changed)
    return netsuite.client.get(path, params=query, headers={"Authorization": header})


def changed_query(query: dict[str, str], changed: dict[str, str]) -> dict[str, str]:
    return {**query, **({"limit": changed["limit"]} if "limit" in changed else {})}


def test_token_based_authentication_signs_the_query_too(netsuite: Account) -> None:
    assert tba_call(netsuite).status_code == 200
    assert tba_call(netsuite, limit="6").status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "wrong"},
        {"realm": "OTHER"},
        {"oauth_consumer_key": "nobody"},
        {"oauth_token": "nobody"},
        {"oauth_nonce": "abc"},
        {"oauth_timestamp": "1700000000"},
        {"oauth_signature_method": "HMAC-SHA1"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_wrong_part_of_a_tba_header_is_refused(netsuite: Account, changed: dict[str, str]) -> None:
    answer = tba_call(netsuite, **changed)
    assert (answer.status_code, detail(answer)["o:errorCode"]) == (401, "INVALID_LOGIN")


def test_a_nonce_counts_once(netsuite: Account) -> None:
    nonce = uuid.uuid4().hex
    assert tba_call(netsuite, oauth_nonce=nonce).status_code == 200
    assert tba_call(netsuite, oauth_nonce=nonce).status_code == 401


def test_a_signature_over_the_public_host_is_taken_on_loopback(netsuite: Account) -> None:
    host = f"https://{netsuite.credentials['account'].lower()}.suitetalk.api.netsuite.com"
    path = "/services/rest/system/v1/serverTime"
    header = tba(netsuite, "GET", host + path, {})
    assert netsuite.client.get(path, headers={"Authorization": header}).status_code == 200


def test_the_ready_file_holds_working_credentials_of_both_kinds(netsuite: Account) -> None:
    names = {"account", "client_id", "certificate_id", "private_key", "token_url"}
    names |= {"consumer_key", "consumer_secret", "token_id", "token_secret"}
    assert names <= set(netsuite.credentials)
    key = serialization.load_pem_private_key(netsuite.credentials["private_key"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey) and key.key_size == 3072
