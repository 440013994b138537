"""What the pump reads from queues and log lines, and what it makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.estate.metrics_pump import Pump, emf_data, queue_data

EMF = {
    "_aws": {
        "Timestamp": 1767225600000,
        "CloudWatchMetrics": [
            {
                "Namespace": "Billweave",
                "Dimensions": [["service"], ["service", "outcome"]],
                "Metrics": [{"Name": "invoices", "Unit": "Count"}, {"Name": "delay", "Unit": "Milliseconds"}],
            }
        ],
    },
    "service": "netsuite",
    "outcome": "posted",
    "invoices": 1,
    "delay": [12, 15],
}


def test_an_emf_line_gives_every_metric_in_every_dimension_set() -> None:
    found = list(emf_data(json.dumps(EMF)))
    assert {namespace for namespace, _ in found} == {"Billweave"}
    assert [(d["MetricName"], [x["Value"] for x in d["Dimensions"]]) for _, d in found] == [
        ("invoices", ["netsuite"]),
        ("delay", ["netsuite"]),
        ("invoices", ["netsuite", "posted"]),
        ("delay", ["netsuite", "posted"]),
    ]
    assert [d.get("Value", d.get("Values")) for _, d in found][:2] == [1, [12, 15]]


@pytest.mark.parametrize(
    "line", ["START RequestId: 1", '{"level":"INFO"}', '{"_aws": 1}', 'not json "_aws"', json.dumps({"_aws": {}})]
)
def test_any_other_line_gives_nothing(line: str) -> None:
    assert list(emf_data(line)) == []


def test_a_queue_gives_its_depths_under_the_names_of_aws() -> None:
    attributes = {
        "ApproximateNumberOfMessages": "3",
        "ApproximateNumberOfMessagesNotVisible": "2",
        "ApproximateNumberOfMessagesDelayed": "0",
    }
    assert {d["MetricName"]: d["Value"] for d in queue_data("time-dlq", attributes, 4.5)} == {
        "ApproximateNumberOfMessagesVisible": 3.0,
        "ApproximateNumberOfMessagesNotVisible": 2.0,
        "ApproximateNumberOfMessagesDelayed": 0.0,
        "ApproximateAgeOfOldestMessage": 4.5,
    }


class Logs:
    """One log group whose events grow; a paginator and one call, as far as the pump uses them."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.put: list[dict[str, Any]] = []

    def get_paginator(self, name: str) -> Any:
        pages = {"list_queues": [{}], "describe_log_groups": [{"logGroups": [{"logGroupName": "/aws/lambda/x"}]}]}

        class Pages:
            def paginate(self) -> Any:
                return pages[name]

        return Pages()

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        return {"events": [event for event in self.events if event["timestamp"] >= asked["startTime"]]}

    def put_metric_data(self, **asked: Any) -> None:
        self.put.extend(asked["MetricData"])


def test_each_log_line_counts_once_even_one_that_comes_late() -> None:
    logs = Logs()
    pump = Pump(lambda _: logs)
    line = json.dumps(EMF)
    logs.events.append({"eventId": "a", "timestamp": 100_000, "message": line})
    assert pump.turn() == 4
    assert pump.turn() == 0
    logs.events.append({"eventId": "b", "timestamp": 99_000, "message": line})
    logs.events.append({"eventId": "c", "timestamp": 100_000, "message": line})
    assert pump.turn() == 8
    assert len(logs.put) == 12


def test_lines_without_an_id_of_their_own_count_once_too() -> None:
    logs = Logs()
    pump = Pump(lambda _: logs)
    of_a_function = {"logStreamName": "record", "timestamp": 100_000, "message": json.dumps(EMF)}
    logs.events.append(of_a_function)
    assert pump.turn() == 4
    logs.events.append(of_a_function | {"logStreamName": "value"})
    assert pump.turn() == 4
