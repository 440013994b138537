"""What each vendor's administrator does once so that the vendor and this fabric know each other: sandbox/<system>/administer.py.

`set_up(told)` of that file gets the system's part of estate.json (`webhook_url` if the vendor calls us), with `partner_bus`
(endpoint_url, region, access_key, bus) if one is deployed for it. Data are kept between estates: it must not do twice what
is there, and takes away what leads to an earlier estate. A system without the file needs nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

from sandbox.estate.description import Estate
from sandbox.estate.processes import ROOT, EstateError
from sandbox.firm.vendor_calls import Refused


def vendors(estate: Estate) -> None:
    """Raises EstateError if a vendor refuses."""
    for system in estate.systems:
        if (ROOT / "sandbox" / system / "administer.py").exists():
            try:
                importlib.import_module(f"sandbox.{system}.administer").set_up(told(estate, system))
            except Refused as exc:
                raise EstateError(f"{system}: {exc}") from exc


def told(estate: Estate, system: str) -> dict[str, Any]:
    bus = estate.resources.get(f"{system}_partner_bus")
    if bus is None:
        return estate.systems[system]
    aws = estate.aws
    partner = {"endpoint_url": aws["endpoint_url"], "region": aws["region"], "access_key": aws["account"], "bus": bus}
    return estate.systems[system] | {"partner_bus": partner}
