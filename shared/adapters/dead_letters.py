"""Dead letters where they lie: looked at, given back, edited, thrown away. By receive, send and delete: a move that the
service makes by itself would not take what EventBridge left here, which came from no queue, and the embedded AWS has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws_faults import aws_faults, error_code
from shared.domain.dead_letter import DeadLetter
from shared.faults import BusinessException

_ENTRIES = 10
_HIDDEN_S = 60
"""Longer than a batch takes: what a killed redrive held shows itself again, and is then moved a second time at worst."""

_LETTER_ID = "letter_id"
_TRAVELS = ("origin", "code")
"""Attributes that a letter keeps when it is sent again; how the bus failed is told anew by its next failure."""

_UNKNOWN = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})


class SqsDeadLetters:
    """prefix: of the deployment's queues; "time" is <prefix>time, its dead letters lie in <prefix>time-dlq.

    places: names of all queues that hold what was given up.
    """

    def __init__(self, client: Any, prefix: str, places: Sequence[str] = ()) -> None:
        self._client, self._prefix, self._places = client, prefix, tuple(places)

    def places(self) -> tuple[str, ...]:
        return self._places

    def origin(self, letter: DeadLetter) -> str | None:
        return letter.told.get("origin", "").removeprefix(self._prefix) or None

    def waiting(self, place: str) -> int:
        """About how many; those hidden by a walk that goes on are not counted."""
        name = "ApproximateNumberOfMessages"
        with aws_faults(queue=place):
            url = self._url(place)
            return int(self._client.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])

    def walk(self, place: str, most: int, done: Callable[[DeadLetter], bool]) -> int:
        """What `done` did stands before its letter is deleted: a crash in between shows it once more."""
        with aws_faults(queue=place):
            url = self._url(place)
        kept: list[str] = []
        deleted = 0
        try:
            for message, letter in self._shown(url, place, most):
                receipt = message["ReceiptHandle"]
                kept.append(receipt)
                if done(letter):
                    with aws_faults(queue=place):
                        self._client.delete_message(QueueUrl=url, ReceiptHandle=receipt)
                    kept.pop()
                    deleted += 1
        finally:
            self._show_again(url, kept)
        return deleted

    def send(self, queue: str, letter: DeadLetter) -> None:
        told = {name: letter.told[name] for name in _TRAVELS if letter.told.get(name)} | {_LETTER_ID: letter.letter_id}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
        with aws_faults(queue=queue):
            self._client.send_message(QueueUrl=self._url(queue), MessageBody=letter.body, MessageAttributes=attributes)

    def _shown(self, url: str, place: str, most: int) -> Iterator[tuple[dict[str, Any], DeadLetter]]:
        """Each once, however often the queue shows it."""
        seen: set[str] = set()
        while len(seen) < most:
            found = self._receive(url, min(_ENTRIES, most - len(seen)))
            new = [message for message in found if message["MessageId"] not in seen]
            if not new:
                return
            seen |= {message["MessageId"] for message in new}
            yield from ((message, _letter(message, place)) for message in new)

    def _receive(self, url: str, most: int) -> list[dict[str, Any]]:
        with aws_faults():
            answer = self._client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=most,
                VisibilityTimeout=_HIDDEN_S,
                WaitTimeSeconds=1,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def _show_again(self, url: str, receipts: list[str]) -> None:
        """Best effort: what stays hidden shows itself within the minute."""
        for start in range(0, len(receipts), _ENTRIES):
            batch = receipts[start : start + _ENTRIES]
            entries = [
                {"Id": str(place), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                for place, receipt in enumerate(batch)
            ]
            with aws_faults():
                self._client.change_message_visibility_batch(QueueUrl=url, Entries=entries)

    def _url(self, name: str) -> str:
        """Raises BusinessException("queue_unknown")."""
        try:
            return str(self._client.get_queue_url(QueueName=f"{self._prefix}{name}")["QueueUrl"])
        except ClientError as error:
            if error_code(error) not in _UNKNOWN:
                raise
            raise BusinessException("queue_unknown", queue=name) from None


def _letter(message: dict[str, Any], place: str) -> DeadLetter:
    told = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    facts = message.get("Attributes", {})
    return DeadLetter(
        letter_id=told.pop(_LETTER_ID, "") or message["MessageId"],
        place=place,
        body=message["Body"],
        sent_at=datetime.fromtimestamp(int(facts.get("SentTimestamp", "0")) / 1000, UTC),
        receives=int(facts.get("ApproximateReceiveCount", "0")),
        told=told,
    )
