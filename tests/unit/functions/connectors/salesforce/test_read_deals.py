"""A deal that was said to be won is read, and announced once per version if it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.connectors.salesforce.read_deals import DealSeen, handler
from shared.faults import Poison, Throttled
from shared.runtime.trouble import exception_type
from tests.salesforce_deals import DEAL, SETTINGS, SalesforceFakes, deal

LATER = "2026-03-01T11:00:00.000+0000"


def read(ports: SalesforceFakes, deal_id: str = DEAL) -> dict[str, Any]:
    return handler.step(DealSeen(opportunity_id=deal_id, via="outbound_message"), ports)


def test_a_won_deal_is_announced_with_its_contract() -> None:
    ports = SalesforceFakes(deal())
    assert read(ports) == {"deal": DEAL, "new": 2, "duplicates": 0}
    (won,) = ports.outbox.of_type("opportunity.closed_won")
    (signed,) = ports.outbox.of_type("contract.signed")
    assert won.correlationid == signed.correlationid == signed.subject == signed.data.contract_id
    assert (signed.legalentity, signed.sequence) == ("US", 1_772_359_200_000_000)
    assert signed.time == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_the_same_version_is_announced_once_and_counted() -> None:
    ports = SalesforceFakes(deal())
    read(ports)
    assert read(ports, DEAL[:15]) == {"deal": DEAL, "new": 0, "duplicates": 2}
    assert ports.counts.totals == {"duplicates_received": 2}


def test_a_changed_deal_is_announced_again() -> None:
    ports = SalesforceFakes(deal())
    read(ports)
    ports.client.rows = [deal(SystemModstamp=LATER, PO_Number__c="PO-8")]
    assert read(ports)["new"] == 2


@pytest.mark.parametrize("rows", [(), (deal(IsWon=False),)], ids=["gone", "not won"])
def test_a_deal_that_is_not_won_says_nothing(rows: tuple[dict[str, Any], ...]) -> None:
    ports = SalesforceFakes(*rows)
    assert read(ports) == {"deal": DEAL, "won": False}
    assert not ports.outbox.events


def test_a_deal_that_is_no_contract_is_owned_until_it_is() -> None:
    ports = SalesforceFakes(deal(Legal_Entity__c=None))
    assert read(ports) == {"deal": DEAL, "refused": "contract_mismatch"}
    (trouble,) = ports.exceptions.list()
    assert trouble.type == exception_type("contract_mismatch", ports) and trouble.facts["code"] == "contract_mismatch"
    assert not ports.outbox.of_type("contract.signed")
    ports.client.rows = [deal(SystemModstamp=LATER)]
    read(ports)
    (trouble,) = ports.exceptions.list()
    assert trouble.resolution == "cause_gone" and len(ports.outbox.of_type("contract.signed")) == 1


def test_a_legal_entity_that_is_not_deployed_here_is_owned() -> None:
    ports = SalesforceFakes(deal(Legal_Entity__c="FR"))
    assert read(ports)["refused"] == "legal_entity_unknown"


def test_a_deal_signed_before_our_time_is_left_alone() -> None:
    own = SETTINGS.model_copy(update={"won_from": date(2026, 3, 2)})
    ports = SalesforceFakes(deal(), settings=own)
    assert read(ports) == {"deal": DEAL, "won": True}
    assert not ports.outbox.events


def test_a_deal_changed_a_moment_ago_is_read_again_once_it_has_settled() -> None:
    ports = SalesforceFakes(deal(), settings=SETTINGS.model_copy(update={"settle_s": 2}))
    ports.clock.at = datetime(2026, 3, 1, 10, 0, 1, tzinfo=UTC)
    with pytest.raises(Throttled, match="deal_still_changing"):
        read(ports)
    ports.clock.pass_(seconds=1)
    assert read(ports)["new"] == 2


def test_what_is_no_id_is_poison() -> None:
    with pytest.raises(Poison):
        read(SalesforceFakes(), "001*")
