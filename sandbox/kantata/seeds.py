"""What an account has before the firm does anything: two standing people, expense categories, two custom fields."""

from __future__ import annotations

from sandbox.kantata import custom_fields, expenses, people
from sandbox.kantata.access import Viewer
from sandbox.kantata.auth import Auth
from sandbox.kantata.book import Book, Record
from sandbox.kantata.call import Call
from sandbox.kantata.clock import Clock
from sandbox.kantata.feed import Feed
from sandbox.kantata.settings import Settings

CATEGORIES = ("Travel", "Lodging", "Meals", "Mileage", "Software", "Other")
BILLING_HOLD = "Billing Hold"
CLIENT_APPROVED = "Client Approved On"
_NOBODY: Record = {"id": "0", "permission": "admin"}


def seed(book: Book, auth: Auth, settings: Settings, clock: Clock, feed: Feed) -> None:
    """Does nothing to an account that has people."""
    if any(True for _ in book.all("users")):
        return
    with book.work():
        call = Call(book, Viewer(book, _NOBODY), settings, clock, feed)
        robot = people.add_user(call, {
            "full_name": "Integration", "email_address": "integration@firm.example", "permission": "admin",
        })  # fmt: skip
        admin = people.add_user(call, {
            "full_name": "Account Administrator", "email_address": "admin@firm.example", "permission": "admin",
        })  # fmt: skip
        auth.issue(robot["id"], auth.credentials["token"])
        auth.issue(admin["id"], auth.credentials["admin_token"])
        call = Call(book, Viewer(book, admin), settings, clock, feed)
        for name in CATEGORIES:
            expenses.create_category(call, {"name": name})
        custom_fields.create_field(call, {
            "name": BILLING_HOLD, "subject_type": "Workspace", "value_type": "string", "write_access": "financial",
        })  # fmt: skip
        custom_fields.create_field(call, {
            "name": CLIENT_APPROVED, "subject_type": "Story", "value_type": "date", "write_access": "financial",
        })  # fmt: skip


def field_ids(book: Book) -> dict[str, str]:
    names = {BILLING_HOLD: "billing_hold", CLIENT_APPROVED: "client_approved_on"}
    return {names[f["name"]]: f["id"] for f in book.all("custom_fields") if f["name"] in names}
