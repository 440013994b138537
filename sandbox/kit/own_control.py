"""What vendors add to the control API alike, beside the kit's own calls.

GET  /_sim/settings        what an administrator sets up; POST changes some
POST /_sim/clock           {"advance_s": 3601}: moves the simulator's clock forward
POST /_sim/reset           as new; credentials stay
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.kit.clock import MovedClock
from sandbox.kit.settings import VendorSettings
from sandbox.kit.store import Store

Handler = Callable[[Request], Awaitable[Response]]


class Kept(Protocol):
    """A vendor's account or tenant."""

    @property
    def store(self) -> Store: ...
    @property
    def settings(self) -> VendorSettings: ...
    @property
    def clock(self) -> MovedClock: ...
    def reset(self) -> None: ...


class OwnControl:
    """posts: a vendor's calls that write, by path. refuses: what they raise that is shown to the caller."""

    refuses: tuple[type[Exception], ...] = (ValueError,)

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def posts(self) -> Mapping[str, Handler]:
        return {}

    def routes(self) -> list[Route]:
        alike = {
            "/_sim/settings": self.change_settings,
            "/_sim/clock": self.advance,
            "/_sim/reset": self.reset,
        }
        posts = {**alike, **self.posts()}
        return [
            Route("/_sim/settings", self.show_settings, methods=["GET"]),
            *(Route(path, self._told(handler), methods=["POST"]) for path, handler in posts.items()),
        ]

    def refusal(self, refused: Exception) -> Response:
        """With the status it names, else 400: the call said too little."""
        return JSONResponse({"error": str(refused)}, getattr(refused, "status", 400))

    def settings_changed(self) -> None:
        """What was worked out from them is not so any more."""

    def now(self) -> str:
        """As the vendor writes it."""
        return self._kept.clock.now().isoformat()

    async def show_settings(self, _: Request) -> Response:
        return JSONResponse(self._kept.settings.as_json())

    async def change_settings(self, request: Request) -> Response:
        self._kept.settings.change(await body_of(request))
        self._kept.settings.save(self._kept.store)
        self.settings_changed()
        return await self.show_settings(request)

    async def advance(self, request: Request) -> Response:
        self._kept.clock.advance(float((await body_of(request)).get("advance_s", 0)))
        return JSONResponse({"now": self.now()})

    async def reset(self, _: Request) -> Response:
        self._kept.reset()
        return JSONResponse({})

    def _told(self, handler: Handler) -> Handler:
        async def told(request: Request) -> Response:
            try:
                return await handler(request)
            except self.refuses as refused:
                return self.refusal(refused)

        return told


async def body_of(request: Request) -> dict[str, Any]:
    body = await request.json() if await request.body() else {}
    return body if isinstance(body, dict) else {}
