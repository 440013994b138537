"""Queues: sending in batches whose every entry is looked at, and what becomes of a message that must wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws_faults import aws_faults, error_code
from shared.faults import Transient

_ENTRIES, _BYTES, _TRIES = 10, 900_000, 3
"""A batch has at most 10 entries and 1 MiB, names included."""

_MOST_DELAY_S, _MOST_VISIBILITY_S = 900, 43_200
_TOO_LATE = frozenset(
    {
        "AWS.SimpleQueueService.MessageNotInflight",
        "InvalidParameterValue",
        "MessageNotInflight",
        "ReceiptHandleIsInvalid",
    }
)


class SqsQueues:
    """urls: by the queue's name in the deployment. They come from variables, whose names tell no hyphen from an underscore."""

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client, self._urls = client, {_hyphened(name): url for name, url in urls.items()}

    def send(self, queue: str, bodies: Sequence[str], *, delay_s: int = 0) -> None:
        if _hyphened(queue) not in self._urls:
            raise LookupError(f"BILLWEAVE_QUEUE_{queue.upper().replace('-', '_')} is not set for this function")
        for batch in _batches(bodies):
            self._send_all(queue, batch, min(delay_s, _MOST_DELAY_S))

    def _send_all(self, queue: str, bodies: Sequence[str], delay_s: int) -> None:
        left = dict(enumerate(bodies))
        for _ in range(_TRIES):
            entries = [{"Id": str(place), "MessageBody": body, "DelaySeconds": delay_s} for place, body in left.items()]
            with aws_faults(queue=queue):
                answer = self._client.send_message_batch(QueueUrl=self._urls[_hyphened(queue)], Entries=entries)
            for sent in answer.get("Successful", []):
                left.pop(int(sent["Id"]), None)
            if not left:
                return
        raise Transient("messages_not_sent", queue=queue, left=str(len(left)))


def _hyphened(queue: str) -> str:
    return queue.replace("_", "-")


class SqsInbox:
    """quarantine_url: of the queue for what nobody can read."""

    def __init__(self, client: Any, quarantine_url: str) -> None:
        self._client, self._quarantine_url = client, quarantine_url

    def delay(self, queue_arn: str, receipt: str, seconds: int) -> None:
        with aws_faults():
            try:
                self._client.change_message_visibility(
                    QueueUrl=self._url_of(queue_arn),
                    ReceiptHandle=receipt,
                    VisibilityTimeout=max(0, min(seconds, _MOST_VISIBILITY_S)),
                )
            except ClientError as error:
                if error_code(error) not in _TOO_LATE:
                    raise

    def send_anew(self, queue_arn: str, body: str, seconds: int, *, group: str) -> None:
        told = {"MessageGroupId": group} if group else {}
        with aws_faults():
            self._client.send_message(
                QueueUrl=self._url_of(queue_arn), MessageBody=body, DelaySeconds=min(seconds, _MOST_DELAY_S), **told
            )

    def quarantine(self, body: str, *, origin: str, code: str) -> None:
        if not self._quarantine_url:
            raise LookupError("BILLWEAVE_QUARANTINE is not set for this function")
        told = {"origin": origin, "code": code}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
        with aws_faults():
            self._client.send_message(
                QueueUrl=self._quarantine_url, MessageBody=body or "(empty)", MessageAttributes=attributes
            )

    def _url_of(self, queue_arn: str) -> str:
        """arn:aws:sqs:<region>:<account>:<name> -> the url under the endpoint we talk to; asking for it would cost a
        request and a permission."""
        account, name = queue_arn.split(":")[4:6]
        return f"{self._client.meta.endpoint_url}/{account}/{name}"


def _batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for body in bodies:
        bytes_ = len(body.encode())
        if batch and (len(batch) == _ENTRIES or size + bytes_ > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += bytes_
    if batch:
        yield batch
