"""Rate cards: one per currency in a set; a set has dated versions; a version of the set holds one of each card.

Versions of a card are never made by themselves: a new card brings one for each version of its set, a new version of
the set one for each of its cards, copied from an earlier version. A version counts once it is published.
"""

from __future__ import annotations

from sandbox.kantata.book import Record
from sandbox.kantata.desk import Desk
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import day, id_or_none, required, whole
from sandbox.kantata.money import currency_of

FIRST_DATE = "2000-01-01"


def _admin(desk: Desk) -> None:
    if not desk.viewer.is_admin:
        raise forbidden()


def create_set(desk: Desk, body: Record) -> Record:
    """A set and its first version, published, from `effective_date` on (else from the beginning)."""
    _admin(desk)
    required(body, "title")
    if any(row["title"] == body["title"] for row in desk.book.all("rate_card_sets")):
        raise invalid("title", "Title has already been taken")
    made = desk.insert("rate_card_sets", {"title": str(body["title"]), "default": False, "archived": False})
    since = day(body, "effective_date") if body.get("effective_date") else FIRST_DATE
    desk.insert("rate_card_set_versions", {"rate_card_set_id": made["id"], "effective_date": since, "active": True})
    return made


def create_card(desk: Desk, body: Record) -> Record:
    """A card in a set that exists (`rate_card_set_id`) or is made for it (`title`)."""
    _admin(desk)
    currency = currency_of(body.get("currency") or desk.settings.account_currency)
    set_id = id_or_none(body, "rate_card_set_id")
    of_set = desk.linked("rate_card_sets", set_id, "rate_card_set_id") if set_id else create_set(desk, body)
    cards = desk.book.with_value("rate_cards", "rate_card_set_id", of_set["id"])
    if any(card["currency"] == currency for card in cards):
        raise invalid("currency", "The set already has a rate card in this currency")
    card = desk.insert("rate_cards", {"rate_card_set_id": of_set["id"], "currency": currency, "removable": True})
    default = whole(body, "default_rate", least=0) if body.get("default_rate") is not None else 0
    for version in desk.book.with_value("rate_card_set_versions", "rate_card_set_id", of_set["id"]):
        _version(desk, card, version, default)
    return card


def _version(desk: Desk, card: Record, of_set: Record, default_rate: int) -> Record:
    return desk.insert("rate_card_versions", {
        "rate_card_id": card["id"], "rate_card_set_version_id": of_set["id"], "default_rate": default_rate,
    })  # fmt: skip


def create_set_version(desk: Desk, body: Record) -> Record:
    """Copies the version `clone_id`, else the newest; not in force until published."""
    _admin(desk)
    required(body, "rate_card_set_id")
    of_set = desk.linked("rate_card_sets", body["rate_card_set_id"], "rate_card_set_id")
    versions = desk.book.with_value("rate_card_set_versions", "rate_card_set_id", of_set["id"])
    source_id = id_or_none(body, "clone_id") or desk.params.get("clone_id") or versions[-1]["id"]
    source = desk.linked("rate_card_set_versions", source_id, "clone_id")
    since = day(body, "effective_date") if body.get("effective_date") else desk.clock.today()
    made = desk.insert("rate_card_set_versions", {
        "rate_card_set_id": of_set["id"], "effective_date": since, "active": False,
    })  # fmt: skip
    for old in desk.book.with_value("rate_card_versions", "rate_card_set_version_id", source["id"]):
        copy = _version(desk, desk.known("rate_cards", old["rate_card_id"]), made, old["default_rate"])
        for role in desk.book.with_value("rate_card_roles", "rate_card_version_id", old["id"]):
            desk.insert("rate_card_roles", {
                "rate_card_version_id": copy["id"], "role_id": role["role_id"], "rate": role["rate"],
            })  # fmt: skip
    return made


def update_set_version(desk: Desk, record: Record, body: Record) -> Record:
    _admin(desk)
    changes = {"effective_date": day(body, "effective_date")} if body.get("effective_date") else {}
    return desk.update("rate_card_set_versions", record, changes)


def publish(desk: Desk, record: Record) -> Record:
    _admin(desk)
    changed = desk.update("rate_card_set_versions", record, {"active": True})
    for version in desk.book.with_value("rate_card_versions", "rate_card_set_version_id", record["id"]):
        _touch_card(desk, version)
    return changed


def _touch_card(desk: Desk, version: Record) -> None:
    """Whether a new rate moves the card's updated_at is not documented; the settings say."""
    if desk.settings.rate_touches_card:
        desk.update("rate_cards", desk.known("rate_cards", version["rate_card_id"]), {}, touch=True)


def update_version(desk: Desk, record: Record, body: Record) -> Record:
    _admin(desk)
    required(body, "default_rate")
    changed = desk.update("rate_card_versions", record, {"default_rate": whole(body, "default_rate", least=0)})
    if changed is not record:
        _touch_card(desk, changed)
    return changed


def create_role_rate(desk: Desk, body: Record) -> Record:
    _admin(desk)
    required(body, "rate_card_version_id", "role_id", "rate")
    version = desk.linked("rate_card_versions", body["rate_card_version_id"], "rate_card_version_id")
    role = desk.linked("roles", body["role_id"], "role_id")
    rows = desk.book.with_value("rate_card_roles", "rate_card_version_id", version["id"])
    if any(row["role_id"] == role["id"] for row in rows):
        raise invalid("role_id", "Role already has a rate in this version")
    rate = whole(body, "rate", least=0)
    _touch_card(desk, version)
    return desk.insert("rate_card_roles", {
        "rate_card_version_id": version["id"], "role_id": role["id"], "rate": rate,
    })  # fmt: skip


def update_role_rate(desk: Desk, record: Record, body: Record) -> Record:
    _admin(desk)
    required(body, "rate")
    changed = desk.update("rate_card_roles", record, {"rate": whole(body, "rate", least=0)})
    if changed is not record:
        _touch_card(desk, desk.known("rate_card_versions", record["rate_card_version_id"]))
    return changed


def delete_role_rate(desk: Desk, record: Record) -> None:
    _admin(desk)
    _touch_card(desk, desk.known("rate_card_versions", record["rate_card_version_id"]))
    desk.remove("rate_card_roles", record)
