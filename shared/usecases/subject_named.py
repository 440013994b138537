"""Which of our records a person means who names it by an id of any system: one, or an error that names every one.

Systems number alike: a PSA's project and an ERP's customer may both be 77, and companies of one ERP may count their
invoices from the same number. Nothing is picked for anybody. `system:kind:id` names a record of one system exactly, and
our own id names it always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shared.domain.identity import ExternalRef
from shared.faults import BusinessException
from shared.ports.ports import Ports


@dataclass(frozen=True, slots=True)
class Subject:
    """legal_entity_id: None for what belongs to every one, as a customer does."""

    our_id: str
    legal_entity_id: str | None


Find = Callable[[str], Subject | None]
"""The record of that one of our ids, if it is of the kind that is asked for."""
Named = tuple[ExternalRef, Subject]


def subject_named(any_id: str, find: Find, ports: Ports, also: Iterable[Named] = ()) -> Subject | None:
    """None for what nobody knows. also: what is known by an id without a reference; read only if ours does not answer.

    Raises BusinessException("id_ambiguous") with each candidate's system, kind, id, legal entity and our id.
    """
    if found := find(any_id):
        return found
    linked = ((ref, subject) for ref, ours in references_named(any_id, ports) if (subject := find(ours)))
    named: dict[str, Named] = {}
    for ref, subject in (*linked, *(each for each in also if is_named(any_id, each[0]))):
        named.setdefault(subject.our_id, (ref, subject))
    if len(named) > 1:
        raise ambiguous(any_id, named.values())
    return next((subject for _, subject in named.values()), None)


def references_named(any_id: str, ports: Ports) -> list[tuple[ExternalRef, str]]:
    """Every reference with this id, or named in full by it. Kinds and ids may have colons of their own."""
    parts = any_id.split(":")
    ids = [any_id, *(":".join(parts[start:]) for start in range(2, len(parts)))]
    return [pair for each in ids if each for pair in ports.references.look_up(each) if is_named(any_id, pair[0])]


def is_named(any_id: str, ref: ExternalRef) -> bool:
    return any_id in (ref.id, exactly(ref))


def exactly(ref: ExternalRef) -> str:
    return f"{ref.system}:{ref.kind}:{ref.id}"


def ambiguous(any_id: str, named: Iterable[Named]) -> BusinessException:
    told = sorted(
        f"{exactly(ref)} of {subject.legal_entity_id or 'every legal entity'} (our id {subject.our_id})"
        for ref, subject in named
    )
    how = "system:kind:id as among the candidates, or our id"
    return BusinessException("id_ambiguous", id=any_id, candidates="; ".join(told), name_one_by=how)
