"""The table: which condition failed, what is tried again, when it gives up."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.writes import put, put_new
from shared.faults import Throttled, Transient
from tests.fakes.flow import FakeClock
from tests.unit.shared.adapters.scripted import Scripted, refusal

TWO = (put_new({"pk": "a", "sk": "HEAD"}), put({"pk": "b", "sk": "HEAD"}))


def table(*answers: Any) -> tuple[DynamoTable, Scripted, list[float]]:
    client, slept = Scripted(*answers), list[float]()
    return DynamoTable(client, "fabric", FakeClock(), pause=slept.append), client, slept


def cancelled(*reasons: dict[str, Any]) -> Exception:
    return refusal("TransactionCanceledException", CancellationReasons=list(reasons))


NONE, CONFLICT = {"Code": "None"}, {"Code": "TransactionConflict"}
REFUSED = {"Code": "ConditionalCheckFailed", "Item": {"pk": {"S": "a"}, "sequence": {"N": "7"}}}


def test_a_failed_condition_says_which_write_and_shows_the_row_that_stands() -> None:
    fabric, _, _ = table(cancelled(NONE, REFUSED))
    with pytest.raises(Refused) as caught:
        fabric.write(*TWO)
    assert caught.value.rows == {1: {"pk": "a", "sequence": 7}}


def test_a_failed_condition_outweighs_a_conflict_beside_it() -> None:
    fabric, client, _ = table(cancelled(CONFLICT, {"Code": "ConditionalCheckFailed"}))
    with pytest.raises(Refused) as caught:
        fabric.write(*TWO)
    assert (caught.value.rows, len(client.calls)) == ({1: None}, 1)


def test_a_conflict_is_tried_again_after_a_growing_pause() -> None:
    fabric, client, slept = table(cancelled(CONFLICT, NONE), refusal("TransactionInProgressException"), {})
    fabric.write(*TWO)
    assert len(client.calls) == 3
    assert 0 < slept[0] < slept[1] < 0.1


def test_a_conflict_that_stays_is_transient() -> None:
    fabric, client, _ = table(*[cancelled(CONFLICT, NONE)] * 6)
    with pytest.raises(Transient) as caught:
        fabric.write(*TWO)
    assert (caught.value.code, len(client.calls)) == ("write_conflict", 6)


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"])
def test_throttling_inside_a_transaction_is_throttled(code: str) -> None:
    fabric, _, _ = table(cancelled({"Code": code}, NONE))
    with pytest.raises(Throttled):
        fabric.write(*TWO)


def test_a_transaction_aws_cannot_take_is_not_tried_for_ever() -> None:
    fabric, client, _ = table(cancelled({"Code": "ItemCollectionSizeLimitExceeded"}, NONE))
    with pytest.raises(Transient) as caught:
        fabric.write(*TWO)
    assert (caught.value.facts["reasons"], len(client.calls)) == ("ItemCollectionSizeLimitExceeded,None", 1)


def test_a_single_write_is_made_without_a_transaction() -> None:
    standing = refusal("ConditionalCheckFailedException", Item={"pk": {"S": "a"}})
    fabric, client, _ = table(refusal("TransactionConflictException"), standing)
    with pytest.raises(Refused) as caught:
        fabric.write(TWO[0])
    assert [name for name, _ in client.calls] == ["put_item", "put_item"]
    assert caught.value.rows == {0: {"pk": "a"}}


def test_rows_left_out_of_a_batch_are_asked_for_again() -> None:
    def row(pk: str) -> dict[str, Any]:
        return {"pk": {"S": pk}, "sk": {"S": "HEAD"}}

    left = {"fabric": {"Keys": [row("b")]}}
    fabric, client, _ = table(
        {"Responses": {"fabric": [row("a")]}, "UnprocessedKeys": left}, {"Responses": {"fabric": [row("b")]}}
    )
    assert set(fabric.get_all([("a", "HEAD"), ("b", "HEAD")])) == {("a", "HEAD"), ("b", "HEAD")}
    assert client.calls[1][1]["RequestItems"]["fabric"]["Keys"] == [row("b")]


def test_a_query_goes_on_to_the_last_page() -> None:
    key = {"pk": {"S": "a"}}
    fabric, client, _ = table({"Items": [key], "LastEvaluatedKey": key}, {"Items": [key]})
    assert len(list(fabric.of("a"))) == 2
    assert client.calls[0][1]["ConsistentRead"] is True
