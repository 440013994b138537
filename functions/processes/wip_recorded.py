"""What is told of every item of WIP: that it stands."""

from __future__ import annotations

from events.envelope import AnyEnvelope
from events.wip_recorded.v1 import WipRecorded
from functions.processes.from_events import as_amount
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.runtime.announce import announce


def wip_recorded(item: WipItem, cause: AnyEnvelope | None, ports: Ports) -> AnyEnvelope:
    return announce(
        WipRecorded(
            wip_id=item.wip_id,
            kind=item.kind.value,
            contract_id=item.contract_id,
            line_id=item.line_id,
            project_id=item.project_id,
            source_id=item.source_id,
            value=as_amount(item.value),
            quantity=item.valuation.quantity,
            unit=item.valuation.unit,
            unit_price=item.valuation.unit_price.amount,
            rule=item.valuation.rule,
            worked_on=item.worked_on,
            reverses=item.reverses,
        ),
        process="time_to_bill",
        subject=item.wip_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=item.contract_id,
        legal_entity=item.legal_entity_id,
        caused_by=cause.id if cause else None,
    )
