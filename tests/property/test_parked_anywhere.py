"""What an entry waits for may come between any two writes of its parking: it is never left waiting for what is there."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from events.envelope import AnyEnvelope, Envelope, make_envelope
from events.rate_card_changed.v1 import CardRate, RateCardChanged
from events.time_approved.v1 import TimeApproved
from events.values import Ref
from functions.processes.opportunity_to_project import activate_project, record_reference
from functions.processes.time_to_bill import keep_rate_card, record_time
from shared.domain.exception import ExceptionStatus
from shared.domain.identity import derived_id
from shared.domain.project import ProjectStatus
from tests.fakes.flow import NOON
from tests.fakes.ports import FakePorts
from tests.fakes.records import some_contract, some_customer, some_project
from tests.property.mortal import Fate, MortalPorts, until_done
from tests.property.platform import CONTRACT, WORKSPACE, an_entry

PROJECT = derived_id("project", CONTRACT)
NAMES = {"project_id": PROJECT, "contract_id": CONTRACT, "correlation_id": CONTRACT}
ENTRIES = [an_entry("t-1", 1, 60), an_entry("t-2", 1, 30), an_entry("t-1", 2, 90)]
MOST_MOMENTS = 30


class Delivery:
    """A project being set up, an entry on its way; the set-up and the entry's handler run in any order of writes."""

    def __init__(self, fate: Fate) -> None:
        self.fake = FakePorts()
        self.ports = MortalPorts(self.fake, fate)
        self.fake.customers.save(some_customer(), sequence=1)
        self.fake.contracts.save(some_contract(CONTRACT), sequence=1)
        self.fake.projects.add(some_project(CONTRACT, ProjectStatus.SETTING_UP))

    def tell(self) -> None:
        for event in ENTRIES:
            until_done(lambda told=event: record_time.handler.step(told, self.ports))

    def reference_comes(self) -> None:
        command = record_reference.RecordReference(**NAMES, ref=WORKSPACE, of="project", announce=True)
        until_done(lambda: record_reference.handler.step(command, self.ports))

    def project_is_active(self) -> None:
        command = activate_project.ActivateProject(**NAMES)
        until_done(lambda: activate_project.handler.step(command, self.ports))

    def card_comes(self, sequence: int = 1, role: str = "Consultant") -> None:
        until_done(lambda: keep_rate_card.handler.step(a_card_event(sequence, role), self.ports))

    def deliver_what_was_released(self) -> None:
        """The queue, as often as somebody puts something on it."""
        while self.fake.queues.sent:
            _, body, _ = self.fake.queues.sent.pop(0)
            event = Envelope[TimeApproved].model_validate(json.loads(body)["detail"])
            until_done(lambda told=event: record_time.handler.step(told, self.ports))

    def assert_nothing_waits(self) -> None:
        fake = self.fake
        assert fake.parking.rows == {}
        worth = {entry: source.value.amount for entry, source in fake.wip.sources.items()}
        assert worth == {"t-1": Decimal("225.00"), "t-2": Decimal("75.00")}
        assert sum(item.value.amount for item in fake.wip.items.values()) == Decimal("300.00")
        assert [each for each in fake.exceptions.rows.values() if each.status is ExceptionStatus.OPEN] == []


def a_card_event(sequence: int = 1, role: str = "Consultant") -> AnyEnvelope:
    rate = CardRate(rate_id="rate-1", rate_per_hour=Decimal("150.00"), valid_from=date(2026, 1, 1), role=role)
    data = RateCardChanged(
        rate_card_id="card-1",
        ref=Ref(system="kantata", kind="rate_card", id="9"),
        name="Standard",
        currency="USD",
        rates=(rate,),
        project_refs=(WORKSPACE,),
    )
    return make_envelope(
        data,
        event_id=f"card-{sequence}",
        source="billweave/connectors/kantata",
        subject="card-1",
        occurred_at=NOON,
        correlation_id="card-1",
        legal_entity="US",
        sequence=sequence,
    )


def set_up(delivery: Delivery) -> list[Callable[[], None]]:
    return [delivery.reference_comes, delivery.card_comes, delivery.project_is_active]


def play(before: int, meanwhile: int = 0, moment: int = 0, deaths: frozenset[int] = frozenset()) -> Delivery:
    """Some steps of the set-up, then the entries with some more at one moment of theirs, then the rest."""
    fate = Fate(deaths)
    delivery = Delivery(fate)
    steps = set_up(delivery)
    for step in steps[:before]:
        step()
    left = steps[before:]

    def some_come() -> None:
        for _ in range(meanwhile):
            left.pop(0)()

    fate.meanwhile = {fate.moments + moment: some_come}
    delivery.tell()
    fate.meanwhile.clear()
    for step in left:
        step()
    delivery.deliver_what_was_released()
    return delivery


@pytest.mark.parametrize("steps_before", [0, 1, 2, 3])
def test_an_entry_told_at_any_point_of_the_set_up_is_valued_in_the_end(steps_before: int) -> None:
    play(steps_before).assert_nothing_waits()


@pytest.mark.parametrize("moment", range(MOST_MOMENTS))
@pytest.mark.parametrize(("before", "meanwhile"), [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (2, 1)])
def test_what_comes_while_an_entry_is_parked_frees_it(before: int, meanwhile: int, moment: int) -> None:
    play(before, meanwhile, moment).assert_nothing_waits()


@pytest.mark.parametrize("moment", range(MOST_MOMENTS))
def test_dying_while_parking_or_releasing_leaves_nothing_waiting(moment: int) -> None:
    play(0, deaths=frozenset({moment, moment + 7})).assert_nothing_waits()


@pytest.mark.parametrize("moment", range(MOST_MOMENTS))
def test_what_must_wait_again_while_it_is_being_released_is_not_forgotten(moment: int) -> None:
    """The card comes without the rate: what it releases is back in its place before the release is done."""
    fate = Fate()
    delivery = Delivery(fate)
    delivery.reference_comes()
    delivery.project_is_active()
    delivery.tell()
    fate.meanwhile = {fate.moments + moment: delivery.deliver_what_was_released}
    delivery.card_comes(1, role="Somebody else")
    fate.meanwhile.clear()
    delivery.deliver_what_was_released()
    assert len(delivery.fake.parking.rows) == len(ENTRIES)
    delivery.card_comes(2)
    delivery.deliver_what_was_released()
    delivery.assert_nothing_waits()
