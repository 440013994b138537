"""What a client of the estate needs to know: the content of estate.json, typed, and how it is kept."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sandbox.estate.emulator import Emulator
from sandbox.estate.processes import EstateError


@dataclass(frozen=True)
class Estate:
    """aws: endpoint_url, region, account. api: base_url, token (a bearer token for every route), issuer (token_url,
    client_id, client_secret, audience). resources: every stack output in snake_case, and the deployment's name.
    systems: base_url, control_url and working credentials of each vendor simulator; webhook_url of one that pushes,
    tls (base_url, ca_file, proxy_url) of one that answers https, too. roles: which of them is the crm, the psa, the erp.
    """

    aws: dict[str, str]
    api: dict[str, Any]
    resources: dict[str, str]
    systems: dict[str, dict[str, Any]]
    roles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, state_dir: Path) -> Estate:
        """Raises EstateError if no estate is up in `state_dir`."""
        told = read_json(state_dir / "estate.json")
        if told is None:
            raise EstateError(f"no estate is up in {state_dir}: `billweave up` starts one")
        return cls(**{name: told[name] for name in cls.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def emulator(self) -> Emulator:
        return Emulator(self.aws["endpoint_url"], self.aws["account"], self.aws["region"])

    def client(self, service: str) -> Any:
        """A boto3 client on this estate."""
        return self.emulator().client(service)


def read_json(path: Path) -> dict[str, Any] | None:
    """None if there is no such file. Files are put in place whole, so half a file is an error."""
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    return found


def private_json(path: Path, content: dict[str, Any]) -> None:
    """In one step and for the owner alone: there are credentials in it."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
        json.dump(content, out, indent=1)
    partial.replace(path)


def private_text(path: Path, text: str) -> str:
    """What `path` holds; if there is nothing yet, `text` is put there, for the owner alone."""
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(text)
        partial.replace(path)
    return path.read_text()
