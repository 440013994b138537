"""What one Kantata account calls things: statuses, custom fields and choices from the deployment file, never code.

Source: docs/connectors/kantata.md, "Settings".
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SYSTEM = "kantata"
MAPPING = "1.0"
"""As in connector.yaml: changes when the same record gives other event data."""
SERVICE = "billweave"
"""`service_name` of every external reference we leave there."""


class HoldRule(BaseModel):
    """What puts a project's billing on hold: the message of its status, or the value of a custom field."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    by: Literal["status", "custom_field"] = "status"
    words: tuple[str, ...] = ("Billing hold", "On hold")
    field: str = "Billing hold"


class MilestoneRule(BaseModel):
    """When a milestone is completed, and what shows that somebody accepted it.

    by "state": a state of `accepted`. by "custom_field": `field` holds the name of who accepted it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    completed: tuple[str, ...] = ("completed", "accepted")
    by: Literal["state", "custom_field"] = "custom_field"
    accepted: tuple[str, ...] = ("accepted",)
    field: str = "Accepted by"


class TimeRule(BaseModel):
    """What an entry says beside person, role and minutes; Kantata has no field for it, so the account's habit decides.

    overtime, travel: names of the tasks (`by` task) or roles (`by` role) that such work is booked on, without regard to
    case; none by default. region_by_location: the entry's `location` names the region that rates may be agreed for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    by: Literal["task", "role"] = "task"
    overtime: tuple[str, ...] = ()
    travel: tuple[str, ...] = ()
    region_by_location: bool = False


class KantataSettings(BaseModel):
    """slots: parallel calls per token, all lanes together. overlap_minutes, events_overlap_minutes: how far a poll reads
    back. rate_cards: the rate card of a new project, by currency; without one people choose it in Kantata."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    account: str = SYSTEM
    slots: int = Field(default=4, ge=1)
    page_size: int = Field(default=200, ge=1, le=200)
    look_back_days: int = Field(default=45, ge=1)
    overlap_minutes: int = Field(default=5, ge=0)
    events_overlap_minutes: int = Field(default=15, ge=15)
    hold: HoldRule = HoldRule()
    milestones: MilestoneRule = MilestoneRule()
    time: TimeRule = TimeRule()
    rate_cards: dict[str, str] = Field(default_factory=dict)
