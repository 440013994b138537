"""A batch of SQS messages: each is settled by itself, so that a bad one neither loses nor holds up the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.faults import Fault, Poison, Throttled, Transient
from shared.runtime.log import frames, logger
from shared.runtime.needs import QueuePorts
from shared.runtime.unreadable import tell_unreadable

Failures = dict[str, list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Message:
    """receives: how often it was delivered, this time included. receipt: good for this delivery only. group: for whom
    it is, "" for none."""

    message_id: str
    receipt: str = field(repr=False)
    body: str = field(repr=False)
    queue_arn: str
    receives: int
    group: str = ""

    @property
    def queue(self) -> str:
        return self.queue_arn.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until the n-th delivery is tried again: first_s, then `factor` times more each, never over `most_s`."""

    first_s: int
    factor: int
    most_s: int

    def after(self, receives: int) -> int:
        return int(min(self.most_s, self.first_s * self.factor ** min(receives - 1, 30)))


EVENTS = Patience(2, 4, 900)
"""Five receives (infra) take 2 + 8 + 32 + 128 s; then the DLQ."""
COMMANDS = Patience(2, 2, 7200)
"""Twenty receives (infra) take about 18 hours: a vendor's bad night."""
THROTTLED = Patience(1, 2, 300)
"""Below a vendor's own Retry-After this is never tried; above it, it spreads what waits."""


UNASKED = frozenset({"vendor_down", "vendor_paused"})
"""The vendor was not even asked. Such a delivery is no try: it must not bring its message nearer to the DLQ."""


def messages_of(event: Any) -> list[Message]:
    """Raises KeyError for what is no SQS batch: Lambda then returns the whole batch to the queue."""
    messages = [
        Message(
            message_id=record["messageId"],
            receipt=record["receiptHandle"],
            body=record["body"],
            queue_arn=record["eventSourceARN"],
            receives=int(record["attributes"]["ApproximateReceiveCount"]),
            group=str(record["attributes"].get("MessageGroupId") or ""),
        )
        for record in event["Records"]
    ]
    if not all(message.message_id for message in messages):
        raise ValueError("a message without an id cannot be reported back: the whole batch goes back to its queue")
    return messages


def settle_all(event: Any, one: Callable[[Message], None], ports: QueuePorts, patience: Patience) -> Failures:
    """The partial batch response: the messages that come again. Needs ReportBatchItemFailures on the mapping."""
    failed = [message for message in messages_of(event) if not settle(message, one, ports, patience)]
    return {"batchItemFailures": [{"itemIdentifier": message.message_id} for message in failed]}


def settle(message: Message, one: Callable[[Message], None], ports: QueuePorts, patience: Patience) -> bool:
    """True: done with, or in quarantine. False: it stays on its queue and is shown again after a while."""
    try:
        try:
            one(message)
        except Poison as poison:
            logger().warning("poison", extra={"queue": message.queue, "code": poison.code, "facts": poison.facts})
            tell_unreadable(message.body, poison, ports, queue=message.queue, correlation_id=message.message_id)
            ports.inbox.quarantine(message.body, origin=message.queue, code=poison.code)
            count(ports, "poison_received", queue=message.queue)
        return True
    except Throttled as throttled:
        if throttled.code in UNASKED:
            return wait_outside(message, throttled, ports)
        wait_s = max(throttled.retry_after_s, THROTTLED.after(message.receives))
    except Transient:
        wait_s = patience.after(message.receives)
    except Exception as error:  # a bug or a lost connection: this message alone waits for its cure
        logger().error("unexpected", extra={"error": type(error).__name__, "frames": frames(error)})
        wait_s = patience.after(message.receives)
    put_off(message, wait_s, ports)
    return False


def wait_outside(message: Message, shut: Throttled, ports: QueuePorts) -> bool:
    """True: a new message, received by nobody yet, has taken its place until the vendor may be asked again."""
    count(ports, "waits_for_vendor", account=shut.facts.get("account", ""), reason=shut.code)
    wait_s = min(shut.retry_after_s, 900)
    try:
        ports.inbox.send_anew(
            message.queue_arn, message.body, wait_s, group=message.group or shut.facts.get("entity", "")
        )
    except Fault as fault:
        logger().warning("not sent anew", extra={"code": fault.code, "queue": message.queue})
        put_off(message, wait_s, ports)
        return False
    return True


def put_off(message: Message, seconds: int, ports: QueuePorts) -> None:
    """Best effort: without it the message comes again after its queue's visibility timeout."""
    try:
        ports.inbox.delay(message.queue_arn, message.receipt, seconds)
    except Fault as fault:
        logger().warning("not put off", extra={"code": fault.code, "queue": message.queue})


def count(ports: QueuePorts, name: str, amount: int = 1, **dimensions: str) -> None:
    """A count that cannot be kept stops no work."""
    try:
        ports.counts.add(name, amount, **dimensions)
    except Fault as fault:
        logger().warning("not counted", extra={"code": fault.code, "name": name})
