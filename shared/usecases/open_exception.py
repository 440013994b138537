"""What cannot go on becomes a record with an owner, a clock and the actions they may take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.identity import derived_id
from shared.domain.policies import ExceptionPolicy, Policies
from shared.faults import BusinessException


def exception_id(type: str, subject: str) -> str:
    """The same trouble with the same thing is one record, however often it is raised."""
    return derived_id("exception", type, subject)


def open_exception(
    policies: Policies,
    type: str,
    subject: str,
    *,
    raised_at: datetime,
    legal_entity_id: str,
    correlation_id: str,
    facts: Mapping[str, str],
    task_token: str | None = None,
) -> BillingException:
    """The open record; owner, clock, words and actions are those that finance declared for the type.

    raised_at: UTC. facts: ids and words for the person who acts, never payloads. The policy's words may name the subject
    and facts in braces: "No rate for {role}".
    Raises BusinessException("exception_type_undeclared"): trouble without an owner is a hole in the policies.
    """
    policy = policy_of(policies, type)
    return BillingException(
        exception_id=exception_id(type, subject),
        type=type,
        subject=subject,
        owner=policy.owner,
        status=ExceptionStatus.OPEN,
        legal_entity_id=legal_entity_id,
        correlation_id=correlation_id,
        message=_said(policy.words, {"subject": subject, **facts}),
        raised_at=raised_at,
        due_at=raised_at + timedelta(hours=policy.hours),
        actions=policy.actions,
        severity=policy.severity,
        facts=dict(facts),
        task_token=task_token,
    )


def policy_of(policies: Policies, type: str) -> ExceptionPolicy:
    found = next((policy for policy in policies.exceptions if policy.type == type), None)
    if found is None:
        raise BusinessException("exception_type_undeclared", type=type, policies=policies.version)
    return found


def _said(words: str, facts: Mapping[str, str]) -> str:
    """A name in braces that no fact has stays as it is: a message is never the reason why trouble cannot be raised."""
    return re.sub(r"\{([a-z_]+)\}", lambda name: facts.get(name[1], name[0]), words)
