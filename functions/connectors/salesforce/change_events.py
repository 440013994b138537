"""Opportunity change events from the partner bus: a trigger per deal, whatever fields they carry or leave out.

A GAP event has no fields, a wildcard names a whole object: both end in reading the records themselves.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from functions.connectors.salesforce.poll import POLL_QUEUE
from functions.connectors.salesforce.webhook import QUEUE
from functions.connectors.salesforce.wiring import SalesforcePorts
from functions.platforms.salesforce.ids import record_id
from shared.faults import BusinessException
from shared.runtime.queue_worker import queue_worker

_DELETED = ("DELETE", "GAP_DELETE")


class Header(BaseModel):
    """Of the fields of ChangeEventHeader, those that matter here; others may come and go."""

    model_config = ConfigDict(extra="ignore", defer_build=True)

    entity_name: str = Field(alias="entityName")
    record_ids: tuple[str, ...] = Field(alias="recordIds", min_length=1)
    change_type: str = Field(alias="changeType")


class Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", defer_build=True)

    header: Header = Field(alias="ChangeEventHeader")


class Detail(BaseModel):
    model_config = ConfigDict(extra="ignore", defer_build=True)

    payload: Payload


class ChangeEvent(BaseModel):
    """source: "aws.partner/salesforce.com/<organisation>/<channel>"."""

    model_config = ConfigDict(extra="ignore", defer_build=True)

    source: str
    detail: Detail


@queue_worker(ChangeEvent, wire=SalesforcePorts.from_env)
def handler(event: ChangeEvent, ports: SalesforcePorts) -> dict[str, Any]:
    """Raises BusinessException("organization_unknown"): the bus is ours, the org must be, too."""
    organization = event.source.split("/")[2] if event.source.count("/") >= 2 else ""
    if organization[:15] != ports.edge.organization_id[:15]:
        raise BusinessException("organization_unknown", source=event.source[:100])
    header = event.detail.payload.header
    if header.entity_name != "Opportunity" or header.change_type in _DELETED:
        return {"ignored": header.change_type}
    if header.change_type == "GAP_OVERFLOW" or any("*" in each for each in header.record_ids):
        ports.queues.send(POLL_QUEUE, [json.dumps({"feed": "opportunities"})])
        return {"polled": True}
    deals = dict.fromkeys(record_id(each) for each in header.record_ids)
    ports.queues.send(QUEUE, [json.dumps({"opportunity_id": deal, "via": "change_event"}) for deal in deals])
    return {"deals": len(deals)}
