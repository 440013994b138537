"""Give the embedded AWS the metrics that AWS would have: `python -m sandbox.estate.metrics_pump --every 5`.

The emulator turns neither queue depths nor EMF log lines into metrics, and looks at alarms only when a metric is put.
Every few seconds this puts, per queue, the three metrics of AWS/SQS our alarms use (zeros too: they bring an alarm back
to OK), and every EMF value found in new log lines. The endpoint and account come from the AWS variables.

ApproximateAgeOfOldestMessage is unknown to the SQS API; the seconds since the queue was last seen empty stand for it,
which is never less than the true age of the oldest message by more than one round.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

Datum = dict[str, Any]
PER_CALL = 500
OVERLAP_MS = 10_000
DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
SQS_NAMES = dict(
    zip(DEPTHS, (f"ApproximateNumberOfMessages{k}" for k in ("Visible", "NotVisible", "Delayed")), strict=True)
)


def queue_data(name: str, attributes: Mapping[str, str], age_s: float) -> list[Datum]:
    """The SQS attributes of one queue -> metric data of namespace AWS/SQS."""
    dimensions = [{"Name": "QueueName", "Value": name}]
    data = [
        {"MetricName": metric, "Dimensions": dimensions, "Value": float(attributes[attribute]), "Unit": "Count"}
        for attribute, metric in SQS_NAMES.items()
    ]
    age = {"MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": dimensions, "Value": age_s, "Unit": "Seconds"}
    return [*data, age]


def emf_data(line: str) -> Iterator[tuple[str, Datum]]:
    """One log line -> (namespace, metric datum) for each value and dimension set in it; nothing for any other line.

    Source: the CloudWatch embedded metric format specification: root node `_aws`, `CloudWatchMetrics` directives,
    values beside it, one number or a list of numbers.
    """
    if '"_aws"' not in line:
        return
    try:
        root = json.loads(line)
        for directive in root["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"] or [[]]:
                dimensions = [{"Name": name, "Value": str(root[name])} for name in names]
                for metric in directive["Metrics"]:
                    value = root[metric["Name"]]
                    datum = {"MetricName": metric["Name"], "Dimensions": dimensions, "Unit": metric.get("Unit", "None")}
                    values = {"Values": value} if isinstance(value, list) else {"Value": value}
                    yield directive["Namespace"], datum | values
    except (ValueError, KeyError, TypeError):
        return  # not EMF after all: AWS keeps such a line as a log line, too


def event_id(event: dict[str, Any]) -> str:
    """The emulator gives none to some of a function's lines: then stream, instant and text together are one."""
    return event.get("eventId") or f"{event.get('logStreamName')}|{event['timestamp']}|{event['message']}"


class Pump:
    def __init__(self, client: Any) -> None:
        """client: service name -> boto3 client."""
        self._sqs, self._logs, self._cloudwatch = client("sqs"), client("logs"), client("cloudwatch")
        self._not_empty_since: dict[str, float] = {}
        self._seen: dict[str, dict[str, int]] = {}

    def turn(self) -> int:
        """One round: everything read and put. The number of metric values put."""
        found: dict[str, list[Datum]] = {"AWS/SQS": list(self._queues())}
        for namespace, datum in self._log_lines():
            found.setdefault(namespace, []).append(datum)
        for namespace, data in found.items():
            for part in _parts(data):
                self._cloudwatch.put_metric_data(Namespace=namespace, MetricData=part)
        return sum(len(data) for data in found.values())

    def _queues(self) -> Iterator[Datum]:
        now = time.monotonic()
        for page in self._sqs.get_paginator("list_queues").paginate():
            for url in page.get("QueueUrls", []):
                got = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(DEPTHS))["Attributes"]
                if all(int(got[name]) == 0 for name in DEPTHS):
                    self._not_empty_since.pop(url, None)
                since = self._not_empty_since.setdefault(url, now) if any(int(got[n]) for n in DEPTHS) else now
                yield from queue_data(url.rpartition("/")[2], got, now - since)

    def _log_lines(self) -> Iterator[tuple[str, Datum]]:
        for page in self._logs.get_paginator("describe_log_groups").paginate():
            for group in page["logGroups"]:
                for message in self._new_messages(group["logGroupName"]):
                    yield from emf_data(message)

    def _new_messages(self, group: str) -> Iterator[str]:
        """Each message once, also one that arrives up to OVERLAP_MS after a younger one of another stream."""
        seen = self._seen.setdefault(group, {})
        start = max(max(seen.values(), default=0) - OVERLAP_MS, 0)
        found = self._logs.filter_log_events(logGroupName=group, startTime=start, filterPattern="_aws")
        for event in found["events"]:
            known_as = event_id(event)
            if known_as not in seen:
                seen[known_as] = event["timestamp"]
                yield event["message"]
        oldest = max(seen.values(), default=0) - OVERLAP_MS
        self._seen[group] = {event_id: at for event_id, at in seen.items() if at >= oldest}


def _parts(data: Sequence[Datum]) -> Iterable[Sequence[Datum]]:
    return (data[at : at + PER_CALL] for at in range(0, len(data), PER_CALL))


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.estate.metrics_pump")
    parser.add_argument("--every", type=float, default=5, help="seconds between rounds")
    every = parser.parse_args().every
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    config = Config(connect_timeout=2, read_timeout=30, retries={"total_max_attempts": 1})
    pump = Pump(lambda service: boto3.client(service, config=config))
    while not stopped.wait(every):
        try:
            pump.turn()
        except (BotoCoreError, ClientError) as exc:  # a queue just deleted, an emulator going down: the next round
            print(f"metrics pump: {exc}", file=sys.stderr)


if __name__ == "__main__":
    main()
