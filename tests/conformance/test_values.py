"""What goes in comes out: money, dates, long texts, emoji, right-to-left names; or a named rule says what is cut."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.orders import ISSUED
from tests.conformance.roles import ErpWorld
from tests.conformance.wire import Sent
from tests.conformance.world import World

pytestmark = pytest.mark.estate
TEXTS = {
    "umlauts": "Müller & Söhne – Bäckerei „Zum Löwen“",
    "emoji": "Rocket 🚀 Works 👩🏽‍💻",
    "rtl": "شركة القمة للاستشارات",
    "cjk": "桜精密株式会社 横浜支店",
    "markup": '<b>O\'Neil</b> "A/S" & Co; --',
    "long": "Consulting on the migration of everything " * 8,
}


BINARY = re.compile(rb"[:,\[ ]-?\d+\.\d{10,}")
"""A number with more digits than any amount, quantity or rate of ours has."""


def kept(world: World, place: str, text: str) -> str:
    """As it should stand at the vendor: whole, or cut by the rule that is named for it."""
    cut = world.connector.cuts.get(place)
    return text[: cut.length].strip() if cut else text.strip()


@pytest.mark.parametrize("text", sorted(TEXTS))
@pytest.mark.parametrize("named", ["customer", "project"])
def test_names_stand_as_they_were_given(world: World, named: str, text: str, simulated: None) -> None:
    if named not in world.connector.writes:
        return
    name = f"{TEXTS[text]} {world.vendor.run}"
    world.ready(named, 1, world.ports)
    changes: dict[str, Any] = {"name": name} if "name" in fields_of(world, named) else {}
    world.done(named, 1, **changes)
    (shown,) = world.connector.standing(world.vendor, named, world.our_id(named, 1), name)
    if changes and "name" in shown.values:
        assert shown.values["name"] == kept(world, f"{named}.name", name)


def fields_of(world: World, record: str) -> set[str]:
    command = world.command(record, 1, world.ports)
    party = getattr(command, "customer", None) if record == "customer" else None
    return set(type(party or command).model_fields)


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_line_texts_and_amounts_stand_as_they_were_given(world: World, text: str, simulated: None) -> None:
    if not isinstance(world, ErpWorld):
        return
    world.ready("invoice", 1, world.ports)
    result = world.done("invoice", 1, texts=(TEXTS[text], "plain"))
    (shown,) = world.standing("invoice", 1)
    assert (result.net, result.tax, result.gross) == (Decimal("66.66"), Decimal("12.67"), Decimal("79.33"))
    assert (result.issued_on, result.currency) == (ISSUED, "EUR")
    for name, ours in (("net", result.net), ("gross", result.gross), ("issued_on", ISSUED.isoformat())):
        assert shown.values.get(name, ours) == ours
    assert [line.strip() for line in shown.values["texts"]] == [kept(world, "invoice.texts", TEXTS[text]), "plain"]


def test_amounts_travel_as_decimals_and_never_as_binary_fractions(world: World, record: str) -> None:
    world.ready(record, 1, world.ports)
    world.wire.clear()
    world.execute(record, 1)
    assert not [each.body for each in world.wire.sent if BINARY.search(each.body)]


def test_missing_optional_fields_keep_nobody_from_writing(world: World, record: str) -> None:
    bare = {
        "customer": {"tax_number": None},
        "project": {"contract_reference": None},
    }
    changes = bare.get(record, {})
    world.ready(record, 1, world.ports)
    if record == "project" and "contract_reference" not in fields_of(world, record):
        changes = {"url": None}
    if record in ("invoice", "credit_memo"):
        changes = {"purchase_order": None} if record == "invoice" and isinstance(world, ErpWorld) else {}
    world.done(record, 1, **changes)
    assert len(world.standing(record, 1)) == 1


def test_bodies_hold_only_fields_that_the_vendor_takes_within_its_lengths(world: World, record: str) -> None:
    long = TEXTS["long"]
    world.ready(record, 1, world.ports)
    world.wire.clear()
    changes: dict[str, Any] = {"texts": (long, long)} if record == "invoice" and isinstance(world, ErpWorld) else {}
    world.done(record, 1, **changes)
    accepted = world.connector.accepts[record]
    bodies = [world.connector.body_of(record, each.body) for each in writes(world, record)]
    assert bodies
    for body in bodies:
        assert set(body) <= set(accepted)
        for name, value in body.items():
            most = accepted[name]
            assert most is None or not isinstance(value, str) or len(value) <= most, name


def writes(world: World, record: str) -> list[Sent]:
    call = world.connector.writes[record]
    left = set(map(id, world.wire.but(call)))
    return [each for each in world.wire.sent if id(each) not in left]
