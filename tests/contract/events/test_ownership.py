from collections import Counter

import pytest

from events.ownership import OWNERSHIP, Owner, may_write, owner_of


def test_each_group_of_fields_has_one_owner() -> None:
    counted = Counter((row.kind, row.fields) for row in OWNERSHIP)
    assert [group for group, count in counted.items() if count > 1] == []


def test_nobody_is_shown_a_copy_of_what_they_own() -> None:
    assert [row for row in OWNERSHIP if row.owner in row.carried_to] == []


@pytest.mark.parametrize(
    ("kind", "fields", "owner"),
    [
        ("contract", "scope", Owner.CRM),
        ("time_entry", "work", Owner.PSA),
        ("invoice", "content", Owner.BILLWEAVE),
        ("invoice", "payment", Owner.ERP),
    ],
)
def test_only_the_owner_writes(kind: str, fields: str, owner: Owner) -> None:
    assert owner_of(kind, fields) is owner
    assert [each for each in Owner if may_write(each, kind, fields)] == [owner]


def test_fields_that_nobody_declared_are_an_error() -> None:
    with pytest.raises(KeyError, match="no owner declared"):
        owner_of("invoice", "colour")
