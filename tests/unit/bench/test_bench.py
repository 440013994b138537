"""The arithmetic of the bench: what it counts is what it says it counts."""

from __future__ import annotations

import json

import pytest

from bench.counting_launcher import METER, count_capacity, is_partners, operation
from bench.quantiles import quantile
from bench.saturated import Ceiling, Look, share
from bench.usage import Reading, Stretch, bill


def test_a_quantile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(1, 37)]
    assert quantile(values, 0.5) == 18
    assert quantile(values, 0.99) == 36
    assert quantile([3.0], 0.99) == 3


def test_five_slots_always_busy_are_the_whole_ceiling() -> None:
    looks = [Look(at=float(second), calls=5 * second, waiting=20, in_flight=5) for second in range(11)]
    assert share(looks, Ceiling(5, 1000), 2)["share"] == 1.0


def test_only_the_longest_saturated_time_counts() -> None:
    idle = [Look(float(at), 0, 0, 0) for at in range(100)]
    busy = [Look(100.0 + at, 4 * at, 9, 4) for at in range(11)]
    tail = [Look(111.0 + at, 40, 3, 1) for at in range(50)]
    found = share([*idle, *busy, *tail], Ceiling(5, 1000), 2)
    assert (found["share"], found["saturated_s"], found["calls_in_it"]) == (0.8, 10.0, 40)


def test_no_saturated_time_is_no_share() -> None:
    assert share([Look(0.0, 0, 2, 1), Look(1.0, 4, 2, 1)], Ceiling(5, 1000), 2)["share"] == 0.0


def test_what_rest_costs_is_taken_away_by_time() -> None:
    work = Stretch.between(Reading(0, {"units:sqs_requests": 10}), Reading(10, {"units:sqs_requests": 130}))
    rest = Stretch(60, {"units:sqs_requests": 120})
    assert work.less(rest).counters == {"units:sqs_requests": 100}


def test_a_bill_is_units_times_list_price() -> None:
    spent = Stretch(1, {"units:state_transitions": 2000, "units:dynamodb_wru": 4000})
    told = bill(spent, things=100)
    assert told["units"]["state_transitions"] == {"each": 20, "usd_per_1000": 0.5}
    assert told["units"]["dynamodb_wru"] == {"each": 40, "usd_per_1000": 0.025}
    assert told["usd_per_1000"] == 0.525


@pytest.mark.parametrize(
    ("headers", "query", "method", "name"),
    [
        ({"x-amz-target": "DynamoDB_20120810.PutItem"}, {}, "POST", "PutItem"),
        ({}, {"Action": ["SendMessage"]}, "POST", "SendMessage"),
        ({}, {}, "PUT", "PUT"),
    ],
)
def test_an_operation_is_known_in_every_protocol(
    headers: dict[str, str], query: dict[str, list[str]], method: str, name: str
) -> None:
    assert operation(method, headers, query) == name


def test_a_refused_transaction_still_consumes_two_units_an_item() -> None:
    before = METER.told().get("units:dynamodb_wru", 0)
    body = json.dumps({"TransactItems": [{}, {}, {}]}).encode()
    count_capacity("TransactWriteItems", body, (400, {}, b'{"__type":"TransactionCanceledException"}'))
    assert METER.told()["units:dynamodb_wru"] - before == 6


def test_a_vendors_partner_events_are_not_ours() -> None:
    assert is_partners("PutEvents", b'{"Entries":[{"Source":"aws.partner/vendor/1"}]}')
    assert not is_partners("PutEvents", b'{"Entries":[{"Source":"billweave"}]}')
