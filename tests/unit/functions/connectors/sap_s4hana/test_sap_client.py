"""The session of the tenant's client: its token and cookies, lost and fetched again; batches whose parts fail."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from functions.connectors.sap_s4hana.client import JOURNAL, PARTNERS, SapS4
from functions.connectors.sap_s4hana.settings import SapS4HanaSettings
from functions.connectors.sap_s4hana.wiring import open_account
from shared.adapters.connection import Connection
from shared.faults import BusinessException, Poison, Throttled, Transient
from tests.fakes.slots import FakeSlots

SETTINGS = SapS4HanaSettings.model_validate({"organizations": {}, "materials": {}})
Answer = Callable[[httpx.Request], httpx.Response]


class Tenant:
    """Gives token `t1`, `t2` ... with the cookie of the same number; takes those that are in `alive`."""

    def __init__(self, answer: Answer) -> None:
        self.fetched, self.alive, self.writes = 0, {"t1", "t2"}, 0
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        token = request.headers.get("x-csrf-token", "")
        if token.lower() == "fetch":
            self.fetched += 1
            headers = [("x-csrf-token", f"t{self.fetched}"), ("set-cookie", f"SESSION=s{self.fetched}; path=/")]
            return httpx.Response(200, headers=headers)
        if request.method != "GET":
            self.writes += 1
            if token not in self.alive or f"SESSION=s{token[1:]}" not in request.headers.get("cookie", ""):
                return httpx.Response(403, headers={"x-csrf-token": "Required"})
        return self._answer(request)


def opened(tenant: Tenant) -> SapS4:
    connection = Connection("https://my1-api.s4hana.cloud.sap", {"user": "U", "password": "secret"})
    return open_account(connection, FakeSlots(4), SETTINGS, httpx.MockTransport(tenant))


def made(request: httpx.Request) -> httpx.Response:
    return httpx.Response(201, json={"d": {"BusinessPartner": "1"}})


def make(account: SapS4) -> dict[str, object]:
    return account.create(PARTNERS, "A_BusinessPartner", {}, lane="reference")


def test_a_token_is_fetched_once_with_its_cookies() -> None:
    tenant = Tenant(made)
    account = opened(tenant)
    assert [make(account) for _ in range(3)] == [{"BusinessPartner": "1"}] * 3
    assert (tenant.fetched, tenant.writes) == (1, 3)


def test_a_session_that_ended_is_opened_again_and_the_call_repeated_once() -> None:
    tenant = Tenant(made)
    account = opened(tenant)
    make(account)
    tenant.alive = {"t2"}
    make(account)
    assert (tenant.fetched, tenant.writes) == (2, 3)


def test_a_tenant_that_refuses_every_token_is_not_asked_on_and_on() -> None:
    tenant = Tenant(made)
    tenant.alive = set()
    with pytest.raises(Transient) as refused:
        make(opened(tenant))
    assert (refused.value.code, tenant.fetched, tenant.writes) == ("erp_session_ended", 2, 2)


def test_a_tenant_that_gives_no_token_is_no_success() -> None:
    account = opened(Tenant(made))
    bare = open_account(
        Connection("https://my1-api.s4hana.cloud.sap", {"user": "U", "password": "secret"}),
        FakeSlots(4),
        SETTINGS,
        httpx.MockTransport(lambda request: httpx.Response(200)),
    )
    assert make(account)
    with pytest.raises(Transient):
        make(bare)


@pytest.mark.parametrize("body", ["", "{", "[]", '{"d": []}', "<html></html>"])
def test_a_success_that_cannot_be_read_is_an_unknown_outcome(body: str) -> None:
    account = opened(Tenant(lambda request: httpx.Response(201, text=body)))
    with pytest.raises(Transient) as unknown:
        make(account)
    assert unknown.value.code == "unknown_outcome"


def test_a_list_that_is_none_is_poison() -> None:
    account = opened(Tenant(lambda request: httpx.Response(200, json={"d": {"BusinessPartner": "1"}})))
    with pytest.raises(Poison):
        account.rows(PARTNERS, "A_BusinessPartner", lane="poll")


def batch_of(*parts: str) -> Answer:
    text = "".join(f"--B1\r\ncontent-type: application/http\r\n\r\n{part}\r\n" for part in parts) + "--B1--\r\n"
    return lambda request: httpx.Response(202, text=text, headers={"content-type": "multipart/mixed; boundary=B1"})


def part(status: int, body: str, *headers: str) -> str:
    lines = [f"HTTP/1.1 {status} Said", "content-type: application/json", *headers]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def test_a_batch_answers_its_questions_in_order() -> None:
    account = opened(Tenant(batch_of(part(200, '{"d":{"results":[{"A":"1.10"}]}}'), part(200, '{"d":{"results":[]}}'))))
    assert account.batch(JOURNAL, ["Items?$top=1", "Items?$top=2"], lane="poll") == [[{"A": "1.10"}], []]


@pytest.mark.parametrize(
    ("failed", "kind", "code"),
    [
        (part(500, "<html></html>"), Transient, "erp_unexpected_error"),
        (part(429, "", "retry-after: 9"), Throttled, "erp_busy"),
        (part(403, "{}"), BusinessException, "erp_permission_missing"),
        (part(200, "{"), Poison, "erp_rows_unreadable"),
        ("no answer at all", Poison, "erp_rows_unreadable"),
    ],
)
def test_a_batch_of_202_whose_part_failed_is_that_failure(failed: str, kind: type[Exception], code: str) -> None:
    account = opened(Tenant(batch_of(part(200, '{"d":{"results":[]}}'), failed)))
    with pytest.raises(kind) as fault:
        account.batch(JOURNAL, ["Items?$top=1", "Items?$top=2"], lane="poll")
    assert fault.value.code == code  # type: ignore[attr-defined]


def test_a_batch_that_lost_a_part_is_not_taken_for_an_empty_one() -> None:
    account = opened(Tenant(batch_of(part(200, '{"d":{"results":[]}}'))))
    with pytest.raises(Poison):
        account.batch(JOURNAL, ["Items?$top=1", "Items?$top=2"], lane="poll")


def test_nothing_secret_is_shown() -> None:
    account = opened(Tenant(made))
    assert "secret" not in repr(account) and "secret" not in repr(vars(account))
