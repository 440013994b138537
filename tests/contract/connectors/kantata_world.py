"""Kantata held to the promises: approved time as the feed, a project as the command."""

from __future__ import annotations

import time
from typing import Any

from functions.connectors.kantata.commands import reference
from functions.connectors.kantata.pull_time import pull_time
from tests.contract.connectors.kantata_ports import kantata_ports
from tests.contract.connectors.test_kantata_commands import order
from tests.contract.simulators.kantata_account import Account, firm


class KantataWorld:
    system = "kantata"
    events_each = 1

    def __init__(self, account: Account) -> None:
        self._account, self._firm = account, firm(account)
        self._own = len(account.rows("workspaces"))
        self.ports = kantata_ports(account, page_size=2)
        self.secrets = (account.credentials["token"], account.credentials["client_secret"])

    def happen(self, count: int) -> None:
        of = self._firm
        entries = self._account.entries(of.workspace["id"], of.consultants[0]["id"], count)
        self._account.approve(of.workspace["id"], entries)

    def pull(self) -> int | None:
        due = pull_time(self.ports)
        if due:
            time.sleep(0.2)
        return due

    def command(self) -> Any:
        return reference.step(order(), self.ports)

    def made(self) -> int:
        return len(self._account.rows("workspaces")) - self._own

    def plant(self, side: str, action: str, **fault: Any) -> None:
        where = (
            {"method": "GET", "path": "/time_entries"} if side == "feed" else {"method": "POST", "path": "/workspaces"}
        )
        self._account.fault(action=action, **where, **fault)
