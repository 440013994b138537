"""The vendor HTTP base: what each failure of a connection, a token or an answer becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import httpx
import pytest

from shared.adapters.correlation import correlation
from shared.adapters.vendor_http import VendorHttp
from shared.adapters.vendor_token import FixedToken, Grant, GrantedTokens
from shared.faults import BusinessException, Fault, Poison, Throttled, Transient

BASE = "https://vendor.example"


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    if status == 429:
        return Throttled("vendor_busy", int(headers["retry-after"]))
    return Transient("vendor_down") if status >= 500 else BusinessException("vendor_refused", status=str(status))


def vendor(answer: Callable[[httpx.Request], httpx.Response], **options: object) -> VendorHttp:
    return VendorHttp("acme", BASE, fault_of, transport=httpx.MockTransport(answer), **options)  # type: ignore[arg-type]


def breaking(error: type[httpx.HTTPError]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("cut", request=request)  # type: ignore[call-arg]

    return answer


def test_amounts_in_an_answer_are_exact_decimals() -> None:
    http = vendor(lambda _: httpx.Response(200, content=b'{"total": 0.10, "n": 3}'))
    assert http.get("/x").json() == {"total": Decimal("0.10"), "n": 3}


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a": NaN}', b"[" * 100_000])
def test_an_answer_that_is_no_json_is_poison(body: bytes) -> None:
    http = vendor(lambda _: httpx.Response(200, content=body))
    with pytest.raises(Poison) as caught:
        http.get("/x").json()
    assert caught.value.code == "vendor_answer_unreadable"


def test_a_refusal_is_the_fault_of_the_table_and_says_who_refused_what() -> None:
    http = vendor(lambda _: httpx.Response(422, content=b"{}"))
    with pytest.raises(BusinessException) as caught:
        http.post("/things?name=secret", content=b"{}")
    assert caught.value.facts == {"status": "422", "system": "acme", "call": "POST /things"}


def test_throttling_keeps_the_vendors_own_wait() -> None:
    http = vendor(lambda _: httpx.Response(429, headers={"Retry-After": "17"}))
    with pytest.raises(Throttled) as caught:
        http.put("/x", content=b"{}")
    assert caught.value.retry_after_s == 17


def test_a_redirect_is_no_success_and_is_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "https://elsewhere.example"})

    with pytest.raises(BusinessException):
        vendor(answer).get("/x")
    assert asked == [f"{BASE}/x"]


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.WriteTimeout, httpx.RemoteProtocolError, httpx.ReadError])
def test_a_write_without_an_answer_has_an_unknown_outcome(error: type[httpx.HTTPError]) -> None:
    with pytest.raises(Transient) as caught:
        vendor(breaking(error)).post("/x", content=b"{}")
    assert caught.value.code == "unknown_outcome"


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_a_write_that_never_left_has_a_known_outcome(error: type[httpx.HTTPError]) -> None:
    with pytest.raises(Transient) as caught:
        vendor(breaking(error)).post("/x", content=b"{}")
    assert caught.value.code == "vendor_unreachable"


def test_a_read_without_an_answer_is_only_unreachable() -> None:
    with pytest.raises(Transient) as caught:
        vendor(breaking(httpx.ReadTimeout)).post("/query", content=b"{}", reads=True)
    assert caught.value.code == "vendor_unreachable"


def test_a_server_error_on_a_write_has_an_unknown_outcome_and_on_a_read_has_not() -> None:
    http = vendor(lambda _: httpx.Response(503))
    with pytest.raises(Transient) as write:
        http.put("/x", content=b"{}")
    with pytest.raises(Transient) as read:
        http.get("/x")
    assert (write.value.code, write.value.facts["cause"]) == ("unknown_outcome", "vendor_down")
    assert read.value.code == "vendor_down"


def test_an_oversized_answer_is_given_up_while_it_comes() -> None:
    read = 0

    def body():  # type: ignore[no-untyped-def]
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"x" * 100

    with pytest.raises(Poison) as caught:
        vendor(lambda _: httpx.Response(200, content=body()), limit_bytes=1000).get("/x")
    assert caught.value.code == "vendor_answer_too_large"
    assert read <= 12


def test_a_refused_token_is_renewed_once_and_the_request_sent_again() -> None:
    grants = iter(["old", "new"])
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200 if seen[-1] == "Bearer new" else 401, json={})

    http = vendor(answer, tokens=GrantedTokens(lambda: Grant(next(grants), 3600)))
    assert http.post("/x", content=b"{}").status == 200
    assert http.get("/x").status == 200
    assert seen == ["Bearer old", "Bearer new", "Bearer new"]


def test_a_token_refused_twice_is_the_vendors_refusal() -> None:
    asked = 0

    def grant() -> Grant:
        nonlocal asked
        asked += 1
        return Grant(f"token-{asked}")

    with pytest.raises(BusinessException) as caught:
        vendor(lambda _: httpx.Response(401), tokens=GrantedTokens(grant)).get("/x")
    assert (caught.value.facts["status"], asked) == ("401", 2)


def test_a_fixed_token_that_is_refused_is_not_tried_again() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(401)

    with pytest.raises(BusinessException):
        vendor(answer, tokens=FixedToken("t")).get("/x")
    assert len(seen) == 1


def test_a_token_never_goes_to_another_host() -> None:
    http = vendor(lambda _: httpx.Response(200), tokens=FixedToken("t"))
    with pytest.raises(Poison):
        http.get("https://elsewhere.example/next")
    assert http.get(f"{BASE}/next").status == 200


def test_the_correlation_id_goes_along() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("X-Correlation-Id"))
        return httpx.Response(200)

    bound = correlation.set("contract-1")
    vendor(answer).get("/x")
    correlation.reset(bound)
    vendor(answer).get("/x")
    assert seen == ["contract-1", None]


def test_nothing_secret_is_in_faults_logs_or_reprs(capsys: pytest.CaptureFixture[str]) -> None:
    tokens = GrantedTokens(lambda: Grant("hush-token"))
    http = vendor(breaking(httpx.ReadTimeout), tokens=tokens, headers={"X-Key": "hush-key"})
    with pytest.raises(Transient) as caught:
        http.post("/x?signature=hush-query", content=b"hush-body")
    shown = [repr(http), repr(tokens), repr(Grant("hush")), repr(FixedToken("hush")), str(caught.value)]
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    assert "hush" not in "".join(shown) + "".join(capsys.readouterr())
