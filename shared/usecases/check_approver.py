"""Segregation: who asked for a document does not approve it."""

from __future__ import annotations

from shared.faults import BusinessException


def check_not_submitter(approver: str | None, submitter: str | None) -> None:
    """Raises BusinessException("approver_is_submitter"). Names are compared without case and outer blanks; None: nobody."""
    if approver and submitter and _same(approver) == _same(submitter):
        raise BusinessException("approver_is_submitter", approver=approver, submitter=submitter)


def _same(name: str) -> str:
    return name.strip().casefold()
