"""One look at what stands where: counts, invoices by status, open exceptions by owner, what is parked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from functions.experience.exceptions import exceptions
from functions.experience.invoices import invoices
from functions.experience.projects import parked, projects
from shared.domain.vendor_account import Standing, VendorAccount
from shared.ports.ports import Ports


def vendor(account: VendorAccount, ports: Ports) -> dict[str, Any]:
    """since: it is down. until: nobody asks it before, a pause or the next probe. Both UTC, None while it is up."""
    now_ms = int(ports.clock.now().timestamp() * 1000)
    standing = account.standing(now_ms)
    until_ms = account.next_probe_ms if account.opened_at_ms else account.paused_until_ms
    return {
        "account": account.account,
        "standing": standing.value,
        "in_use": sum(each.ends_at_ms > now_ms for each in account.held),
        "slots": account.total,
        "waiting": len(account.queue(now_ms)),
        "since": _moment(account.opened_at_ms) if account.opened_at_ms else None,
        "until": _moment(until_ms) if standing is not Standing.UP else None,
    }


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat()


def status(ports: Ports) -> dict[str, Any]:
    policies = ports.policies.current()
    entities = [entity.legal_entity_id for entity in policies.legal_entities]
    return {
        "policies": policies.version,
        "legal_entities": entities,
        "approved_sources": {entity: ports.wip.count_sources(entity) for entity in entities},
        "projects": dict(Counter(row["status"] for row in projects(ports))),
        "invoices": dict(Counter(row["status"] for row in invoices(ports))),
        "open_exceptions": dict(Counter(row["owner"] for row in exceptions(ports, status="open"))),
        "vendors": [vendor(account, ports) for account in ports.slots.accounts()],
        "parked": parked(ports),
        "counts": ports.counts.read(),
    }
