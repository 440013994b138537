"""A queue of bus events: EventBridge -> rule -> SQS -> here. One event changes things once, however often it comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from events.envelope import AnyEnvelope, Envelope, EventData
from shared.domain.source import Applied
from shared.faults import BusinessException, Duplicate, Poison
from shared.runtime.batch import EVENTS, Failures, Message, count, settle_all
from shared.runtime.handler import Handler, Wired, work_name
from shared.runtime.log import Line, invocation, line
from shared.runtime.needs import QueuePorts
from shared.runtime.reading import read_model, read_object
from shared.runtime.refusal import open_refusal

P = TypeVar("P", bound=QueuePorts)
Consume = Callable[[AnyEnvelope, P], Applied | None]

_COUNTED = {Applied.DUPLICATE: "duplicates_received", Applied.STALE: "stale_received"}


def event_consumer(
    *types: type[EventData], wire: Callable[[], P], per_batch: Callable[[], Any] | None = None
) -> Callable[[Callable[..., Applied | None]], Handler[Callable[..., Applied | None]]]:
    """The consumer gets an Envelope whose data is one of `types`, older versions already read as the newest.

    A duplicate or stale event is a success and counted. What cannot be read goes to quarantine, a BusinessException
    becomes an exception record, Transient and Throttled put this one message off.

    per_batch: makes what the events of one batch share, such as look-ups already done; the consumer's third argument.
    """
    models = {model.event_type: model for model in types}

    def decorate(consume: Callable[..., Applied | None]) -> Handler[Callable[..., Applied | None]]:
        wired, work = Wired(wire), work_name(consume)

        def run(event: Any, context: Any) -> Failures:
            ports, repeats = wired(), Counter[str]()
            shared = (per_batch(),) if per_batch else ()

            def one(message: Message) -> None:
                applied = consume_one(message, models, lambda told, given: consume(told, given, *shared), ports, work)
                if applied in _COUNTED:
                    repeats[_COUNTED[applied]] += 1

            with invocation(context):
                failures = settle_all(event, one, ports, EVENTS)
                for name, times in repeats.items():
                    count(ports, name, times, consumer=work)
                return failures

        return Handler(consume, run)

    return decorate


def consume_one(
    message: Message, models: Mapping[str, type[EventData]], consume: Consume[P], ports: P, work: str
) -> Applied | None:
    envelope = read_event(message.body, models, ports.documents.get)
    with line(work, envelope.correlationid, event_type=envelope.type, event_id=envelope.id) as out:
        try:
            applied = consume(envelope, ports)
            out.outcome = applied.value if applied else "done"
            return applied
        except Duplicate as repeat:
            out.fault(repeat)
            return Applied.DUPLICATE
        except BusinessException as refusal:
            refused(out, refusal, envelope, ports, work)
            return None


def refused(out: Line, refusal: BusinessException, envelope: AnyEnvelope, ports: QueuePorts, work: str) -> None:
    out.fault(refusal)
    open_refusal(
        ports,
        refusal,
        work=work,
        subject=envelope.subject,
        correlation_id=envelope.correlationid,
        legal_entity=envelope.legalentity,
    )


def read_event(body: str, models: Mapping[str, type[EventData]], document: Callable[[str], bytes]) -> AnyEnvelope:
    """The body that EventBridge puts on a queue -> the envelope in its `detail`. Raises Poison("event_unreadable").

    document: fetches the data of an event too large for the bus, by the key in its `dataref`.
    """
    detail = read_object(body, "event_unreadable").get("detail")
    if not isinstance(detail, dict) or not isinstance(detail.get("data"), dict):
        raise Poison("event_unreadable", where="detail.data")
    if key := detail.get("dataref"):
        detail["data"] = read_object(document(str(key)).decode(), "event_unreadable")
    event_type = str(detail.get("type"))
    if event_type not in models:
        event_type, detail = newest(event_type, detail, models)
    envelope = read_model(Envelope[Any], detail, "event_unreadable")
    data = read_model(models[event_type], detail["data"], "event_unreadable")
    return envelope.model_copy(update={"data": data})


def newest(
    event_type: str, detail: dict[str, Any], models: Mapping[str, type[EventData]]
) -> tuple[str, dict[str, Any]]:
    """An older version, read as the one we know. The registry knows every event, so it is imported only here."""
    from events.registry import upcast

    event_type, data = upcast(event_type, detail["data"])
    if event_type not in models:
        raise Poison("event_type_unexpected", type=event_type)
    return event_type, {**detail, "type": event_type, "data": data}
