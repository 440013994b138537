"""A billing hold is placed or released: the newest word counts, each is a version of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.domain.audit import Act
from shared.domain.hold import Hold, HoldLevel

Change = Callable[[Hold | None], tuple[Hold, Act] | None]


def hold_change(
    level: HoldLevel, subject_id: str, legal_entity_id: str, *, held: bool, reason: str, by: str, at: datetime
) -> Change:
    """The next version and its act; None where the subject is as wanted already: held twice is held once, and one
    release lets go.
    Source: docs/billing.md, "Holds".
    """

    def change(before: Hold | None) -> tuple[Hold, Act] | None:
        if (before.held if before else False) is held:
            return None
        version = before.version + 1 if before else 1
        hold = Hold(level, subject_id, legal_entity_id, held, reason, by, at, version)
        return hold, _act(before, hold)

    return change


def _act(before: Hold | None, hold: Hold) -> Act:
    return Act(
        act_id=f"hold:{hold.level.value}:{hold.subject_id}:{hold.version}",
        legal_entity_id=hold.legal_entity_id,
        who=hold.by,
        what="hold.placed" if hold.held else "hold.released",
        subject=hold.subject_id,
        why=hold.reason,
        at=hold.at,
        before={"held": "yes", "reason": before.reason, "by": before.by} if before and before.held else {"held": "no"},
        after={"held": "yes" if hold.held else "no", "level": hold.level.value, "version": str(hold.version)},
    )
