"""The business log: every event ever announced, by subject and by business thread."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from events.envelope import AnyEnvelope, Envelope
from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import Row, moment, text


class DynamoEventLog:
    """Event rows (event_rows.py), read by their indexes, in the order things happened."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def of_subject(self, subject: str) -> list[AnyEnvelope]:
        return [_envelope(row) for row in self._table.by("by_owner", f"SUBJ#{subject}")]

    def of_correlation(self, correlation_id: str) -> list[AnyEnvelope]:
        return [_envelope(row) for row in self._table.by("by_correlation", correlation_id)]

    def between(self, start: datetime, to: datetime) -> list[AnyEnvelope]:
        found = [_envelope(row) for row in self._table.events_between(moment(start), moment(to))]
        return sorted(found, key=lambda event: (event.time, event.id))


def _envelope(row: Row) -> AnyEnvelope:
    """As the newest version of its type. The registry knows every event, so only who reads the log imports it."""
    from events.registry import PUBLISHED, upcast

    stored = json.loads(text(row, "body"))
    event_type, data = upcast(stored["type"], stored["data"])
    model = PUBLISHED.get(event_type)
    read = model.model_validate(data) if model else data
    return Envelope[Any].model_validate({**stored, "type": event_type, "data": read})
