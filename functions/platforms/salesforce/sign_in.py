"""An org behind a connection secret: a client that signs on by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import httpx

    from functions.platforms.salesforce.client import Org
    from shared.adapters.connection import Connection
    from shared.adapters.vendor_http import FaultTable
    from shared.ports.flow import Clock, Slots


class OrgSettings(Protocol):
    """What a connector's settings say of its org."""

    @property
    def account(self) -> str: ...
    @property
    def api_version(self) -> str: ...
    @property
    def page_size(self) -> int: ...
    @property
    def token_minutes(self) -> int: ...


def sign_in(
    system: str,
    connection: Connection,
    fault_of: FaultTable,
    slots: Slots,
    clock: Clock,
    settings: OrgSettings,
    transport: httpx.BaseTransport | None = None,
) -> Org:
    """transport: tests bring their own. HTTP and signing are imported here: a handler that needs neither does not pay.

    The platform tells no lifetime of a token: ours is a guess by setting, and a refused token is renewed at once.
    """
    from functions.platforms.salesforce.auth import TOKEN_PATH, Credentials, token_form
    from functions.platforms.salesforce.client import Org
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import Grant, GrantedTokens

    credentials = Credentials.model_validate(connection.credentials)
    login = VendorHttp(system, credentials.login_url, fault_of, transport=transport)

    def ask() -> Grant:
        answer = login.post(TOKEN_PATH, form=token_form(credentials, clock.now()), reads=True).json()
        return Grant(str(answer["access_token"]), settings.token_minutes * 60.0)

    http = VendorHttp(system, connection.base_url, fault_of, tokens=GrantedTokens(ask), transport=transport)
    return Org(
        http,
        fault_of,
        slots,
        account=settings.account,
        api_version=settings.api_version,
        page_size=settings.page_size,
    )
