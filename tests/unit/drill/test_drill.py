"""The same seed is the same run; faults are found again by their places; what it walks are the real definitions."""

from __future__ import annotations

import json

import pytest

from drill import walker
from drill.__main__ import failure, main
from drill.fate import Fate
from drill.run import Verdict, drilled, played, races
from drill.shrink import shortest


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 8])
def test_whatever_fails_the_end_is_that_of_the_faultless_run(seed: int) -> None:
    verdict = drilled(seed)
    assert verdict.held, verdict.wrong
    assert len(verdict.hits) > 20


@pytest.mark.parametrize("seed", [1, 4])
def test_the_same_seed_is_the_same_run(seed: int) -> None:
    assert drilled(seed) == drilled(seed)


def test_a_fault_is_injected_again_by_its_place_alone() -> None:
    hit = drilled(2).hits[5]
    assert drilled(2, only=frozenset({hit.place})).hits == (hit,)


def test_a_run_without_faults_has_none_and_every_saga_ends() -> None:
    world = played(Fate(3))
    assert world.fate.hits == []
    assert set(world.sagas.states.values()) == {"SUCCEEDED"}
    assert {saga for saga, _ in world.sagas.states} >= {"opportunity_to_project", "time_to_bill", "invoice"}


def test_the_shortest_list_that_still_fails_is_found() -> None:
    asked: list[int] = []

    def fails(some: object) -> bool:
        asked.append(1)
        return {7, 31} <= set(some)  # type: ignore[call-overload]

    assert shortest(list(range(50)), fails) == [7, 31]
    assert len(asked) < 120


def test_a_failing_seed_is_told_with_its_faults_and_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    hits = drilled(1).hits
    guilty = hits[9].place

    def fake(seed: int, *, rate: float, only: frozenset[str]) -> Verdict:
        left = tuple(hit for hit in hits if hit.place in only)
        return Verdict(seed, left, ("lost",) if guilty in only else (), 0)

    monkeypatch.setattr("drill.__main__.drilled", fake)
    told = failure(Verdict(1, hits, ("lost",), 0), 0.03)
    assert told["replay"] == f"billweave drill --seed 1 --only {guilty}"
    assert told["wrong"] == ["lost"] and len(told["faults"]) == 1


def test_the_command_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "1", "--processes", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["held"], told["failures"]) == (1, 1, [])
    assert told["faults"] == sum(told["kinds"].values()) > 20


def test_one_run_in_four_is_a_race() -> None:
    assert [races(seed) for seed in range(1, 9)] == [False, False, False, True] * 2


def walked(walk: walker.Walk, answers: dict[str, list[object]]) -> list[str]:
    """States of an invoice's saga, each part answering in order; the last answer again and again."""
    steps, answer = walk.steps(), None
    try:
        effect = steps.send(None)
        while True:
            part = effect.step if isinstance(effect, walker.Invoke) else type(effect).__name__
            said = answers.get(part, [{}])
            answer = said.pop(0) if len(said) > 1 else said[0]
            effect = steps.throw(answer) if isinstance(answer, walker.TaskFailed) else steps.send(answer)
    except StopIteration:
        return walk.entered


PRICED = {"needs_approval": False, "kind": "invoice", "legal_entity_id": "US", "document_key": "k", "currency": "USD"}


def an_invoice() -> walker.Walk:
    return walker.Walk.of("invoice", "inv-1", {"invoice_id": "inv-1", "correlation_id": "c-1"})


def test_a_transient_fault_is_tried_again_in_the_same_state() -> None:
    answers: dict[str, list[object]] = {"PriceInvoice": [walker.TaskFailed("Transient"), PRICED]}
    states = ["Begin", "PriceInvoice", "ApprovalNeeded", "SubmitInvoice", "PostInvoice", "RecordPosted"]
    assert walked(an_invoice(), answers) == states


def test_a_refusal_is_caught_and_retry_goes_back_to_the_state_that_failed() -> None:
    answers: dict[str, list[object]] = {
        "PriceInvoice": [walker.TaskFailed("BusinessException", "{}"), PRICED],
        "OpenException": [{"action": "retry"}],
    }
    states = ["Begin", "PriceInvoice", "Exception", "Decide", "PriceInvoice", "ApprovalNeeded"]
    assert walked(an_invoice(), answers)[:6] == states


def test_an_answer_that_is_no_yes_cancels_the_invoice() -> None:
    answers: dict[str, list[object]] = {
        "PriceInvoice": [PRICED | {"needs_approval": True, "gross": "1"}],
        "RequestApproval": [{"action": "reject", "by": "Cleo"}],
    }
    entered = walked(an_invoice(), answers)
    assert entered[-3:] == ["ApprovalGiven", "CancelInvoice", "Cancelled"]
