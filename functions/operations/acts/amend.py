"""Amend and retry: a parked delivery is put right against its schema. Old and new are kept and linked; the new one takes the
old one's place when another person retries, and never by itself."""

from __future__ import annotations

from dataclasses import replace

from functions.operations.acts.command import ActOnException, act_of, need, need_reason
from functions.operations.edit_dead_letter import digest, moved
from functions.operations.letters import Kind, read_text
from shared.domain.dead_letter import Correction
from shared.domain.exception import BillingException, Happening, What
from shared.domain.exception_life import with_happening
from shared.domain.source import Parked
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.decide_approval import check_approver


def effect(trouble: BillingException, ports: Ports) -> str:
    waiting = ports.parking.waiting_for(trouble.subject)
    if not waiting:
        return "nothing is parked for it, so there is nothing to amend"
    ids = ", ".join(parked.event_id for parked in waiting[:3])
    return f"one of {len(waiting)} parked deliveries ({ids}) gets a new text; another person's retry lets it in"


def act(trouble: BillingException, command: ActOnException, ports: Ports) -> BillingException:
    """Raises BusinessException("action_lacks" | "delivery_unknown" | "edit_unreadable" | "edit_of_identity")."""
    need_reason(command)
    parked, text = parked_of(trouble, need(command, "event_id"), ports), need(command, "text")
    check(parked, text, ports)
    keys = [f"letters/{parked.event_id}/{digest(each)}" for each in (parked.body, text)]
    for key, body in zip(keys, (parked.body, text), strict=True):
        ports.documents.put(key, body.encode(), "text/plain")
    correction = Correction(
        correction_id=f"{parked.event_id}:{digest(text)}",
        old_id=trouble.exception_id,
        new_id=parked.event_id,
        old_key=keys[0],
        new_key=keys[1],
        by=command.by,
        why=command.reason,
        at=ports.clock.now(),
    )
    after = {"event_id": parked.event_id, "old": keys[0], "new": keys[1]}
    ports.corrections.add(correction, act_of(trouble, command, ports, once=f":amend:{digest(text)}", after=after))
    told = Happening(ports.clock.now(), What.ACTED, command.by, f"amend {parked.event_id}: {command.reason}")
    return ports.exceptions.change(trouble.exception_id, lambda now: with_happening(now, told))


def parked_of(trouble: BillingException, event_id: str, ports: Ports) -> Parked:
    for parked in ports.parking.waiting_for(trouble.subject):
        if parked.event_id == event_id:
            return parked
    raise BusinessException("delivery_unknown", event_id=event_id, waiting_for=trouble.subject)


def check(parked: Parked, text: str, ports: Ports) -> None:
    old = read_text(parked.body, parked.queue, None, ports.documents.get)
    new = read_text(text, parked.queue, None, ports.documents.get)
    if new.problem or new.kind is not Kind.EVENT:
        raise BusinessException("edit_unreadable", where=new.problem or "it is no event")
    if wrong := moved(old, new):
        raise BusinessException("edit_of_identity", fields=", ".join(wrong))


def let_edits_in(trouble: BillingException, by: str, ports: Ports) -> None:
    """The newest edit of each delivery since the trouble was raised; may be repeated."""
    waiting = {parked.event_id: parked for parked in ports.parking.waiting_for(trouble.subject)}
    edits = [
        each
        for each in ports.corrections.of(trouble.exception_id)
        if each.at >= trouble.raised_at and each.new_id in waiting
    ]
    for edit in edits:
        check_approver(ports.policies.current(), by, edit.by)
    for edit in edits:
        ports.parking.park(replace(waiting[edit.new_id], body=ports.documents.get(edit.new_key).decode()))
