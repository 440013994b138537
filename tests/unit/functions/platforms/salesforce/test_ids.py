"""One record has one id, however it is spelt."""

from __future__ import annotations

import pytest

from functions.platforms.salesforce.ids import record_id
from shared.faults import Poison


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("006Ab00000XyZaQ", "006Ab00000XyZaQIAV"),
        ("001000000000001", "001000000000001AAA"),
        ("00DABCDEFGHIJKL", "00DABCDEFGHIJKL255"),
    ],
)
def test_fifteen_and_eighteen_characters_are_the_same_id(short: str, long: str) -> None:
    assert record_id(short) == long == record_id(long)


def test_a_suffix_in_another_case_is_the_same_id() -> None:
    assert record_id("006Ab00000XyZaQiav") == "006Ab00000XyZaQIAV"


@pytest.mark.parametrize("text", ["", "006", "006Ab00000XyZa!", "006Ab00000XyZaQ1", "００６Ab00000XyZaQ", "001*"])
def test_what_is_no_id_is_poison(text: str) -> None:
    with pytest.raises(Poison, match="record_id_unreadable"):
        record_id(text)
