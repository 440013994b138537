"""A contract's history: nothing it was made of is ever overwritten, no delivery takes an amendment away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.domain.amendment import Amendment, EndLine, SetDates, SetRates
from shared.domain.contract import SignedRate
from shared.domain.source import Applied
from shared.faults import BusinessException, Transient
from shared.usecases.amend import amend
from shared.usecases.contract_as_of import reapply
from tests.fakes.flow import NOON
from tests.fakes.records import some_contract, some_event, usd

DAY = date(2026, 4, 1)


def an_amendment(amendment_id: str = "A-1", *changes: Any) -> Amendment:
    wanted = changes or (SetDates(ends_on=date(2026, 12, 31)),)
    return Amendment(amendment_id, "contract-1", DAY, NOON, "Dana", "Kim", "longer", wanted)


def amended(ports: Any, amendment: Amendment, **more: Any) -> Applied:
    return ports.contracts.amend(
        amend(ports.contracts.get("contract-1"), amendment), amendment, signed_sequence=5, **more
    )


@pytest.fixture
def ports(ports: Any) -> Any:
    ports.contracts.save(some_contract(), sequence=5)
    return ports


def test_an_amendment_moves_the_contract_and_keeps_what_was_signed(ports: Any) -> None:
    assert amended(ports, an_amendment()) is Applied.NEW
    assert ports.contracts.get("contract-1").ends_on == date(2026, 12, 31)
    history = ports.contracts.history("contract-1")
    assert [(version.sequence, version.contract) for version in history.signed] == [(5, some_contract())]
    assert history.amendments == (an_amendment(),)


def test_every_kind_of_change_comes_back_as_it_was(ports: Any) -> None:
    rate = SignedRate("rate-a", usd("165.00"), DAY, None, "Consultant")
    both = an_amendment("A-2", SetRates((rate,)), EndLine("line-1"))
    amended(ports, both)
    assert ports.contracts.history("contract-1").amendments == (both,)
    assert ports.contracts.get("contract-1").rates == (rate,)


def test_an_amendment_of_the_same_id_is_recorded_once_with_its_event(ports: Any) -> None:
    first, again = some_event("e1", subject="contract-1"), some_event("e2", subject="contract-1")
    contract = amend(ports.contracts.get("contract-1"), an_amendment())
    assert ports.contracts.amend(contract, an_amendment(), signed_sequence=5, events=[first]) is Applied.NEW
    assert ports.contracts.amend(contract, an_amendment(), signed_sequence=5, events=[again]) is Applied.DUPLICATE
    assert amended(ports, an_amendment()) is Applied.DUPLICATE
    assert len(ports.contracts.get("contract-1").amendments) == 1
    assert [event.id for event in ports.event_log.of_subject("contract-1")] == ["e1"]


def test_two_amendments_reckoned_from_one_contract_are_not_both_written(ports: Any) -> None:
    standing = ports.contracts.get("contract-1")
    ports.contracts.amend(amend(standing, an_amendment("A-1")), an_amendment("A-1"), signed_sequence=5)
    with pytest.raises(Transient, match="contract_moved"):
        ports.contracts.amend(amend(standing, an_amendment("A-2")), an_amendment("A-2"), signed_sequence=5)
    assert [each.amendment_id for each in ports.contracts.history("contract-1").amendments] == ["A-1"]


def test_a_delivery_that_lacks_an_amendment_is_reckoned_again(ports: Any) -> None:
    amended(ports, an_amendment())
    delivered = replace(some_contract(), reference="C-2026-002")
    with pytest.raises(Transient, match="contract_moved"):
        ports.contracts.save(delivered, sequence=6)
    whole = reapply(delivered, ports.contracts.history("contract-1").amendments)
    assert ports.contracts.save(whole, sequence=6, signed=delivered) is Applied.NEW
    standing = ports.contracts.get("contract-1")
    assert (standing.reference, standing.ends_on) == ("C-2026-002", date(2026, 12, 31))
    assert [version.sequence for version in ports.contracts.history("contract-1").signed] == [5, 6]


def test_an_old_delivery_is_stale_after_an_amendment_too(ports: Any) -> None:
    amended(ports, an_amendment())
    assert ports.contracts.save(some_contract(), sequence=4) is Applied.STALE
    assert ports.contracts.save(some_contract(), sequence=5) is Applied.DUPLICATE
    assert len(ports.contracts.history("contract-1").signed) == 1


def test_an_amendment_reckoned_from_an_older_delivery_is_reckoned_again(ports: Any) -> None:
    stale = amend(ports.contracts.get("contract-1"), an_amendment())
    ports.contracts.save(replace(some_contract(), reference="C-2026-002"), sequence=6)
    with pytest.raises(Transient, match="contract_moved"):
        ports.contracts.amend(stale, an_amendment(), signed_sequence=5)
    assert ports.contracts.get("contract-1").reference == "C-2026-002"
    assert ports.contracts.history("contract-1").amendments == ()


def test_a_contract_nobody_signed_has_no_history(ports: Any) -> None:
    with pytest.raises(BusinessException, match="contract_unknown"):
        ports.contracts.history("nobody")
