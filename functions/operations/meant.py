"""Which of our records a person means who names it by the id of any system."""

from __future__ import annotations

from collections.abc import Callable

from shared.ports.ports import Ports
from shared.usecases.subject_named import Subject, subject_named


def meant(any_id: str, find: Callable[[str], object | None], ports: Ports) -> str:
    """Our id. What nobody knows comes back as it is: the look-up by our id then says so.

    Raises BusinessException("id_ambiguous") naming those that have this id.
    """

    def known(ours: str) -> Subject | None:
        record = find(ours)
        return Subject(ours, getattr(record, "legal_entity_id", None)) if record else None

    found = subject_named(any_id, known, ports)
    return found.our_id if found else any_id
