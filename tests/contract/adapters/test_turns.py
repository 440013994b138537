"""One at a time at a subject: fakes, moto and the embedded AWS keep the same promises."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.adapters.correlation import cut_off_at
from shared.faults import Throttled

SUBJECT = "kantata-reference project-1"


def test_while_one_has_the_turn_nobody_else_gets_it(ports: Any) -> None:
    ticket = ports.turns.take(SUBJECT)
    with pytest.raises(Throttled) as caught:
        ports.turns.take(SUBJECT)
    assert (caught.value.code, caught.value.retry_after_s) == ("subject_busy", 2)
    ports.turns.take("kantata-reference project-2")
    ports.turns.give_back(SUBJECT, ticket)
    ports.turns.take(SUBJECT)


def test_a_turn_that_nobody_gave_back_ends_by_itself(ports: Any) -> None:
    dead = ports.turns.take(SUBJECT)
    ports.clock.pass_(minutes=16)
    living = ports.turns.take(SUBJECT)
    ports.turns.give_back(SUBJECT, dead)
    with pytest.raises(Throttled):
        ports.turns.take(SUBJECT)
    ports.turns.give_back(SUBJECT, living)
    ports.turns.take(SUBJECT)


def test_a_turn_ends_when_the_invocation_would_have_been_cut_off(aws: Any) -> None:
    bound = cut_off_at.set(time.monotonic() + 10)
    aws.turns.take(SUBJECT)
    cut_off_at.reset(bound)
    aws.clock.pass_(seconds=10)
    with pytest.raises(Throttled) as caught:
        aws.turns.take(SUBJECT)
    assert caught.value.retry_after_s == 1
    aws.clock.pass_(seconds=3)
    aws.turns.take(SUBJECT)


def test_of_many_at_the_very_same_time_one_gets_the_turn(embedded: Any) -> None:
    def got(_: int) -> bool:
        try:
            return bool(embedded.turns.take(SUBJECT))
        except Throttled:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(got, range(24))) == 1


class Repeating:
    """AWS's client, whose first answer to a write gets lost, so that it sends it once more."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def twice(**request: Any) -> Any:
            if name == "update_item":
                call(**request)
            return call(**request)

        return twice


def test_a_write_that_was_sent_twice_takes_the_turn(aws: Any) -> None:
    ticket = aws.turns.take("another")
    aws.turns.give_back("another", ticket)
    table = aws.turns._table
    table._client = Repeating(table._client)
    ticket = aws.turns.take(SUBJECT)
    aws.turns.give_back(SUBJECT, ticket)
    aws.turns.take(SUBJECT)
