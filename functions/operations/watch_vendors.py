"""Schedule, every minute: a vendor that only fails is trouble somebody sees; it closes by itself when the vendor answers.

Nothing here calls a vendor: the next command or poll that is due asks it (shared/adapters/slots.py).
"""

from __future__ import annotations

from datetime import UTC, datetime

from shared.domain.vendor_account import VendorAccount
from shared.ports.ports import Ports
from shared.runtime.scheduled import scheduled
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.runtime.wiring import AwsPorts

DOWN = "vendor_down"


@scheduled(wire=AwsPorts.from_env)
def handler(ports: Ports) -> dict[str, int]:
    accounts = ports.slots.accounts()
    down = [account for account in accounts if account.opened_at_ms]
    for account in accounts:
        if account in down:
            tell(account, ports)
        else:
            close_trouble(ports, account.account, [DOWN])
    return {"accounts": len(accounts), "down": len(down)}


def tell(account: VendorAccount, ports: Ports) -> None:
    """The same words every minute, so that one outage is one record, written once."""
    since = datetime.fromtimestamp(account.opened_at_ms // 1000, UTC).isoformat()
    ports.counts.add(DOWN, account=account.account)
    raise_trouble(
        ports,
        DOWN,
        account.account,
        legal_entity_id=ports.policies.current().identity_scope,
        correlation_id=account.account,
        facts={"account": account.account, "since": since},
    )
