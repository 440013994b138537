"""Lets client libraries that insist on https://<account>.suitetalk.api.netsuite.com reach the simulator unchanged.

A forward proxy on loopback: CONNECT to a NetSuite host ends here, with a certificate of a private authority, and goes
on to the simulator. `python -m sandbox.netsuite.front --target http://127.0.0.1:PORT --state-dir D --ready-file F`
writes {"proxy_url", "ca_file"}; a client then runs with HTTPS_PROXY=proxy_url and SSL_CERT_FILE (httpx) or
REQUESTS_CA_BUNDLE (requests) = ca_file. Any other host is refused: nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.netsuite.authority import write_authority

_CHUNK = 65536


class Front:
    def __init__(self, target: str, certificate: Path) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: the CONNECT line, TLS, then bytes both ways until either side ends."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            verb, address, *_ = head.split(" ")
            if verb != "CONNECT" or not address.partition(":")[0].endswith(".netsuite.com"):
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.start_tls(self._tls)
            await self._join(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass  # the client went away
        finally:
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(self._host, self._port)
        try:
            await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))
        finally:
            inner_writer.close()


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while chunk := await source.read(_CHUNK):
            sink.write(chunk)
            await sink.drain()
    sink.close()


async def run(target: str, state_dir: Path, ready_file: Path | None) -> None:
    certificate, authority = write_authority(state_dir)
    server = await asyncio.start_server(Front(target, certificate).serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if ready_file:
        partial = ready_file.with_suffix(".partial")
        partial.write_text(json.dumps({"proxy_url": f"http://127.0.0.1:{port}", "ca_file": str(authority)}))
        partial.replace(ready_file)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.netsuite.front")
    parser.add_argument("--target", required=True)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--ready-file", type=Path)
    args = parser.parse_args()
    args.state_dir.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(args.target, args.state_dir, args.ready_file))


if __name__ == "__main__":
    main()
