"""How to reach one vendor account: the connection secret, by its name, read when first needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.aws_faults import aws_faults
from shared.faults import BusinessException


@dataclass(frozen=True, slots=True)
class Connection:
    """credentials: what the vendor's auth needs; the connector knows the names."""

    base_url: str
    credentials: Mapping[str, Any] = field(repr=False)


def read_connection(client: Any, name: str) -> Connection:
    """client: Secrets Manager. The secret is JSON {"base_url", "credentials": {...}}.

    Raises BusinessException("connection_unusable"): a person has to put it right.
    """
    with aws_faults(missing="connection_missing"):
        text = client.get_secret_value(SecretId=name)["SecretString"]
    try:
        parsed = json.loads(text)
        return Connection(str(parsed["base_url"]).rstrip("/"), dict(parsed["credentials"]))
    except (ValueError, KeyError, TypeError):
        raise BusinessException("connection_unusable", secret=name) from None
