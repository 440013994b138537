"""The Certinia connector on the simulator, with every shared port in memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from functions.connectors.certinia.settings import CertiniaSettings
from functions.connectors.certinia.wiring import open_org
from sandbox.certinia import administer
from shared.adapters.connection import Connection
from tests.contract.simulators.certinia_org import Psa
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts

OURS = "11111111-1111-5111-8111-111111111111"
"""Our id of the project that `Psa` opens."""


class CertiniaFakes(FakePorts):
    def __init__(self, psa: Psa, settings: CertiniaSettings) -> None:
        super().__init__(clock=FakeClock(datetime.now(UTC)))
        self.slots.pauses = False
        connection = Connection(str(psa.org.client.base_url).rstrip("/"), psa.org.credentials)
        self.psa = settings
        self.org = open_org(connection, self.slots, self.clock, settings)


def certinia_ports(psa: Psa, **settings: Any) -> CertiniaFakes:
    """The administrator's fields are there, the opened project is ours. Settling is switched off: the simulator's change
    times tell milliseconds apart."""
    administer.set_up(psa.org.ready)
    if psa.project:
        psa.org.change("pse__Proj__c", psa.project, Fabric_Key__c=OURS)
    return CertiniaFakes(psa, CertiniaSettings.model_validate({"settle_s": 0} | settings))


def drain(pull: Callable[[CertiniaFakes], int | None], ports: CertiniaFakes) -> int:
    """Pages until there is none left now; a page due later is waited for, for the vendor's seconds are real."""
    for page in range(1, 60):
        due = pull(ports)
        if due is None:
            return page
        time.sleep(0.3 if due else 0)
    raise AssertionError("the feed does not end")
