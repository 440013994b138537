"""What AWS would bill for a stretch of work: the meter before and after, less what the same time costs at rest."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.counting_launcher import USAGE_PATH

PRICES: dict[str, tuple[str, str]] = {
    "lambda_requests": ("0.20", "per million"),
    "lambda_gb_s": ("13.3334", "per million GB-s, arm64"),
    "sqs_requests": ("0.40", "per million, 64 KB each"),
    "eventbridge_events": ("1.00", "per million, 64 KB each"),
    "state_transitions": ("25.00", "per million, Standard"),
    "dynamodb_wru": ("0.625", "per million, on demand"),
    "dynamodb_rru": ("0.125", "per million, on demand"),
    "s3_puts": ("5.00", "per million"),
    "s3_gets": ("0.40", "per million"),
    "secret_and_parameter_calls": ("5.00", "per million Secrets Manager calls; standard parameters are free"),
    "log_gb": ("500000", "per million GB: 0.50 per GB ingested"),
}
"""USD, us-east-1 list prices of 2026-11, without free tiers. A unit's price is a millionth of the figure."""

EMPTY_RECEIVES_PER_MAPPING_HOUR = 5 * 180
"""An idle event source mapping keeps five long polls of 20 s open; the embedded AWS reads queues without requests."""


@dataclass(frozen=True)
class Reading:
    at: float
    counters: Mapping[str, float]


def read(endpoint_url: str) -> Reading:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{endpoint_url}{USAGE_PATH}", timeout=10) as answer:
        return Reading(time.monotonic(), json.load(answer))


@dataclass(frozen=True)
class Stretch:
    """seconds, and every counter's growth in them."""

    seconds: float
    counters: Mapping[str, float]

    @classmethod
    def between(cls, before: Reading, after: Reading) -> Stretch:
        grown = {name: value - before.counters.get(name, 0) for name, value in after.counters.items()}
        return cls(after.at - before.at, {name: value for name, value in grown.items() if value})

    def less(self, rest: Stretch) -> Stretch:
        """Without what the schedules and polls cost in the same time."""
        share = self.seconds / rest.seconds if rest.seconds else 0
        kept = {name: value - share * rest.counters.get(name, 0) for name, value in self.counters.items()}
        return Stretch(self.seconds, {name: max(0.0, value) for name, value in kept.items()})

    def units(self) -> dict[str, float]:
        told = {name.removeprefix("units:"): v for name, v in self.counters.items() if name.startswith("units:")}
        requests = self.requests()
        told["s3_puts"] = requests.get("s3.PUT", 0) + requests.get("s3.POST", 0)
        told["s3_gets"] = requests.get("s3.GET", 0) + requests.get("s3.HEAD", 0)
        told["secret_and_parameter_calls"] = sum(v for name, v in requests.items() if name.startswith("secretsmanager"))
        told["log_gb"] = told.pop("log_bytes", 0) / 1e9
        return told

    def requests(self) -> dict[str, float]:
        return {
            name.removeprefix("requests:"): value
            for name, value in sorted(self.counters.items())
            if name.startswith("requests:")
        }

    def calls(self) -> dict[str, dict[str, float]]:
        """Per function: how often it ran and its mean milliseconds here."""
        found = {}
        for name, count in sorted(self.counters.items()):
            if name.startswith("calls:") and count >= 1:
                function = name.removeprefix("calls:")
                mean_ms = 1000 * self.counters.get(f"seconds:{function}", 0) / count
                found[function] = {"calls": round(count), "mean_ms": round(mean_ms, 1)}
        return found


def bill(stretch: Stretch, things: int) -> dict[str, Any]:
    """Units and money of one thing, and money of 1,000 of them."""
    rows = {}
    for unit, amount in stretch.units().items():
        if unit in PRICES:
            usd = amount * float(PRICES[unit][0]) / 1e6
            rows[unit] = {"each": _short(amount / things), "usd_per_1000": _short(1000 * usd / things)}
    total = sum(row["usd_per_1000"] for row in rows.values())
    return {
        "things": things,
        "seconds": round(stretch.seconds, 1),
        "units": rows,
        "usd_per_1000": round(total, 4),
        "requests_each": {name: _short(v / things) for name, v in stretch.requests().items() if v / things >= 0.0005},
        "functions": stretch.calls(),
    }


def monthly_rest(rest: Stretch, mappings: int) -> dict[str, Any]:
    """A month without any work: what was measured at rest, and the empty receives that are reckoned."""
    per_month = 30 * 24 * 3600 / rest.seconds
    units = rest.units()
    empty = mappings * EMPTY_RECEIVES_PER_MAPPING_HOUR * 24 * 30
    units["sqs_requests"] = units.get("sqs_requests", 0) + empty / per_month
    rows = {
        unit: {"per_month": round(v * per_month), "usd": round(v * per_month * float(PRICES[unit][0]) / 1e6, 2)}
        for unit, v in units.items()
        if unit in PRICES and unit != "log_gb"
    }
    return {
        "seconds_measured": round(rest.seconds, 1),
        "event_source_mappings": mappings,
        "empty_receives_reckoned": empty,
        "units": rows,
        "usd_per_month": round(sum(row["usd"] for row in rows.values()), 2),
    }


def _short(value: float) -> float:
    return float(f"{value:.4g}")
