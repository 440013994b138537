"""The conservation check on live data: approved = open + claimed + invoiced - credited + written off, to the cent."""

from __future__ import annotations

from typing import Any

from shared.ports.ports import Ports
from shared.usecases.conservation import ConservationRow, conservation


def audit(ports: Ports, *, legal_entity: str | None = None) -> dict[str, Any]:
    """{"holds", "by_legal_entity": totals per legal entity and currency, "by_project": the rows themselves}."""
    entities = [legal_entity] if legal_entity else [e.legal_entity_id for e in ports.policies.current().legal_entities]
    rows = [row for entity in entities for row in rows_of(entity, ports)]
    return {
        "holds": all(row.holds for row in rows),
        "by_legal_entity": totals(rows),
        "by_project": [as_view(row) for row in rows],
    }


def rows_of(legal_entity_id: str, ports: Ports) -> tuple[ConservationRow, ...]:
    return conservation(
        list(ports.wip.sources_of_legal_entity(legal_entity_id)),
        list(ports.wip.of_legal_entity(legal_entity_id)),
        list(ports.invoices.of_legal_entity(legal_entity_id)),
        list(ports.write_offs.of_legal_entity(legal_entity_id)),
    )


_AMOUNTS = ("approved", "open", "claimed", "invoiced", "credited", "written_off", "difference")


def as_view(row: ConservationRow) -> dict[str, Any]:
    amounts = {name: str(getattr(row, name)) for name in _AMOUNTS}
    return {
        "legal_entity": row.legal_entity,
        "project_id": row.project,
        "currency": row.currency,
        **amounts,
        "holds": row.holds,
    }


def totals(rows: list[ConservationRow]) -> list[dict[str, Any]]:
    keys = sorted({(row.legal_entity, row.currency) for row in rows})
    found = []
    for entity, currency in keys:
        of_key = [row for row in rows if (row.legal_entity, row.currency) == (entity, currency)]
        sums = {name: str(sum(getattr(row, name) for row in of_key)) for name in _AMOUNTS}
        holds = all(row.holds for row in of_key)
        found.append({"legal_entity": entity, "currency": currency, **sums, "holds": holds})
    return found
