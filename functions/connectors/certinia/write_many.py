"""Many records changed by few calls. The platform answers 200 whatever became of them; here every refusal is a fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.reading import Row
from functions.platforms.salesforce.client import MOST_RECORDS
from shared.faults import BusinessException, Fault

SMALL = 25
"""Records of a call after the package's triggers met a lock or a limit in a large one."""
_SMALLER_HELPS = frozenset({"psa_governor_limit", "psa_row_locked"})


def change_all(records: Sequence[Row], ports: CertiniaPorts, *, lane: str) -> None:
    """Every record changed; or the fault of one that was not, after those that can be were. May be repeated."""
    refused: list[Fault] = []
    for start in range(0, len(records), MOST_RECORDS):
        refused += _portion(records[start : start + MOST_RECORDS], ports, lane)
    raise_worst(refused)


def _portion(records: Sequence[Row], ports: CertiniaPorts, lane: str) -> list[Fault]:
    outcomes = ports.org.update_all(records, lane=lane)
    refused = [fault for fault in outcomes if fault is not None and fault.code not in _SMALLER_HELPS]
    again = [
        record
        for record, fault in zip(records, outcomes, strict=True)
        if fault is not None and fault.code in _SMALLER_HELPS
    ]
    for start in range(0, len(again), SMALL):
        refused += [fault for fault in ports.org.update_all(again[start : start + SMALL], lane=lane) if fault]
    return refused


def raise_worst(outcomes: Iterable[Fault | None]) -> None:
    """What a person must see goes before what a later try mends."""
    refused = [fault for fault in outcomes if fault is not None]
    if not refused:
        return
    worst = next((fault for fault in refused if isinstance(fault, BusinessException)), refused[0])
    worst.facts.setdefault("records", str(len(refused)))
    raise worst
