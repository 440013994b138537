"""One port that answers http, https and, as a proxy, CONNECT.

A client library with the vendor's host names built in is run unchanged: it is told that this port is its proxy, says
`CONNECT login.vendor.example:443`, and then finds the simulator behind a certificate for that name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl

import uvicorn

_PATIENCE_S = 60.0
_LONGEST_HEAD = 16_384


class Front(uvicorn.Server):
    """uvicorn behind a listener of our own, which looks at the first byte of each connection."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, context: ssl.SSLContext) -> None:
        super().__init__(config)
        self._listener, self._context = listener, context
        self._greetings: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self._listener.setblocking(False)
        self._accepting = asyncio.create_task(self._accept())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._accepting.cancel()
        self._listener.close()
        for greeting in list(self._greetings):
            greeting.cancel()
        await super().shutdown(sockets=[])

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(self._listener)
            greeting = asyncio.create_task(self._greet(connection))
            self._greetings.add(greeting)
            greeting.add_done_callback(self._greetings.discard)

    async def _greet(self, connection: socket.socket) -> None:
        handed_over = False
        try:
            start = await _peek(connection)
            if start.startswith(b"CONNECT"):
                await _accept_tunnel(connection)
                start = await _peek(connection)
            if not start:
                return
            handed_over = True  # the transport closes the socket from here on
            secure = self._context if start[0] == 0x16 else None
            loop = asyncio.get_running_loop()
            goodbye_s = 1.0 if secure else None  # a client that idles need not say goodbye before we may end
            await loop.connect_accepted_socket(self._protocol, connection, ssl=secure, ssl_shutdown_timeout=goodbye_s)
        except (OSError, TimeoutError):
            pass  # the caller went away, or does not trust our authority: its own affair
        finally:
            if not handed_over:
                connection.close()

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


async def _peek(connection: socket.socket) -> bytes:
    """The first bytes, left where they are; empty when the caller hung up. Raises TimeoutError."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(connection, readable.set)
    try:
        await asyncio.wait_for(readable.wait(), _PATIENCE_S)
    finally:
        loop.remove_reader(connection)
    return connection.recv(8, socket.MSG_PEEK)


async def _accept_tunnel(connection: socket.socket) -> None:
    """Reads the CONNECT request, whatever host it names, and agrees. Raises OSError for one that never ends."""
    loop = asyncio.get_running_loop()
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = await asyncio.wait_for(loop.sock_recv(connection, 1), _PATIENCE_S)  # not a byte past the head
        head += byte
        if not byte or len(head) > _LONGEST_HEAD:
            raise OSError("no end of the CONNECT request")
    await loop.sock_sendall(connection, b"HTTP/1.1 200 Connection established\r\n\r\n")
