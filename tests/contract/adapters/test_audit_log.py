"""The audit log: each act once, in a chain in which nothing changes unseen."""

from __future__ import annotations

import json
from typing import Any

from shared.domain.audit import Act
from shared.usecases.verify_chain import Tampered, verify_chain
from tests.contract.adapters.aws import stored_item
from tests.fakes.flow import NOON


def an_act(number: int) -> Act:
    return Act(f"act-{number}", "US", "Ada", "hold.placed", f"p-{number}", "dispute", NOON, {}, {"held": "yes"})


def broken(ports: Any) -> Tampered | None:
    length, head = ports.audit_log.head("US")
    return verify_chain(ports.audit_log.of_legal_entity("US"), length=length, head=head)


def filled(ports: Any) -> Any:
    for number in range(4):
        assert ports.audit_log.append(an_act(number)) is True
    return ports


def test_an_act_is_logged_once(ports: Any) -> None:
    assert [ports.audit_log.append(an_act(1)) for _ in range(3)] == [True, False, False]
    (entry,) = ports.audit_log.of_legal_entity("US")
    assert (entry.sequence, entry.act, entry.previous) == (1, an_act(1), "")


def test_entries_are_bound_to_the_one_before(ports: Any) -> None:
    entries = list(filled(ports).audit_log.of_legal_entity("US"))
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert broken(ports) is None


def test_an_entry_that_somebody_changed_is_found(aws: Any) -> None:
    row = stored_item(filled(aws), "AUD#US", "ENTRY#000000000002")
    assert row is not None
    body = json.loads(row["body"]["S"])
    body["act"]["who"] = "Nobody"
    row["body"]["S"] = json.dumps(body)
    aws.clients.dynamodb.put_item(TableName="fabric", Item=row)
    assert broken(aws) == Tampered("changed", 2)


def test_an_entry_that_is_gone_is_found(aws: Any) -> None:
    key = {"pk": {"S": "AUD#US"}, "sk": {"S": "ENTRY#000000000003"}}
    filled(aws).clients.dynamodb.delete_item(TableName="fabric", Key=key)
    assert broken(aws) == Tampered("missing", 3)


def test_entries_cut_off_at_the_end_are_found(aws: Any) -> None:
    key = {"pk": {"S": "AUD#US"}, "sk": {"S": "ENTRY#000000000004"}}
    filled(aws).clients.dynamodb.delete_item(TableName="fabric", Key=key)
    assert broken(aws) == Tampered("head", 3)


def test_entries_that_changed_places_are_found(aws: Any) -> None:
    filled(aws)
    bodies = {}
    for number in (2, 3):
        row = stored_item(aws, "AUD#US", f"ENTRY#{number:012d}")
        assert row is not None
        bodies[number] = row
    bodies[2]["body"], bodies[3]["body"] = bodies[3]["body"], bodies[2]["body"]
    for row in bodies.values():
        aws.clients.dynamodb.put_item(TableName="fabric", Item=row)
    assert broken(aws) == Tampered("missing", 2)
