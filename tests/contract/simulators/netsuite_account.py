"""A caller that talks to the NetSuite simulator as an integration would."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import jwt

from tests.simulator import Controlled

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Body = dict[str, Any]


def assertion(
    credentials: Body, *, algorithm: str = "PS256", key: Any = None, kid: str | None = None, **claims: Any
) -> str:
    """A client assertion as the notes say; any claim can be replaced, None leaves it out."""
    now = int(time.time())
    body = {
        "iss": credentials["client_id"],
        "scope": ["rest_webservices", "restlets"],
        "aud": credentials["token_url"],
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid.uuid4()),
    }
    body = {name: value for name, value in (body | claims).items() if value is not None}
    signing = key if key is not None else credentials["private_key"]
    return jwt.encode(body, signing, algorithm, headers={"kid": kid or credentials["certificate_id"]})


def ask_token(client: httpx.Client, credentials: Body, text: str, **form: str) -> httpx.Response:
    whole = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": text}
    return client.post(credentials["token_url"], data=whole | form)


class Account(Controlled):
    """REST calls under /services/rest with a token; control calls under /_sim."""

    def log_in(self) -> Account:
        answer = ask_token(self.client, self.credentials, assertion(self.credentials))
        assert answer.status_code == 200, answer.text
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return self

    def call(self, method: str, path: str, body: Any = None, **kw: Any) -> httpx.Response:
        if body is not None:  # not httpx's own JSON: it cannot say everything a hostile caller can
            kw["content"] = json.dumps(body)
            kw["headers"] = {"Content-Type": "application/json"} | kw.get("headers", {})
        return self.client.request(method, f"/services/rest{path}", **kw)

    def record(self, method: str, path: str, body: Any = None, **kw: Any) -> httpx.Response:
        return self.call(method, f"/record/v1/{path}", body, **kw)

    def write(self, method: str, path: str, body: Any = None, **kw: Any) -> str:
        """A write that must succeed; the internal id its Location names."""
        answer = self.record(method, path, body, **kw)
        assert answer.status_code == 204, answer.text
        return answer.headers["Location"].rsplit("/", 1)[1]

    def read(self, path: str, **params: Any) -> Body:
        answer = self.record("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        body: Body = answer.json()
        return body

    def sql(self, query: str, *params: Any, limit: int = 1000, offset: int = 0) -> httpx.Response:
        return self.call(
            "POST",
            "/query/v1/suiteql",
            {"q": query, "params": list(params)},
            headers={"Prefer": "transient"},
            params={"limit": limit, "offset": offset},
        )

    def rows(self, query: str, *params: Any, **page: int) -> list[Body]:
        answer = self.sql(query, *params, **page)
        assert answer.status_code == 200, answer.text
        return [{name: value for name, value in row.items() if name != "links"} for row in answer.json()["items"]]

    # What most tests need first

    def item(self, name: str = "Consulting") -> str:
        return str(self.rows("SELECT id FROM item WHERE itemid = ?", name)[0]["id"])

    def tax_code(self, name: str) -> str:
        return str(self.rows("SELECT id FROM salestaxitem WHERE itemid = ?", name)[0]["id"])

    def customer(self, external_id: str = "CUST-1", subsidiary: str = "1", **fields: Any) -> str:
        body = {"companyName": f"Company {external_id}", "subsidiary": {"id": subsidiary}, **fields}
        return self.write("PUT", f"customer/eid:{external_id}", body)

    def invoice_body(self, *lines: Body, **fields: Any) -> Body:
        items = [{"item": {"id": self.item()}, **line} for line in lines or ({"quantity": 10, "rate": 150},)]
        return {"entity": {"externalId": "CUST-1"}, "tranDate": "2026-10-31", "item": {"items": items}, **fields}

    def invoice(self, external_id: str = "INV-1", *lines: Body, **fields: Any) -> str:
        return self.write("PUT", f"invoice/eid:{external_id}", self.invoice_body(*lines, **fields))


def detail(answer: httpx.Response) -> Body:
    """The first detail of an error answer."""
    found: Body = answer.json()["o:errorDetails"][0]
    return found


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Environment variables for the time of a block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
