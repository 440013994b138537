"""Puts one Kantata account together on a state directory."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.kantata.api import Api
from sandbox.kantata.auth import Auth, load_credentials
from sandbox.kantata.book import Book
from sandbox.kantata.clock import Clock
from sandbox.kantata.control import KantataControl
from sandbox.kantata.feed import EVENT_FAULTS, Feed
from sandbox.kantata.limits import RateLimits, throttled
from sandbox.kantata.listing import LIST_FAULTS
from sandbox.kantata.seeds import field_ids, seed
from sandbox.kantata.settings import Settings
from sandbox.kit.faults import Fault, FaultLayer, FaultPlan, Limits, Traffic
from sandbox.kit.run import Built
from sandbox.kit.store import Store


class RequestIds:
    """Every answer names its request, as the vendor's do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = secrets.token_hex(16)
                headers["x-runtime"] = f"{time.perf_counter() - started:.6f}"
            await send(message)

        await self._app(scope, receive, send_named)


def _settings(store: Store) -> Settings:
    settings = Settings()
    settings.change(store.get("settings", "settings") or {})
    return settings


def _last_change(book: Book) -> str:
    """The newest stamp there is, so that a clock that went back gives nothing older."""
    stamps = [row["created_at"] for row in book.all("subscribed_events")]
    return max(stamps, default="")


def build(state_dir: Path, base_url: str) -> Built:
    store = Store(state_dir / "kantata.sqlite")
    credentials = load_credentials(state_dir / "credentials.json")
    book, settings = Book(store), _settings(store)
    clock = Clock((store.get("clock", "clock") or {}).get("offset_s", 0.0))
    auth = Auth(store, book, credentials)
    plan, limits, traffic = FaultPlan(EVENT_FAULTS | LIST_FAULTS), Limits(), Traffic()
    feed = Feed(book, settings, plan)
    api = Api(book, auth, settings, clock, feed, plan, RateLimits(settings))
    seed(book, auth, settings, clock, feed)
    control = KantataControl("kantata", store, plan, limits, traffic)
    control.book, control.auth, control.settings, control.clock = book, auth, settings, clock
    control.seed = lambda: seed(book, auth, settings, clock, feed)
    control.call = lambda: api.call(next(u for u in book.all("users") if u["permission"] == "admin"))
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    main = Route("/api/v1/{path:path}", api.handle, methods=methods)
    app = Starlette(routes=[*control.own_routes(), *auth.routes(), main])

    def over(fault: Fault | None) -> object:
        asked = fault.params.get("retry_after") if fault else None
        return throttled(float(asked) if asked is not None else settings.retry_after_s)

    layered = FaultLayer(app, plan, limits, traffic, over, lambda: auth.set_revoked(True))  # type: ignore[arg-type]
    ready = credentials | {
        "api_url": f"{base_url}/api/v1", "authorize_url": f"{base_url}/oauth/authorize",
        "token_url": f"{base_url}/oauth/token", "custom_fields": field_ids(book),
    }  # fmt: skip
    return Built(RequestIds(layered), ready, ("api.mavenlink.com", "app.mavenlink.com"))
