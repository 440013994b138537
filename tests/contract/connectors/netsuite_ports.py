"""The NetSuite connector on the simulator, with every shared port in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from functions.connectors.netsuite.currencies import Currencies
from functions.connectors.netsuite.settings import NetSuiteSettings
from functions.connectors.netsuite.wiring import open_account
from shared.adapters.connection import Connection
from tests.contract.simulators.netsuite_account import Account
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts


class NetSuiteFakes(FakePorts):
    def __init__(self, account: Account, settings: NetSuiteSettings) -> None:
        super().__init__(clock=FakeClock(datetime.now(UTC)))
        self.slots.pauses = False
        self.erp = settings
        self.netsuite = open_account(
            Connection(account.base_url, account.credentials), self.slots, self.clock, settings
        )
        self.currencies = Currencies(self.netsuite)


def netsuite_ports(account: Account, **changes: Any) -> NetSuiteFakes:
    german, tax_type = account.tax_code("S-DE"), account.rows("SELECT id FROM taxtype WHERE country = 'DE'")[0]["id"]
    settings = {
        "subsidiaries": {"US": "1", "DE": "2"},
        "items": {"time": account.item(), "expense": account.item("Expenses"), "default": account.item("Fixed Fee")},
        "terms": {"30": "3"},
        "tax_codes": {"DE:S/19": {"code": german, "type": tax_type}},
    }
    return NetSuiteFakes(account, NetSuiteSettings.model_validate(settings | changes))
