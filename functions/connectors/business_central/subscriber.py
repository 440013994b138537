"""Who listens to the tenant's notifications: our address, and the secret it ends in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Both empty where the connection secret names none: then nobody is let in and nothing is subscribed."""

    address: str = field(repr=False)
    secret: str = field(repr=False)


def subscriber_of(credentials: Mapping[str, Any]) -> Subscriber:
    return Subscriber(str(credentials.get("webhook_url") or ""), str(credentials.get("webhook_secret") or ""))
