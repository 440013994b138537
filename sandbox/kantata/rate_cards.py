"""Rate cards: one per currency in a set; a set has dated versions; a version of the set holds one of each card.

Versions of a card are never made by themselves: a new card brings one for each version of its set, a new version of
the set one for each of its cards, copied from an earlier version. A version counts once it is published.
"""

from __future__ import annotations

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import day, id_or_none, required, whole
from sandbox.kantata.money import currency_of

FIRST_DATE = "2000-01-01"


def _admin(call: Call) -> None:
    if not call.viewer.is_admin:
        raise forbidden()


def create_set(call: Call, body: Record) -> Record:
    """A set and its first version, published, from `effective_date` on (else from the beginning)."""
    _admin(call)
    required(body, "title")
    if any(row["title"] == body["title"] for row in call.book.all("rate_card_sets")):
        raise invalid("title", "Title has already been taken")
    made = call.insert("rate_card_sets", {"title": str(body["title"]), "default": False, "archived": False})
    since = day(body, "effective_date") if body.get("effective_date") else FIRST_DATE
    call.insert("rate_card_set_versions", {"rate_card_set_id": made["id"], "effective_date": since, "active": True})
    return made


def create_card(call: Call, body: Record) -> Record:
    """A card in a set that exists (`rate_card_set_id`) or is made for it (`title`)."""
    _admin(call)
    currency = currency_of(body.get("currency") or call.settings.account_currency)
    set_id = id_or_none(body, "rate_card_set_id")
    of_set = call.linked("rate_card_sets", set_id, "rate_card_set_id") if set_id else create_set(call, body)
    cards = call.book.with_value("rate_cards", "rate_card_set_id", of_set["id"])
    if any(card["currency"] == currency for card in cards):
        raise invalid("currency", "The set already has a rate card in this currency")
    card = call.insert("rate_cards", {"rate_card_set_id": of_set["id"], "currency": currency, "removable": True})
    default = whole(body, "default_rate", least=0) if body.get("default_rate") is not None else 0
    for version in call.book.with_value("rate_card_set_versions", "rate_card_set_id", of_set["id"]):
        _version(call, card, version, default)
    return card


def _version(call: Call, card: Record, of_set: Record, default_rate: int) -> Record:
    return call.insert("rate_card_versions", {
        "rate_card_id": card["id"], "rate_card_set_version_id": of_set["id"], "default_rate": default_rate,
    })  # fmt: skip


def create_set_version(call: Call, body: Record) -> Record:
    """Copies the version `clone_id`, else the newest; not in force until published."""
    _admin(call)
    required(body, "rate_card_set_id")
    of_set = call.linked("rate_card_sets", body["rate_card_set_id"], "rate_card_set_id")
    versions = call.book.with_value("rate_card_set_versions", "rate_card_set_id", of_set["id"])
    source_id = id_or_none(body, "clone_id") or call.params.get("clone_id") or versions[-1]["id"]
    source = call.linked("rate_card_set_versions", source_id, "clone_id")
    since = day(body, "effective_date") if body.get("effective_date") else call.clock.today()
    made = call.insert("rate_card_set_versions", {
        "rate_card_set_id": of_set["id"], "effective_date": since, "active": False,
    })  # fmt: skip
    for old in call.book.with_value("rate_card_versions", "rate_card_set_version_id", source["id"]):
        copy = _version(call, call.known("rate_cards", old["rate_card_id"]), made, old["default_rate"])
        for role in call.book.with_value("rate_card_roles", "rate_card_version_id", old["id"]):
            call.insert("rate_card_roles", {
                "rate_card_version_id": copy["id"], "role_id": role["role_id"], "rate": role["rate"],
            })  # fmt: skip
    return made


def update_set_version(call: Call, record: Record, body: Record) -> Record:
    _admin(call)
    changes = {"effective_date": day(body, "effective_date")} if body.get("effective_date") else {}
    return call.update("rate_card_set_versions", record, changes)


def publish(call: Call, record: Record) -> Record:
    _admin(call)
    changed = call.update("rate_card_set_versions", record, {"active": True})
    for version in call.book.with_value("rate_card_versions", "rate_card_set_version_id", record["id"]):
        _touch_card(call, version)
    return changed


def _touch_card(call: Call, version: Record) -> None:
    """Whether a new rate moves the card's updated_at is not documented; the settings say."""
    if call.settings.rate_touches_card:
        call.update("rate_cards", call.known("rate_cards", version["rate_card_id"]), {}, touch=True)


def update_version(call: Call, record: Record, body: Record) -> Record:
    _admin(call)
    required(body, "default_rate")
    changed = call.update("rate_card_versions", record, {"default_rate": whole(body, "default_rate", least=0)})
    if changed is not record:
        _touch_card(call, changed)
    return changed


def create_role_rate(call: Call, body: Record) -> Record:
    _admin(call)
    required(body, "rate_card_version_id", "role_id", "rate")
    version = call.linked("rate_card_versions", body["rate_card_version_id"], "rate_card_version_id")
    role = call.linked("roles", body["role_id"], "role_id")
    rows = call.book.with_value("rate_card_roles", "rate_card_version_id", version["id"])
    if any(row["role_id"] == role["id"] for row in rows):
        raise invalid("role_id", "Role already has a rate in this version")
    rate = whole(body, "rate", least=0)
    _touch_card(call, version)
    return call.insert("rate_card_roles", {
        "rate_card_version_id": version["id"], "role_id": role["id"], "rate": rate,
    })  # fmt: skip


def update_role_rate(call: Call, record: Record, body: Record) -> Record:
    _admin(call)
    required(body, "rate")
    changed = call.update("rate_card_roles", record, {"rate": whole(body, "rate", least=0)})
    if changed is not record:
        _touch_card(call, call.known("rate_card_versions", record["rate_card_version_id"]))
    return changed


def delete_role_rate(call: Call, record: Record) -> None:
    _admin(call)
    _touch_card(call, call.known("rate_card_versions", record["rate_card_version_id"]))
    call.remove("rate_card_roles", record)
