"""`billweave fx`: exchange rates are loaded from a source's file, and looked up as finance's rules use them."""

from __future__ import annotations

import base64
import getpass
from pathlib import Path
from typing import Any

from cli.connection import Connection, ConnectionFailed
from cli.show import as_json, console

LARGEST = 4_000_000
"""Bytes: what one invocation takes, in base64, is 6 MB."""


def load(connection: Connection, file: Path, json_: bool) -> None:
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise ConnectionFailed(f"{file} cannot be read: {exc.strerror}") from exc
    if len(content) > LARGEST:
        raise ConnectionFailed(
            f"{file} has {len(content)} bytes, over {LARGEST}: load it zipped, as the source offers it"
        )
    payload = {"content": base64.b64encode(content).decode(), "requested_by": getpass.getuser()}
    done = connection.act("load-exchange-rates", payload)
    if json_:
        as_json(done)
        return
    words = f"{done['days']} days, {done['first']} to {done['last']}; {done['new']} of them new"
    console().print(f"{done['source']}: {words}")


def rate(connection: Connection, asked: dict[str, str], json_: bool) -> None:
    found: dict[str, Any] = connection.act("find-exchange-rate", asked)
    if json_:
        as_json(found)
        return
    out = console()
    out.print(f"{found['amount']} are {found['converted']} ({found['direction']})")
    out.print(f"by {found['source']} of {found['published_on']}, rule {found['rule']} for {found['asked_on']}")
    out.print(
        f"1 EUR = {found['from_per_euro']} {asked['from_currency']} = {found['to_per_euro']} {asked['to_currency']}"
    )
