"""What a Salesforce handler may ask for: the shared ports, the org's client, its names and its connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from functions.connectors.salesforce.settings import SYSTEM, SalesforceSettings
from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    from functions.connectors.salesforce.auth import Credentials
    from functions.connectors.salesforce.client import Salesforce
    from shared.adapters.connection import Connection
    from shared.adapters.vendor_http import VendorHttp
    from shared.adapters.vendor_token import Grant


@dataclass(frozen=True, slots=True)
class Edge:
    """What the webhook checks a caller by."""

    organization_id: str
    webhook_secret: str = field(repr=False)


class SalesforcePorts(AwsPorts):
    @cached_property
    def own(self) -> SalesforceSettings:
        return SalesforceSettings.model_validate(self.settings.own)

    @cached_property
    def scope(self) -> str:
        return self.policies.current().identity_scope

    @cached_property
    def _secret(self) -> Connection:
        from shared.adapters.connection import read_connection

        return read_connection(self.clients.secretsmanager, self.settings.need("connection"))

    @cached_property
    def connection(self) -> Edge:
        told = self._secret.credentials
        return Edge(str(told["org_id"]), str(told["webhook_secret"]))

    @cached_property
    def client(self) -> Salesforce:
        from functions.connectors.salesforce.auth import Credentials
        from functions.connectors.salesforce.client import Salesforce
        from functions.connectors.salesforce.faults import fault_of
        from shared.adapters.vendor_http import VendorHttp
        from shared.adapters.vendor_token import GrantedTokens

        secret, own = self._secret, self.own
        credentials = Credentials.model_validate(secret.credentials)
        login = VendorHttp(SYSTEM, credentials.login_url, fault_of)
        tokens = GrantedTokens(lambda: self._log_in(login, credentials))
        http = VendorHttp(SYSTEM, secret.base_url, fault_of, tokens=tokens)
        return Salesforce(http, self.slots, account=own.account, api_version=own.api_version, page_size=own.page_size)

    def _log_in(self, login: VendorHttp, credentials: Credentials) -> Grant:
        """Salesforce tells no lifetime: ours is a guess by setting, and a refused token is renewed at once."""
        from functions.connectors.salesforce.auth import TOKEN_PATH, token_form
        from shared.adapters.vendor_token import Grant

        answer = login.post(TOKEN_PATH, form=token_form(credentials, self.clock.now()), reads=True).json()
        return Grant(answer["access_token"], self.own.token_minutes * 60.0)
