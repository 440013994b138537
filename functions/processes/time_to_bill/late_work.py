"""Work that comes so late that somebody must agree to bill it: one exception per contract, holding what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.domain.contract import Contract
from shared.domain.exception import ExceptionStatus
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.usecases.group_wip import Left
from shared.usecases.late_work import LATE_WORK
from shared.usecases.open_exception import exception_id

AT_ONCE = 200
"""Items one exception asks about; the rest come when these are decided."""


def allowed_late(contract: Contract, ports: Ports) -> frozenset[str]:
    """The items (wip ids) that somebody said may be billed, now or before."""
    trouble = ports.exceptions.find(exception_id(LATE_WORK, contract.contract_id))
    if trouble is None:
        return frozenset()
    before = _ids(trouble.facts.get("allowed", ""))
    said_yes = trouble.status is ExceptionStatus.RESOLVED and trouble.resolution == "approve"
    return before | _ids(trouble.facts.get("items", "")) if said_yes else before


def tell_late_work(contract: Contract, items: Sequence[WipItem], left: Iterable[Left], ports: Ports) -> None:
    late = sorted(each.wip_id for each in left if each.reason == LATE_WORK)[:AT_ONCE]
    if not late:
        close_trouble(ports, contract.contract_id, [LATE_WORK])
        return
    days = [item.worked_on for item in items if item.wip_id in late]
    raise_trouble(
        ports,
        LATE_WORK,
        contract.contract_id,
        legal_entity_id=contract.legal_entity_id,
        correlation_id=contract.contract_id,
        facts={
            "project": contract.project_name,
            "items": ",".join(late),
            "allowed": ",".join(sorted(allowed_late(contract, ports))),
            "count": str(len(late)),
            "worked": f"{min(days).isoformat()} to {max(days).isoformat()}",
        },
    )


def _ids(text: str) -> frozenset[str]:
    return frozenset(text.split(",")) - {""}
