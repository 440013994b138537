"""Dead letters, given back to their queue. By receive, send and delete: a move that the service makes by itself would
not take what EventBridge left here, which came from no queue, and the embedded AWS has none.
"""

from __future__ import annotations

from typing import Any

from shared.adapters.aws_faults import aws_faults
from shared.faults import BusinessException

SUFFIX = "-dlq"
_ENTRIES = 10
_HIDDEN_S = 60
"""Longer than a batch takes: what a killed redrive held shows itself again, and is then moved a second time at worst."""


class SqsDeadLetters:
    """prefix: of the deployment's queues; "time" is <prefix>time, its dead letters lie in <prefix>time-dlq."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client, self._prefix = client, prefix

    def waiting(self, queue: str) -> int:
        """About how many; those hidden by a redrive that runs are not counted."""
        name = "ApproximateNumberOfMessages"
        with aws_faults(queue=queue):
            url = self._url(queue + SUFFIX)
            return int(self._client.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])

    def give_back(self, queue: str, most: int) -> int:
        """Sent before deleted: a crash in between delivers twice, which changes nothing."""
        with aws_faults(queue=queue):
            source, target = self._url(queue + SUFFIX), self._url(queue)
            moved = 0
            while moved < most:
                messages = self._receive(source, min(_ENTRIES, most - moved))
                if not messages:
                    break
                moved += self._move(source, target, messages)
            return moved

    def _receive(self, source: str, most: int) -> list[dict[str, Any]]:
        answer = self._client.receive_message(
            QueueUrl=source,
            MaxNumberOfMessages=most,
            VisibilityTimeout=_HIDDEN_S,
            WaitTimeSeconds=1,
        )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def _move(self, source: str, target: str, messages: list[dict[str, Any]]) -> int:
        """The bodies alone: attributes told why a message was here, and it is no longer."""
        for message in messages:
            self._client.send_message(QueueUrl=target, MessageBody=message["Body"])
            self._client.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
        return len(messages)

    def _url(self, name: str) -> str:
        """Raises BusinessException("queue_unknown")."""
        try:
            return str(self._client.get_queue_url(QueueName=f"{self._prefix}{name}")["QueueUrl"])
        except self._client.exceptions.QueueDoesNotExist:
            raise BusinessException("queue_unknown", queue=name) from None
