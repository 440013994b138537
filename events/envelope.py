"""The envelope of everything on the bus: CloudEvents 1.0, structured JSON, with our extensions.

EventBridge `detail` is this object, `detail-type` its `type`, `source` is "billweave".
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

BUS_SOURCE = "billweave"


class EventData(BaseModel):
    """Base of every event's `data`. Unknown fields are ignored: a newer producer may have added an optional one."""

    event_type: ClassVar[str] = ""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


Data = TypeVar("Data", bound=EventData)


class Envelope(BaseModel, Generic[Data]):
    """One event.

    id: derived from business identity, so the same fact always has the same id. subject: the aggregate's canonical id.
    sequence: the source's version of that aggregate, rising; an older one is stale. correlationid: the business thread
    (the contract, where one is known); causationid: the event or command that led here. legalentity: the legal entity,
    or the identity scope where the source's record does not say.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1)
    source: str = Field(min_length=1, description="billweave/<room>/<system or process>")
    type: str = Field(pattern=r"^[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$")
    subject: str = Field(min_length=1)
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    correlationid: str = Field(min_length=1)
    causationid: str | None = None
    legalentity: str = Field(min_length=1)
    sequence: int = Field(ge=0)
    data: Data

    def as_json(self) -> dict[str, Any]:
        """JSON-ready: amounts and dates as strings."""
        return self.model_dump(mode="json")


if TYPE_CHECKING:
    AnyEnvelope: TypeAlias = Envelope[Any]
else:  # for annotations alone: with its argument it would make a validator wherever this module is imported
    AnyEnvelope = Envelope


def make_envelope(
    data: EventData,
    *,
    event_id: str,
    source: str,
    subject: str,
    occurred_at: datetime,
    correlation_id: str,
    legal_entity: str,
    sequence: int,
    causation_id: str | None = None,
) -> AnyEnvelope:
    """The envelope of one event; its type is that of `data`."""
    return Envelope[Any](
        id=event_id,
        source=source,
        type=data.event_type,
        subject=subject,
        time=occurred_at,
        correlationid=correlation_id,
        causationid=causation_id,
        legalentity=legal_entity,
        sequence=sequence,
        data=data,
    )
