"""The Kantata connector on the simulator, with every shared port in memory."""

from __future__ import annotations

from datetime import UTC, datetime

from functions.connectors.kantata.settings import KantataSettings
from functions.connectors.kantata.wiring import open_account
from shared.adapters.connection import Connection
from tests.contract.simulators.kantata_account import Account
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts


class KantataFakes(FakePorts):
    def __init__(self, account: Account, settings: KantataSettings) -> None:
        super().__init__(clock=FakeClock(datetime.now(UTC)))
        self.slots.pauses = False
        connection = Connection(str(account.client.base_url).rstrip("/"), account.credentials)
        self.psa = settings
        self.kantata = open_account(connection, self.slots, settings)


def kantata_ports(account: Account, **settings: object) -> KantataFakes:
    return KantataFakes(account, KantataSettings.model_validate(settings))
