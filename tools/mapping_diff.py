"""What the mapping of this tree would make of what a system told in some days, beside what was recorded then.

`python -m tools.mapping_diff SYSTEM --function NAME --start DAY --end DAY [--json]`, under AWS's own environment variables.
Reads the kept payloads (shared/runtime/heard.py), the event log and the policies with the settings of that deployed function;
writes nothing. `billweave mapping diff` calls it.
"""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from infra.registered import registered
from shared.faults import Fault
from shared.usecases.compare_mapping import Difference, compare_mapping

Mapper = Callable[[Mapping[str, Any], Mapping[str, Any], Any], list[Any]]


@dataclass
class Outcome:
    """unreadable: rows that the mapping of this tree refuses, with the fault's code. versions: that were used then."""

    payloads: int = 0
    rows: int = 0
    differences: list[Difference] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        return {
            "payloads": self.payloads,
            "rows": self.rows,
            "recorded_with": sorted(self.versions),
            "differences": [asdict(each) for each in self.differences],
            "unreadable": self.unreadable,
        }

    def lines(self) -> Iterator[str]:
        yield from (line for each in self.differences for line in each.lines())
        yield from self.unreadable
        yield (
            f"{self.rows} rows of {self.payloads} payloads, recorded with mapping {', '.join(sorted(self.versions)) or '-'}: "
            f"{len(self.differences)} differences, {len(self.unreadable)} rows unreadable; nothing was written"
        )


def mappers(system: str) -> dict[str, Mapper]:
    """By feed, as the registration names them."""
    found = {}
    for feed, told in registered()[system].feeds.items():
        if told.mapper:
            module, _, function = told.mapper.partition(":")
            found[feed] = getattr(importlib.import_module(f"functions.connectors.{system}.{module}"), function)
    return found


def compare(system: str, payloads: Iterable[bytes], ports: Any) -> Outcome:
    """payloads: as kept. ports: the connector's, of which only reads are used."""
    outcome, by_feed = Outcome(), mappers(system)
    for payload in payloads:
        told = json.loads(payload, parse_float=Decimal)
        if told["feed"] not in by_feed:
            continue
        outcome.payloads += 1
        outcome.versions.add(str(told["mapping"]))
        mapped = [event.as_json() for event in _mapped(told, by_feed[told["feed"]], ports, outcome)]
        outcome.differences += compare_mapping(list(_recorded(told, ports)), mapped)
    return outcome


def _mapped(told: Mapping[str, Any], mapper: Mapper, ports: Any, outcome: Outcome) -> Iterator[Any]:
    for row in told["rows"]:
        outcome.rows += 1
        try:
            yield from mapper(row, told["beside"], ports)
        except Fault as fault:
            outcome.unreadable.append(f"{told['feed']} row {row.get('id') or row.get('Id')}: {fault.code}")


def _recorded(told: Mapping[str, Any], ports: Any) -> Iterator[Mapping[str, Any]]:
    """What stands in the event log of what was made then."""
    for made in told["events"]:
        for event in ports.event_log.of_subject(made["subject"]):
            if event.id == made["id"]:
                yield event.as_json()


def kept(client: Any, bucket: str, system: str, start: date, end: date) -> Iterator[bytes]:
    """Payloads heard from `start` to `end`, both included, feed by feed and day by day."""
    for feed in mappers(system):
        for number in range((end - start).days + 1):
            day = (start + timedelta(days=number)).isoformat()
            pages = client.get_paginator("list_objects_v2").paginate(
                Bucket=bucket, Prefix=f"raw/{system}/{feed}/{day}/"
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    yield client.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()


def ports_of(system: str, function: str) -> Any:
    """The connector's own ports, told what that deployed function is told."""
    import boto3

    from shared.runtime.settings import Settings
    from shared.runtime.wiring import AwsPorts

    told = boto3.client("lambda").get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    wiring = importlib.import_module(f"functions.connectors.{system}.wiring")
    own = [each for each in vars(wiring).values() if isinstance(each, type) and issubclass(each, AwsPorts)]
    return next(each for each in own if each is not AwsPorts)(Settings.from_env(told))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.mapping_diff")
    parser.add_argument("system", choices=sorted(registered()))
    parser.add_argument("--function", required=True)
    parser.add_argument("--start", type=date.fromisoformat, required=True)
    parser.add_argument("--end", type=date.fromisoformat, required=True)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    ports = ports_of(asked.system, asked.function)
    payloads = kept(ports.clients.s3, ports.settings.need("bucket"), asked.system, asked.start, asked.end)
    outcome = compare(asked.system, payloads, ports)
    print(json.dumps(outcome.as_json(), indent=1) if asked.json else "\n".join(outcome.lines()))


if __name__ == "__main__":
    main()
