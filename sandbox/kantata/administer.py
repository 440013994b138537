"""What the account's administrator sets up once in Kantata. It is only ever polled: it is told no address."""

from __future__ import annotations

from typing import Any

from sandbox.firm.desks import Told
from sandbox.firm.vendor_calls import VendorCalls

ACCEPTED_BY = "Accepted by"
"""The field on milestones where the project manager notes who accepted."""
Row = dict[str, Any]


def set_up(told: Told) -> None:
    """Once per account: what an earlier run made stays as it is."""
    api = VendorCalls(f"{told['base_url']}/api/v1", told["credentials"]["admin_token"])
    fields = results(api.get("/custom_fields", per_page=200))
    if all(row["name"] != ACCEPTED_BY for row in fields):
        field = {"name": ACCEPTED_BY, "subject_type": "Story", "value_type": "string"}
        api.post("/custom_fields", {"custom_field": field})


def results(body: Row) -> list[Row]:
    """The rows of an answer in their order."""
    return [body[row["key"]][row["id"]] for row in body["results"]]
