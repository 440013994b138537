"""Holds of ours: the newest word counts, each word is in the audit log, nothing is left standing."""

from __future__ import annotations

from typing import Any

from shared.domain.hold import Hold, HoldLevel
from shared.usecases.place_hold import hold_change
from shared.usecases.verify_chain import verify_chain
from tests.fakes.flow import NOON
from tests.fakes.records import some_event


def tell(ports: Any, held: bool, subject: str = "p-1", level: HoldLevel = HoldLevel.PROJECT) -> Hold | None:
    change = hold_change(level, subject, "US", held=held, reason="dispute", by="Dana", at=NOON)
    told: Hold | None = ports.holds.tell(level, subject, change)
    return told


def test_a_hold_stands_until_it_is_released(ports: Any) -> None:
    placed = tell(ports, True)
    assert placed is not None and (placed.held, placed.version) == (True, 1)
    assert ports.holds.standing([(HoldLevel.PROJECT, "p-1")]) == (placed,)
    assert list(ports.holds.all()) == [placed]
    tell(ports, False)
    assert ports.holds.standing([(HoldLevel.PROJECT, "p-1")]) == ()
    assert list(ports.holds.all()) == []


def test_holding_twice_is_one_hold_and_one_release_lets_go(ports: Any) -> None:
    assert tell(ports, True) == tell(ports, True)
    tell(ports, False)
    assert ports.holds.standing([(HoldLevel.PROJECT, "p-1")]) == ()
    assert [entry.act.what for entry in ports.audit_log.of_legal_entity("US")] == ["hold.placed", "hold.released"]


def test_releasing_what_nobody_held_writes_nothing(ports: Any) -> None:
    assert tell(ports, False) is None
    assert ports.audit_log.head("US") == (0, "")


def test_levels_are_told_apart(ports: Any) -> None:
    tell(ports, True, "x", HoldLevel.CUSTOMER)
    tell(ports, True, "x", HoldLevel.CONTRACT)
    subjects = [(HoldLevel.CUSTOMER, "x"), (HoldLevel.PROJECT, "x"), (HoldLevel.CUSTOMER, "x")]
    assert [hold.level for hold in ports.holds.standing(subjects)] == [HoldLevel.CUSTOMER]
    assert [hold.level for hold in ports.holds.all()] == [HoldLevel.CONTRACT, HoldLevel.CUSTOMER]


def test_a_hundred_times_held_and_released_leaves_nothing_standing(ports: Any) -> None:
    for _ in range(100):
        tell(ports, True)
        tell(ports, False)
    assert list(ports.holds.all()) == []
    last = ports.holds.find(HoldLevel.PROJECT, "p-1")
    assert (last.version, last.held) == (200, False)
    length, head = ports.audit_log.head("US")
    assert length == 200
    assert verify_chain(ports.audit_log.of_legal_entity("US"), length=length, head=head) is None


def test_two_words_at_once_are_one_after_the_other(aws: Any) -> None:
    seen: list[int] = []
    inner = hold_change(HoldLevel.PROJECT, "p-1", "US", held=True, reason="mine", by="Ada", at=NOON)

    def slower(before: Hold | None) -> Any:
        if not seen:
            tell(aws, True)
            tell(aws, False)
        seen.append(before.version if before else 0)
        return inner(before)

    placed = aws.holds.tell(HoldLevel.PROJECT, "p-1", slower)
    assert (seen, placed.version, placed.by) == ([0, 2], 3, "Ada")


def test_a_hold_and_its_event_commit_together_and_a_repeat_announces_nothing(ports: Any) -> None:
    change = hold_change(HoldLevel.PROJECT, "p-1", "US", held=True, reason="dispute", by="Dana", at=NOON)
    for _ in range(2):
        ports.holds.tell(HoldLevel.PROJECT, "p-1", change, events=lambda hold: [some_event(f"hold-{hold.version}")])
    assert [event.id for event in ports.event_log.of_subject(some_event("hold-1").subject)] == ["hold-1"]
