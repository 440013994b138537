"""Runs one simulator as its own program.

`python -m sandbox.<system> --state-dir D --port 0 --ready-file F` listens on loopback and, once it does, writes F:
{"base_url", "control_url", "credentials": {...}, "pid"}. The port is kept in D, so that a restarted simulator is
found where it was, as long as nobody took its port meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from starlette.types import ASGIApp


class Built(NamedTuple):
    app: ASGIApp
    credentials: dict[str, Any]


Build = Callable[[Path, str], Built]
"""(state directory, base url) -> the application and credentials that work against it."""


def _listen(port: int) -> socket.socket:
    # The protocol is named so that asyncio turns Nagle off; else every answer waits 40 ms for an acknowledgement.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    return sock


def _bind(asked: int, remembered: Path) -> socket.socket:
    if asked == 0 and remembered.exists():
        try:
            return _listen(int(remembered.read_text()))
        except (OSError, ValueError):
            pass  # taken by another program, or a half-written file: any free port will do
    return _listen(asked)


def main(system: str, build: Build) -> None:
    parser = argparse.ArgumentParser(prog=f"sandbox.{system}")
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready-file", type=Path)
    args = parser.parse_args()
    args.state_dir.mkdir(parents=True, exist_ok=True)
    remembered = args.state_dir / "port"
    sock = _bind(args.port, remembered)
    port = sock.getsockname()[1]
    remembered.write_text(str(port))
    base_url = f"http://127.0.0.1:{port}"
    built = build(args.state_dir, base_url)
    ready = {"base_url": base_url, "control_url": f"{base_url}/_sim", "credentials": built.credentials}
    sock.listen(256)
    if args.ready_file:
        partial = args.ready_file.with_suffix(".partial")
        partial.write_text(json.dumps(ready | {"pid": os.getpid()}, indent=1))
        partial.replace(args.ready_file)
    server = uvicorn.Server(uvicorn.Config(built.app, log_level="warning", access_log=False))
    server.run(sockets=[sock])
