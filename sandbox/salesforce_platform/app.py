"""Puts an org together: one store, one org in memory, one ASGI application; the products say what is installed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette

from sandbox.kit.faults import FaultLayer, FaultPlan, Limits, Traffic
from sandbox.kit.run import Built
from sandbox.kit.store import Store
from sandbox.salesforce_platform import edge, identity, outbound, relay, seed
from sandbox.salesforce_platform.control import OrgControl
from sandbox.salesforce_platform.limits import Usage
from sandbox.salesforce_platform.oauth import OAuth
from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.package import Package
from sandbox.salesforce_platform.records import Records
from sandbox.salesforce_platform.rest import Rest
from sandbox.salesforce_platform.sessions import Sessions
from sandbox.salesforce_platform.settings import Settings
from sandbox.salesforce_platform.soap_login import SoapLogin

_HOSTS = tuple(f"{name}.salesforce.com" for name in ("login", "test", "*.my", "*.sandbox.my", "*.develop.my"))


def _working(
    messages: outbound.Outbound, relays: relay.Relays
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """The two workers, for as long as the server runs."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        workers = [asyncio.create_task(messages.run()), asyncio.create_task(relays.run())]
        yield
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    return lifespan


@dataclass(frozen=True)
class Product:
    """One simulated org: what is installed, who works there, its own control calls and settings."""

    system: str
    cast: identity.Cast
    packages: tuple[Package, ...]
    control: type[OrgControl] = OrgControl
    settings: type[Settings] = Settings


def build(product: Product, state_dir: Path, base_url: str) -> Built:
    store = Store(state_dir / f"{product.system}.sqlite")
    who = identity.load(state_dir, product.cast)
    org = Org(store, product.settings.load(store), product.packages)
    seed.seed(org, who)
    sessions, usage = Sessions(store, org.settings, who.org_id), Usage(store, org.settings)
    plan, limits, traffic = FaultPlan(edge.FAULTS | outbound.FAULTS | relay.FAULTS), Limits(), Traffic()
    messages = outbound.Outbound(org, sessions, plan, who.org_id, base_url)
    relays = relay.Relays(org, plan, who.org_id)

    def restart() -> None:
        org.settings.change(vars(product.settings()))
        org.load()
        seed.seed(org, who)
        for part in (sessions, usage, messages, relays):
            part.load()

    control = product.control(product.system, org, messages, relays, (plan, limits, traffic), restart)
    front = edge.Edge(org, Rest(org, Records(org), usage, f"{base_url}/id/{who.org_id}"), sessions, usage, plan)
    oauth = OAuth(org, who, sessions, base_url)
    soap = SoapLogin(org, who, oauth, sessions, base_url)
    routes = [*control.routes(), *oauth.routes(), *soap.routes(), *front.routes()]
    inner = Starlette(routes=routes, lifespan=_working(messages, relays))
    app = FaultLayer(inner, plan, limits, traffic, edge.throttled, sessions.end_all)
    return Built(app, who.credentials(base_url), _HOSTS)
