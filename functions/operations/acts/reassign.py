"""Passed on: to another group, to a person, or both. The clock goes on."""

from __future__ import annotations

from dataclasses import replace

from functions.operations.acts.command import ActOnException, act_of
from shared.domain.exception import BillingException, Happening, OwnerGroup, What
from shared.domain.exception_life import with_happening
from shared.faults import BusinessException
from shared.ports.ports import Ports


def effect(trouble: BillingException, ports: Ports) -> str:
    groups = ", ".join(group.value for group in OwnerGroup if group is not trouble.owner)
    return f"leaves {trouble.owner_person or trouble.owner.value} for another person, or a group ({groups}); its clock goes on"


def act(trouble: BillingException, command: ActOnException, ports: Ports) -> BillingException:
    """Raises BusinessException("action_lacks" | "owner_unknown")."""
    group, person = command.given.get("group", ""), command.given.get("person", "")
    if not group and not person:
        raise BusinessException("action_lacks", action=command.action, needs="group or person")
    if group and group not in list(OwnerGroup):
        raise BusinessException("owner_unknown", group=group, known=", ".join(OwnerGroup))
    owner = OwnerGroup(group) if group else trouble.owner
    words = f"reassign to {' '.join(filter(None, (group, person)))}"
    told = Happening(ports.clock.now(), What.ACTED, command.by, words)
    before = {"owner": trouble.owner.value, "person": trouble.owner_person or ""}
    after = {"owner": owner.value, "person": person}
    now = ports.clock.now().isoformat()
    return ports.exceptions.change(
        trouble.exception_id,
        lambda known: with_happening(replace(known, owner=owner, owner_person=person or None), told),
        act_of(trouble, command, ports, once=f":reassign:{now}", before=before, after=after),
    )
