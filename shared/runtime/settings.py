"""What the deployment tells a function, by environment variables; read once, when the handler is first called."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_QUEUE, _SAGA = "BILLWEAVE_QUEUE_", "BILLWEAVE_SAGA_"


@dataclass(frozen=True, slots=True)
class Settings:
    """A function gets only what its manifest entry grants; the rest is empty here and asking for it raises LookupError.

    queues: url by name ("outbox-parked"). sagas: state machine arn by name ("time_to_bill"). connection: the secret's
    name, never the secret. role: of a connector's system. own: the connector's part of the deployment file.
    """

    deployment: str = ""
    table: str = ""
    bucket: str = ""
    bus: str = ""
    policies: str = ""
    quarantine: str = ""
    connection: str = ""
    system: str = ""
    role: str = ""
    queues: Mapping[str, str] = field(default_factory=dict)
    sagas: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        env = os.environ if environ is None else environ
        return cls(
            deployment=env.get("BILLWEAVE_DEPLOYMENT", ""),
            table=env.get("BILLWEAVE_TABLE", ""),
            bucket=env.get("BILLWEAVE_BUCKET", ""),
            bus=env.get("BILLWEAVE_BUS", ""),
            policies=env.get("BILLWEAVE_POLICIES", ""),
            quarantine=env.get("BILLWEAVE_QUARANTINE", ""),
            connection=env.get("BILLWEAVE_CONNECTION", ""),
            system=env.get("BILLWEAVE_SYSTEM", ""),
            role=env.get("BILLWEAVE_ROLE", ""),
            queues={_plain(name, _QUEUE, "-"): url for name, url in env.items() if name.startswith(_QUEUE)},
            sagas={_plain(name, _SAGA, "_"): arn for name, arn in env.items() if name.startswith(_SAGA)},
            own=json.loads(env.get("BILLWEAVE_SETTINGS") or "{}"),
        )

    def need(self, name: str) -> str:
        """The text setting of this field name. Raises LookupError when the function was not given it."""
        value = str(getattr(self, name))
        if not value:
            raise LookupError(f"BILLWEAVE_{name.upper()} is not set for this function")
        return value


def _plain(variable: str, prefix: str, separator: str) -> str:
    return variable.removeprefix(prefix).lower().replace("_", separator)
