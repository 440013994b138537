"""A write-off as people read it, with the realization it leaves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.domain.write_off import WriteOff

_RATIO = Decimal("0.0001")


def view_write_off(write_off: WriteOff) -> dict[str, Any]:
    """Amounts as text. realization_ratio: what is left of the items' rate-card value, of that value."""
    rate_card = sum((line.rate_card_value.amount for line in write_off.lines), Decimal(0))
    left = rate_card - write_off.value.amount
    return {
        "write_off_id": write_off.write_off_id,
        "request_id": write_off.request_id,
        "legal_entity": write_off.legal_entity_id,
        "contract_id": write_off.contract_id,
        "status": write_off.status.value,
        "currency": write_off.value.currency,
        "rate_card_value": f"{rate_card:f}",
        "written_off": f"{write_off.value.amount:f}",
        "realization_ratio": f"{(left / rate_card).quantize(_RATIO):f}" if rate_card else None,
        "reason": write_off.reason,
        "note": write_off.note,
        "submitter": write_off.submitter,
        "submitted_at": write_off.submitted_at.isoformat(),
        "approver": write_off.approver,
        "approved_at": write_off.approved_at.isoformat() if write_off.approved_at else None,
        "rule": write_off.rule,
        "ended_by": write_off.ended_by,
        "ended_why": write_off.ended_why,
        "lines": [
            {
                "wip_id": line.wip_id,
                "project_id": line.project_id,
                "description": line.description,
                "rate_card_value": f"{line.rate_card_value.amount:f}",
                "written_off": f"{line.written_off.amount:f}",
                "whole": line.whole,
            }
            for line in write_off.lines
        ],
    }
