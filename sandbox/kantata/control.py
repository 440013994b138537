"""What `/_sim/` has besides the kit's calls.

POST /_sim/users            one person or a list (see people.add_user) -> {"users": [{..., "token"}]}
GET  /_sim/users            everybody with permission and a token that works
POST /_sim/tokens           {"user_id"} -> {"token", "user_id"}
POST /_sim/tokens/restore   revoked tokens work again (after the fault expire_token)
GET  /_sim/settings         all settings; POST changes some (settings.py), 400 names what is wrong
POST /_sim/clock            {"advance_s": N}: the vendor's clock runs N seconds further ahead of ours
POST /_sim/reset            as in the kit; then the two standing people, their tokens and the seeds are there again
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.kantata import people
from sandbox.kantata.auth import Auth
from sandbox.kantata.book import Book, Record
from sandbox.kantata.call import Call
from sandbox.kantata.clock import Clock
from sandbox.kantata.errors import ApiError
from sandbox.kantata.settings import Settings
from sandbox.kit.control import Control


class KantataControl(Control):
    book: Book
    auth: Auth
    settings: Settings
    clock: Clock
    call: Callable[[], Call]
    seed: Callable[[], None]

    def own_routes(self) -> list[Route]:
        return [
            Route("/_sim/users", self.add_users, methods=["POST"]),
            Route("/_sim/users", self.show_users),
            Route("/_sim/tokens", self.issue, methods=["POST"]),
            Route("/_sim/tokens/restore", self.restore, methods=["POST"]),
            Route("/_sim/settings", self.show_settings),
            Route("/_sim/settings", self.change_settings, methods=["POST"]),
            Route("/_sim/clock", self.advance, methods=["POST"]),
            *self.routes(),
        ]

    async def add_users(self, request: Request) -> Response:
        body: Any = await request.json()
        try:
            with self.book.work():
                made = [people.add_user(self.call(), spec) for spec in (body if isinstance(body, list) else [body])]
                users = [self._user(user, self.auth.issue(user["id"])) for user in made]
        except ApiError as refusal:
            return refusal.response()
        return JSONResponse({"users": users}, 201)

    def _user(self, user: Record, token: str | None) -> Record:
        names = ("id", "full_name", "email_address", "permission", "role_id")
        return {name: user[name] for name in names} | {"token": token}

    async def show_users(self, _: Request) -> Response:
        users = [self._user(user, self.auth.token_of(user["id"])) for user in self.book.all("users")]
        return JSONResponse({"users": users})

    async def issue(self, request: Request) -> Response:
        body = await request.json()
        user = self.book.get("users", str(body.get("user_id")))
        if user is None:
            return JSONResponse({"error": f"user_id: nobody has the id {body.get('user_id')!r}"}, 404)
        return JSONResponse({"token": self.auth.issue(user["id"]), "user_id": user["id"]}, 201)

    async def restore(self, _: Request) -> Response:
        self.auth.set_revoked(False)
        return JSONResponse({})

    async def show_settings(self, _: Request) -> Response:
        return JSONResponse(self.settings.as_json())

    async def change_settings(self, request: Request) -> Response:
        try:
            self.settings.change(await request.json())
        except ValueError as exc:
            return JSONResponse({"error": str(exc)}, 400)
        self.book.forget()
        self.book.store.put("settings", "settings", self.settings.as_json())
        return JSONResponse(self.settings.as_json())

    async def advance(self, request: Request) -> Response:
        body = await request.json()
        self.clock.offset_s += float(body.get("advance_s", 0))
        self.book.store.put("clock", "clock", {"offset_s": self.clock.offset_s})
        return JSONResponse({"offset_s": self.clock.offset_s, "now": self.clock.now()})

    async def reset(self, request: Request) -> Response:
        await super().reset(request)
        self.settings.change(Settings().as_json())
        self.clock.reset()
        self.book.reload()
        self.auth.reload()
        self.seed()
        return JSONResponse({})
