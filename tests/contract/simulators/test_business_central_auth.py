"""Tokens as Microsoft Entra ID gives and refuses them, and what the API makes of them (notes, A1)."""

from __future__ import annotations

import jwt
import pytest

from tests.contract.simulators.business_central_account import Tenant, ask_token, error

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


def test_a_token_is_for_the_api_and_lives_an_hour(tenant: Tenant) -> None:
    granted = ask_token(tenant.client, tenant.credentials).json()
    assert (granted["token_type"], granted["expires_in"], granted["ext_expires_in"]) == ("Bearer", 3599, 3599)
    claims = jwt.decode(granted["access_token"], options={"verify_signature": False})
    assert claims["aud"] == "https://api.businesscentral.dynamics.com" and claims["roles"] == ["API.ReadWrite.All"]
    tenant.sim("POST", "clock", {"advance_s": 3600})
    assert error(tenant.call("GET", "customers"))[:2] == (401, "Authentication_InvalidCredentials")
    assert tenant.log_in().call("GET", "customers").status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "code", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_id": "nobody"}, 400, "unauthorized_client", 700016),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope", 1002012),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
def test_what_entra_refuses_has_its_own_body(
    tenant: Tenant, form: dict[str, str], status: int, code: str, number: int
) -> None:
    answer = ask_token(tenant.client, tenant.credentials, **form)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, code, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ") and body["trace_id"] and body["correlation_id"]


def test_another_tenant_is_not_known(tenant: Tenant) -> None:
    elsewhere = tenant.credentials | {"token_url": f"{tenant.base_url}/contoso.example/oauth2/v2.0/token"}
    assert ask_token(tenant.client, elsewhere).json()["error_codes"] == [90002]


def test_a_secret_can_be_rotated_revoked_and_run_out(tenant: Tenant) -> None:
    second = tenant.sim("POST", "secrets").json()["client_secret"]
    assert ask_token(tenant.client, tenant.credentials, client_secret=second).status_code == 200
    assert tenant.sim("DELETE", f"secrets/{second}").status_code == 200
    assert ask_token(tenant.client, tenant.credentials, client_secret=second).status_code == 401
    old = tenant.sim("POST", "secrets", {"expires": "2026-01-01T00:00:00+00:00"}).json()["client_secret"]
    assert ask_token(tenant.client, tenant.credentials, client_secret=old).json()["error_codes"] == [7000222]


def test_a_forged_or_missing_token_is_refused(tenant: Tenant) -> None:
    claims = {"aud": "https://api.businesscentral.dynamics.com", "exp": 9_999_999_999, "generation": 1}
    for header in ("", "Basic abc", "Bearer nonsense", f"Bearer {jwt.encode(claims, 'guess' * 8, 'HS256')}"):
        answer = tenant.call("GET", "customers", headers={"Authorization": header})
        assert error(answer)[:2] == (401, "Authentication_InvalidCredentials")


def test_an_app_that_business_central_does_not_list_is_refused_with_a_valid_token(tenant: Tenant) -> None:
    tenant.sim("POST", "application", {"registered": False})
    tenant.log_in()
    assert error(tenant.call("GET", "customers"))[:2] == (401, "Authentication_InvalidCredentials")


def test_a_permission_set_without_write_is_forbidden_to_write(tenant: Tenant) -> None:
    tenant.sim("POST", "application", {"permissions": ["read"]})
    assert tenant.call("GET", "customers").status_code == 200
    answer = tenant.call("POST", "customers", {"displayName": "X"})
    assert answer.status_code == 403 and error(answer)[1].startswith("Authorization_")


def test_all_tokens_die_on_demand_and_one_call_is_enough_to_notice(tenant: Tenant) -> None:
    tenant.plant("expire_token")
    assert tenant.call("GET", "customers").status_code == 401
    assert tenant.call("GET", "customers").status_code == 401
    assert tenant.log_in().call("GET", "customers").status_code == 200


def test_the_address_may_leave_out_the_tenant_but_not_name_another(tenant: Tenant) -> None:
    short = f"{tenant.base_url}/v2.0/sandbox/api/v2.0/companies"
    assert len(tenant.call("GET", short).json()["value"]) == 3
    wrong = tenant.api.replace(tenant.credentials["tenant_id"], "11111111-1111-1111-1111-111111111111")
    assert tenant.call("GET", f"{wrong}/companies").status_code == 401
    assert error(tenant.call("GET", f"{tenant.base_url}/v2.0/production/api/v2.0/companies"))[:2] == (
        404,
        "NoEnvironment",
    )
