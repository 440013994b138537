"""Tokens: used while they live, asked for once however many need one."""

from __future__ import annotations

import threading

import pytest

from shared.adapters.vendor_token import Grant, GrantedTokens
from shared.faults import Transient


class Endpoint:
    def __init__(self, lifetime_s: float | None) -> None:
        self.lifetime_s, self.asked = lifetime_s, 0

    def __call__(self) -> Grant:
        self.asked += 1
        return Grant(f"token-{self.asked}", self.lifetime_s)


def test_a_token_is_used_until_a_minute_before_its_end() -> None:
    endpoint, now = Endpoint(600), 0.0
    tokens = GrantedTokens(endpoint, elapsed=lambda: now)
    assert tokens.token() == "token-1"
    now = 539.0
    assert tokens.token() == "token-1"
    now = 540.0
    assert tokens.token() == "token-2"


def test_a_short_token_is_used_for_half_its_life() -> None:
    endpoint, now = Endpoint(20), 0.0
    tokens = GrantedTokens(endpoint, elapsed=lambda: now)
    tokens.token()
    now = 9.0
    assert tokens.token() == "token-1"
    now = 10.0
    assert tokens.token() == "token-2"


def test_a_token_without_an_end_is_used_until_refused() -> None:
    endpoint, now = Endpoint(None), 0.0
    tokens = GrantedTokens(endpoint, elapsed=lambda: now)
    tokens.token()
    now = 1e9
    assert tokens.token() == "token-1"


def test_threads_that_saw_the_same_refusal_ask_once() -> None:
    endpoint = Endpoint(None)
    tokens = GrantedTokens(endpoint)
    refused = tokens.token()
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.renewed(refused))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (set(got), endpoint.asked) == ({"token-2"}, 2)


def test_after_a_failed_request_the_next_call_asks_again() -> None:
    answers: list[Grant | Transient] = [Transient("vendor_unreachable"), Grant("token")]

    def ask() -> Grant:
        answer = answers.pop(0)
        if isinstance(answer, Transient):
            raise answer
        return answer

    tokens = GrantedTokens(ask)
    with pytest.raises(Transient):
        tokens.token()
    assert tokens.token() == "token"
