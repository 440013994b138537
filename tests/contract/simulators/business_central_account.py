"""A caller that talks to the Business Central simulator as an integration would."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.simulator import Controlled

Body = dict[str, Any]
NO_ID = "00000000-0000-0000-0000-000000000000"


def ask_token(client: httpx.Client, credentials: Body, **form: str) -> httpx.Response:
    names = ("client_id", "client_secret", "scope")
    whole = {"grant_type": "client_credentials"} | {name: credentials[name] for name in names}
    return client.post(credentials["token_url"], data=whole | form)


class Tenant(Controlled):
    """Calls under `companies(<DE>)` with a token unless told otherwise; control calls under /_sim."""

    def __init__(self, told: Body) -> None:
        super().__init__(told)
        self.api: str = self.credentials["api_url"]
        self.companies: dict[str, str] = self.credentials["companies"]
        self.company = self.companies["DE"]

    def log_in(self) -> Tenant:
        answer = ask_token(self.client, self.credentials)
        assert answer.status_code == 200, answer.text
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return self

    def url(self, path: str) -> str:
        return f"{self.api}/companies({self.company})/{path}"

    def call(self, method: str, path: str, body: Any = None, **kw: Any) -> httpx.Response:
        if body is not None:
            kw["content"] = body if isinstance(body, bytes) else json.dumps(body)
            kw["headers"] = {"Content-Type": "application/json"} | kw.get("headers", {})
        return self.client.request(method, path if path.startswith("http") else self.url(path), **kw)

    def make(self, path: str, body: Body, **kw: Any) -> Body:
        answer = self.call("POST", path, body, **kw)
        assert answer.status_code == 201, answer.text
        made: Body = answer.json()
        return made

    def change(self, path: str, body: Body, etag: str = "*") -> Body:
        answer = self.call("PATCH", path, body, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text
        changed: Body = answer.json()
        return changed

    def read(self, path: str, **params: Any) -> Body:
        answer = self.call("GET", path, params={f"${name}": value for name, value in params.items()} or None)
        assert answer.status_code == 200, answer.text
        body: Body = answer.json()
        return body

    def list(self, path: str, **params: Any) -> list[Body]:
        found: list[Body] = self.read(path, **params)["value"]
        return found

    def act(self, path: str, action: str) -> httpx.Response:
        return self.call("POST", f"{path}/Microsoft.NAV.{action}")

    def post(self, path: str, action: str = "post") -> None:
        answer = self.act(path, action)
        assert (answer.status_code, answer.content) == (204, b""), answer.text

    # What most tests need first

    def customer(self, number: str = "C-1", **fields: Any) -> Body:
        return self.make("customers", {"number": number, "displayName": f"Company {number}", **fields})

    def draft(self, reference: str = "R-1", *lines: Body, **fields: Any) -> Body:
        whole = [line(**one) for one in lines or ({"quantity": 10, "unitPrice": 150},)]
        body = {"externalDocumentNumber": reference, "customerNumber": "C-1", "invoiceDate": "2026-10-31"}
        return self.make("salesInvoices", body | {"postingDate": "2026-10-31", "salesInvoiceLines": whole} | fields)

    def posted(self, reference: str = "R-1", *lines: Body, **fields: Any) -> Body:
        made = self.draft(reference, *lines, **fields)
        self.post(f"salesInvoices({made['id']})")
        return self.read(f"salesInvoices({made['id']})")

    def lines(self, invoice: Body) -> list[Body]:
        return self.list(f"salesInvoices({invoice['id']})/salesInvoiceLines")

    def dimension_value(self, code: str, dimension: str = "PROJECT") -> None:
        dimensions = {row["code"]: row["id"] for row in self.list("dimensions")}
        body = {"code": code, "displayName": f"Project {code}", "dimensionId": dimensions[dimension]}
        made = self.sim("POST", "records", {"company": self.company, "set": "dimensionValues", "body": body})
        assert made.status_code == 201, made.text


def line(**fields: Any) -> Body:
    return {"lineType": "Account", "lineObjectNumber": "40100", **fields}


def error(answer: httpx.Response) -> tuple[int, str, str]:
    """(status, code, text without its correlation id)."""
    found = answer.json()["error"]
    return answer.status_code, found["code"], found["message"].partition("  CorrelationId:")[0]
