"""The org's identity and its connected apps: made once, kept in the state directory, the same after a reset.

Two apps: `fabric`, for the integration user, and `people`, for those who work in the org: an administrator and
others. Each app has a certificate key pair (JWT bearer), a secret with a run-as user (client credentials), and
the users approved for it in advance.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.salesforce_platform.ids import make_id

API_VERSION = "66.0"


@dataclass(frozen=True)
class Cast:
    """Whose org it is. people: part of the user name before the @ -> (first, last); integration, administrator, others.

    `run_as`: who client credentials of the people's app run as.
    """

    my_domain: str
    people: Mapping[str, tuple[str, str]]
    run_as: str


@dataclass(frozen=True)
class App:
    name: str
    client_id: str
    client_secret: str
    private_key: str
    run_as: str
    users: tuple[str, ...]

    def public_key(self) -> Any:
        return serialization.load_pem_private_key(self.private_key.encode(), None).public_key()


@dataclass(frozen=True)
class Person:
    """A user as seeded. `password` is the password alone; SOAP login wants password + security token."""

    username: str
    first: str
    last: str
    password: str
    security_token: str


@dataclass(frozen=True)
class Identity:
    my_domain: str
    org_id: str
    apps: tuple[App, ...]
    people: tuple[Person, ...]

    def app(self, client_id: str) -> App | None:
        return next((app for app in self.apps if app.client_id == client_id), None)

    def credentials(self, base_url: str) -> dict[str, Any]:
        """What the ready file shows: the integration's, and beside them those of the people."""
        fabric, people = self.apps
        passwords = {p.username: {"password": p.password, "security_token": p.security_token} for p in self.people}
        return self._of(fabric, base_url) | {
            "people": self._of(people, base_url) | {"usernames": list(people.users)},
            "passwords": passwords,
        }

    def _of(self, app: App, base_url: str) -> dict[str, Any]:
        return {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "private_key": app.private_key,
            "username": app.run_as,
            "login_url": base_url,
            "audience": "https://login.salesforce.com",
            "org_id": self.org_id,
            "api_version": API_VERSION,
            "my_domain": f"{self.my_domain}.my.salesforce.com",
        }


def load(state_dir: Path, cast: Cast) -> Identity:
    path = state_dir / "identity.json"
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(_made(cast)))
        os.replace(partial, path)
    kept = json.loads(path.read_text())
    apps = tuple(App(**{**app, "users": tuple(app["users"])}) for app in kept["apps"])
    return Identity(cast.my_domain, kept["org_id"], apps, tuple(Person(**one) for one in kept["people"]))


def _made(cast: Cast) -> dict[str, Any]:
    people = [
        {"username": f"{name}@{cast.my_domain}.example", "first": first, "last": last,
         "password": secrets.token_urlsafe(9), "security_token": secrets.token_urlsafe(18)}
        for name, (first, last) in cast.people.items()
    ]  # fmt: skip
    users = [str(one["username"]) for one in people]
    apps = [_app("fabric", users[0], users[:1]), _app("people", f"{cast.run_as}@{cast.my_domain}.example", users[1:])]
    return {"org_id": make_id("00D", secrets.randbelow(10**9)), "apps": apps, "people": people}


def _app(name: str, run_as: str, users: list[str]) -> dict[str, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "name": name,
        "client_id": f"3MVG9{secrets.token_urlsafe(48)}",
        "client_secret": secrets.token_hex(32).upper(),
        "private_key": pem.decode(),
        "run_as": run_as,
        "users": users,
    }
