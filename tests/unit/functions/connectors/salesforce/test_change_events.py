"""Change events say which deals to read, whatever they carry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.connectors.salesforce.change_events import ChangeEvent, handler
from shared.faults import BusinessException, Poison
from shared.runtime.reading import read_model
from tests.salesforce_deals import DEAL, ORG, SalesforceFakes

OTHER = "006XX0000000002YAA"


def event(change: str = "UPDATE", ids: tuple[str, ...] = (DEAL,), **changes: Any) -> ChangeEvent:
    header = {
        "entityName": changes.pop("entity", "Opportunity"),
        "recordIds": list(ids),
        "changeType": change,
        "commitNumber": 9007199254740997123,
        "changedFields": ["StageName"],
    }
    body = {
        "version": "0",
        "detail-type": "OpportunityChangeEvent",
        "source": f"aws.partner/salesforce.com/{changes.pop('org', ORG)}/0YLXX00000000014AA",
        "detail": {"payload": {"ChangeEventHeader": header, "StageName": "Closed Won"}},
    }
    return read_model(ChangeEvent, body | changes, "message_unreadable")


def sent(told: ChangeEvent) -> list[tuple[str, dict[str, Any]]]:
    ports = SalesforceFakes()
    handler.step(told, ports)
    return [(queue, json.loads(body)) for queue, body, _ in ports.queues.sent]


def read(deal: str) -> tuple[str, dict[str, Any]]:
    return "salesforce-inbound", {"opportunity_id": deal, "via": "change_event"}


def test_a_changed_deal_is_read() -> None:
    assert sent(event()) == [read(DEAL)]


def test_several_deals_of_one_transaction_are_each_read() -> None:
    assert sent(event(ids=(DEAL, OTHER, DEAL[:15]))) == [read(DEAL), read(OTHER)]


@pytest.mark.parametrize("change", ["GAP_CREATE", "GAP_UPDATE", "GAP_UNDELETE", "CREATE", "UNDELETE"])
def test_an_event_without_fields_is_read_all_the_same(change: str) -> None:
    assert sent(event(change)) == [read(DEAL)]


@pytest.mark.parametrize(("change", "ids"), [("GAP_OVERFLOW", (DEAL,)), ("UPDATE", ("006*",))])
def test_a_whole_object_is_polled(change: str, ids: tuple[str, ...]) -> None:
    assert sent(event(change, ids)) == [("salesforce-poll", {"feed": "opportunities"})]


@pytest.mark.parametrize("change", ["DELETE", "GAP_DELETE"])
def test_a_deleted_deal_is_not_read(change: str) -> None:
    assert sent(event(change)) == []


def test_another_object_is_not_read() -> None:
    assert sent(event(entity="Account")) == []


@pytest.mark.parametrize("org", ["00DYY00000000012AA", ""])
def test_an_event_of_another_organisation_is_refused(org: str) -> None:
    ports = SalesforceFakes()
    with pytest.raises(BusinessException, match="organization_unknown"):
        handler.step(event(org=org), ports)
    assert not ports.queues.sent


def test_the_organisation_may_be_told_by_its_short_id() -> None:
    assert sent(event(org=ORG[:15])) == [read(DEAL)]


def test_an_event_without_a_header_is_poison() -> None:
    with pytest.raises(Poison):
        event(detail={"payload": {"StageName": "Closed Won"}})


def test_an_event_of_no_record_is_poison() -> None:
    with pytest.raises(Poison):
        event(ids=())
