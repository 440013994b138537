"""What differs between deployed versions or is uncertain in the vendor notes, changeable through `/_sim/settings`.

The meaning of each is in docs/simulators/kantata.md; settings are durable.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

# Status keys: 130 and 501 are recorded or documented; the others stand in for the list on the vendor's help pages.
STATUSES = {
    "100": ["Backlog", "grey"],
    "110": ["Estimate", "grey"],
    "130": ["Not Started", "grey"],
    "200": ["In Setup", "light-green"],
    "300": ["Active", "green"],
    "305": ["In Progress", "green"],
    "400": ["Needs Attention", "yellow"],
    "430": ["Billing Hold", "yellow"],
    "500": ["On Hold", "red"],
    "501": ["Cancelled", "red"],
    "600": ["Completed", "blue"],
    "610": ["Closed", "blue"],
}


@dataclass
class Settings:
    linked_ids: str = "recorded"
    with_meta: bool = True
    bump_updated_at: bool = True
    presence_filters: list[str] = field(default_factory=lambda: ["approved", "invoiced", "uninvoiced", "billable"])
    expense_approved_field: bool = False
    integer_invoice_ids: bool = False
    extra_orders: dict[str, list[str]] = field(default_factory=dict)
    subscribed_events_enabled: bool = True
    event_lag_s: float = 0.0
    event_hold_s: float = 0.0
    event_duplicate_every: int = 0
    event_payloads_as_strings: bool = True
    event_retention_days: float = 9.0
    custom_field_touches_subject: bool = True
    rate_touches_card: bool = True
    integer_service_model_ref: bool = False
    require_time_approvals: bool = True
    require_expense_approvals: bool = True
    submit_by_period: bool = True
    resolutions_as: str = "array"
    extra_story_states: list[str] = field(default_factory=list)
    week_starts_on: str = "sunday"
    legacy_error_resources: list[str] = field(default_factory=lambda: ["external_payments"])
    rate_limit_per_minute: int = 0
    endpoint_limits_per_minute: dict[str, int] = field(default_factory=dict)
    retry_after_s: int = 0
    account_currency: str = "USD"
    statuses: dict[str, list[str]] = field(default_factory=lambda: {k: list(v) for k, v in STATUSES.items()})

    def change(self, wanted: dict[str, Any]) -> None:
        """Raises ValueError naming the setting that is unknown or of another type; then nothing is changed."""
        known = {f.name for f in fields(self)}
        for name, value in wanted.items():
            if name not in known:
                raise ValueError(f"{name}: not a setting; known are {sorted(known)}")
            now = getattr(self, name)
            kinds = (int, float) if isinstance(now, float) else (type(now),)
            if not isinstance(value, kinds) or isinstance(value, bool) != isinstance(now, bool):
                raise ValueError(f"{name}: expected {type(now).__name__}, got {value!r}")
        for name, value in wanted.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
