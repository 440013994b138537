"""Which rate an hour has: from the project's rate card, by the date worked and the person's role there."""

from __future__ import annotations

from decimal import Decimal

from sandbox.kantata.book import Book, Record
from sandbox.kantata.money import CURRENCIES


def effective_version(book: Book, rate_card_id: str, on: str) -> Record | None:
    """The card's version in the newest published set version that takes effect on or before the date."""
    best: tuple[str, int] | None = None
    chosen = None
    for version in book.with_value("rate_card_versions", "rate_card_id", rate_card_id):
        of_set = book.get("rate_card_set_versions", version["rate_card_set_version_id"])
        if of_set is None or not of_set["active"] or of_set["effective_date"] > on:
            continue
        rank = (of_set["effective_date"], int(version["id"]))
        if best is None or rank > best:
            best, chosen = rank, version
    return chosen


def role_of(book: Book, user_id: str, workspace_id: str) -> str | None:
    """The person's role on the project, or their default one."""
    for resource in book.with_value("workspace_resources", "user_id", user_id):
        if resource["workspace_id"] == workspace_id and resource["role_id"]:
            return str(resource["role_id"])
    user = book.get("users", user_id)
    return user["role_id"] if user else None


def rate_for(book: Book, workspace: Record, role_id: str | None, on: str) -> int:
    """Smallest currency units per hour. Without a card, or before its first version, the project's default rate."""
    card = workspace["rate_card_id"]
    version = effective_version(book, card, on) if card else None
    if version is None:
        return int(Decimal(workspace["default_rate"]) * CURRENCIES[workspace["currency"]][1])
    for row in book.with_value("rate_card_roles", "rate_card_version_id", version["id"]):
        if row["role_id"] == role_id:
            return int(row["rate"])
    return int(version["default_rate"])
