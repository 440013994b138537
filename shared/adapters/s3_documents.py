"""Documents and raw payloads in the bucket. A document's key holds an id; a raw payload's is its content's hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from shared.adapters.aws_faults import aws_faults
from shared.ports.flow import Documents


class S3Documents:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        with aws_faults():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes:
        with aws_faults(missing="document_missing", key=key):
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return body

    def keys(self, prefix: str) -> Iterator[str]:
        request = {"Bucket": self._bucket, "Prefix": prefix}
        while True:
            with aws_faults():
                page = self._client.list_objects_v2(**request)
            yield from (found["Key"] for found in page.get("Contents", []))
            if not page.get("IsTruncated"):
                return
            request["ContinuationToken"] = page["NextContinuationToken"]


class S3RawPayloads:
    """Keys raw/<system>/<kind>/<sha256 of the body>: the same payload is kept once."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def keep(self, system: str, kind: str, body: bytes) -> str:
        key = f"raw/{system}/{kind}/{hashlib.sha256(body).hexdigest()}"
        self._documents.put(key, body, "application/octet-stream")
        return key
