"""Puts the simulator together: one store, one org in memory, one ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from sandbox.kit.faults import FaultLayer, FaultPlan, Limits, Traffic
from sandbox.kit.run import Built
from sandbox.kit.store import Store
from sandbox.salesforce import edge, identity, outbound, relay, seed
from sandbox.salesforce.control import SalesforceControl
from sandbox.salesforce.limits import Usage
from sandbox.salesforce.oauth import OAuth
from sandbox.salesforce.org import Org
from sandbox.salesforce.records import Records
from sandbox.salesforce.rest import Rest
from sandbox.salesforce.schema import Schema
from sandbox.salesforce.sessions import Sessions
from sandbox.salesforce.settings import Settings
from sandbox.salesforce.soap_login import SoapLogin

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


def build(state_dir: Path, base_url: str) -> Built:
    store = Store(state_dir / "salesforce.sqlite")
    who = identity.load(state_dir)
    schema = Schema.packaged()
    for added in store.all("sim:schema"):
        schema.extend(added["added"])
    org = Org(store, schema, Settings.load(store))
    seed.seed(org, who)
    sessions, usage = Sessions(store, org.settings, who.org_id), Usage(store, org.settings)
    plan, limits, traffic = FaultPlan(edge.FAULTS | outbound.FAULTS | relay.FAULTS), Limits(), Traffic()
    messages = outbound.Outbound(org, sessions, plan, who.org_id, base_url)
    relays = relay.Relays(org, plan, who.org_id)

    def restart() -> None:
        org.settings.change(vars(Settings()))
        org.schema = Schema.packaged()
        org.load()
        seed.seed(org, who)
        sessions.load()
        usage.load()
        messages.load()
        relays.load()

    control = SalesforceControl(org, messages, relays, (plan, limits, traffic), restart)
    front = edge.Edge(org, Rest(org, Records(org), usage, f"{base_url}/id/{who.org_id}"), sessions, usage, plan)
    oauth = OAuth(org, who, sessions, base_url)
    soap = SoapLogin(org, who, oauth, sessions, base_url)
    routes = [*control.routes(), *oauth.routes(), *soap.routes(), *front.routes()]
    inner = Starlette(routes=routes, lifespan=_working(messages, relays))
    app = FaultLayer(inner, plan, limits, traffic, edge.throttled, sessions.end_all)
    return Built(app, who.credentials(base_url), _HOSTS)
