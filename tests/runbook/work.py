"""Rehearsals: approved work that cannot be valued yet, and milestones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from events.contract_signed.v1 import SignedLine
from events.rate_card_changed.v1 import CardRate
from events.values import Ref
from shared.domain.exception import BillingException
from tests.runbook.deals import billed
from tests.runbook.rehearsal import Rehearsal
from tests.runbook.stage import WORKSPACE, Stage
from tests.stories import PROJECT, a_milestone, time_and_materials, usd


def waits_for(kind: str) -> Any:
    def check(stage: Stage) -> None:
        assert [parked.waiting_for.partition(":")[0] for parked in stage.fake.parking.all()] == [kind]

    return check


def valued(stage: Stage) -> None:
    assert stage.open_work() == ["150.00"] and not list(stage.fake.parking.all())


def elsewhere(stage: Stage) -> None:
    stage.ready()
    stage.work(project_ref=Ref(system="kantata", kind="workspace", id="4711"))
    waits_for("reference")(stage)


def without_card(stage: Stage) -> None:
    stage.sell()
    stage.work()
    waits_for("rate_card")(stage)


def rate(name: str) -> CardRate:
    return CardRate(rate_id=name, rate_per_hour=Decimal("150.00"), valid_from=date(2026, 1, 1), role="Consultant")


def two_rates(stage: Stage) -> None:
    stage.sell()
    stage.price(rates=(rate("r-1"), rate("r-2")))
    stage.work()
    waits_for("rate_card")(stage)


def another_currency(stage: Stage) -> None:
    stage.sell()
    stage.price(currency="EUR")
    stage.work()
    waits_for("rate_card")(stage)


def stone_line() -> tuple[SignedLine, ...]:
    stone = SignedLine(
        line_id="l-stone", kind="milestone", description="Go-live", value=usd("2500"), milestone="Go-live"
    )
    return (stone,)


def no_line_for_time(stage: Stage) -> None:
    stage.ready(lines=stone_line())
    stage.work()
    waits_for("contract")(stage)


def completed(stage: Stage, sequence: int, approver: str | None) -> None:
    stage.tell(a_milestone(sequence, approver, project_ref=WORKSPACE))


def unaccepted(stage: Stage) -> None:
    stage.ready(lines=stone_line())
    completed(stage, 1, None)
    assert stage.nets() == []


def our_project(stage: Stage, _: BillingException) -> dict[str, str]:
    return {"project id": PROJECT}


REHEARSALS = {
    "unknown_project": Rehearsal(elsewhere, words=our_project, ended=valued),
    "rate_missing": Rehearsal(
        without_card,
        {"Kantata: add the rate to the card, or assign the card to the project": Stage.price},
        ended=valued,
    ),
    "rate_overlap": Rehearsal(
        two_rates,
        {"Kantata: end one of the two rates": lambda stage: stage.price(2, rates=(rate("r-1"),))},
        ended=valued,
    ),
    "currency_mismatch": Rehearsal(
        another_currency,
        {"Kantata: a card in the contract's currency, or the expense corrected": lambda stage: stage.price(2)},
        ended=valued,
    ),
    "line_missing": Rehearsal(
        no_line_for_time,
        {
            "Salesforce: add the product to the deal": lambda stage: stage.sell(
                2, lines=(*stone_line(), *time_and_materials())
            )
        },
        ended=valued,
    ),
    "approval_missing": Rehearsal(
        unaccepted,
        {"Kantata: enter who accepted the milestone": lambda stage: completed(stage, 2, "Ann")},
        ended=billed("2500.00"),
    ),
}
