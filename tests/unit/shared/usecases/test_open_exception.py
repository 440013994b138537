from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain.exception import BillingException, ExceptionStatus, OwnerGroup
from shared.domain.policies import ExceptionPolicy, Policies
from shared.faults import BusinessException
from shared.usecases.open_exception import exception_id, open_exception
from tests.build import the_policies

NOW = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)
OWNED = ExceptionPolicy("rate_missing", OwnerGroup.DELIVERY, 4, ("retry", "cancel"), "Nobody has priced this role.")
BOOK = the_policies(exceptions=(OWNED,))


def opened(type: str = "rate_missing", subject: str = "t-1", policies: Policies = BOOK) -> BillingException:
    return open_exception(
        policies,
        type,
        subject,
        raised_at=NOW,
        legal_entity_id="DE01",
        correlation_id="con-1",
        facts={"role": "Senior"},
        task_token="secret-token",
    )


def test_owner_clock_words_and_actions_are_finances() -> None:
    trouble = opened()
    assert (trouble.owner, trouble.message) == (OwnerGroup.DELIVERY, "Nobody has priced this role.")
    assert trouble.due_at == datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    assert (trouble.actions, trouble.status) == (("retry", "cancel"), ExceptionStatus.OPEN)
    assert trouble.facts == {"role": "Senior"}


def test_words_may_name_the_subject_and_facts() -> None:
    named = replace(OWNED, words="No rate for {role} on {subject}; {unknown} {} stays.")
    trouble = opened(policies=the_policies(exceptions=(named,)))
    assert trouble.message == "No rate for Senior on t-1; {unknown} {} stays."


def test_the_same_trouble_with_the_same_thing_is_one_record() -> None:
    assert opened().exception_id == opened().exception_id == exception_id("rate_missing", "t-1")
    assert opened(subject="t-2").exception_id != opened().exception_id


def test_an_undeclared_type_is_refused() -> None:
    with pytest.raises(BusinessException, match="exception_type_undeclared"):
        opened("surprise")


def test_the_token_of_the_waiting_saga_is_never_shown() -> None:
    assert "secret-token" not in repr(opened())
