"""How the firm's people reach their systems: the vendors' own APIs, with their own credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

TIMEOUT_S = 30.0


class Refused(Exception):
    """A system said no to a person: who asked what, and its words."""


class VendorCalls:
    """Calls under one person's token. Raises Refused for anything but a success."""

    def __init__(self, base_url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_S, trust_env=False
        )

    def call(self, method: str, path: str, **request: Any) -> Any:
        answer = self._http.request(method, path, **request)
        if answer.status_code >= 300:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
        return answer.json() if answer.content else None

    def get(self, path: str, **params: Any) -> Any:
        return self.call("GET", path, params=params)

    def post(self, path: str, body: Any) -> Any:
        return self.call("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self.call("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        return self.call("PATCH", path, json=body)


def client_credentials(login_url: str, path: str, told: Mapping[str, Any]) -> tuple[str, str]:
    """(access token, instance url) of an OAuth client-credentials login."""
    form = {"grant_type": "client_credentials", "client_id": told["client_id"], "client_secret": told["client_secret"]}
    answer = httpx.post(f"{login_url}{path}", data=form, timeout=TIMEOUT_S, trust_env=False)
    if answer.status_code != 200:
        raise Refused(f"POST {path}: {answer.status_code} {answer.text[:400]}")
    granted = answer.json()
    return granted["access_token"], granted.get("instance_url", login_url)


class Control:
    """A simulator's control API: what administrators set up and what goes wrong, never what people work with."""

    def __init__(self, control_url: str) -> None:
        self._http = httpx.Client(base_url=control_url, timeout=TIMEOUT_S, trust_env=False)

    def post(self, path: str, body: Any) -> Any:
        return self._call("POST", path, json=body)

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def _call(self, method: str, path: str, **content: Any) -> Any:
        answer = self._http.request(method, path, **content)
        if answer.status_code >= 300:
            raise Refused(f"{path}: {answer.status_code} {answer.text[:400]}")
        return answer.json()

    def records(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/state/{kind}")["records"]
        return found
