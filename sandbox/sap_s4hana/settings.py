"""What the tenant's customizing and the vendor's undocumented choices come to. Durable; `/_sim/settings`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.kit.settings import VendorSettings


@dataclass
class Settings(VendorSettings):
    """session_minutes: idle time after which a session and its CSRF token are gone. page_size: rows of a server-driven page.
    token_seconds: life of an OAuth access token.
    honours_request_id: a repeated POST with the same RequestID is answered from the first result.
    tax_rounding: "document" (on the sum of each rate, spread over the items) or "item".
    most_items: more items of one document than this are billed on several documents.
    clearing_moves_stamp: whether a payment moves LastChangeDateTime of the billing document.
    clears_credits: a credit memo that names its invoice is set against it at once, as a clearing run would.
    postable_statuses: of project elements. require_if_match: changing without it is 428.
    event_delay_s: from a change to its event. events: entity tables whose changes are told.
    condition_types: prices that a caller may give. units: of quantities.
    approval_for: types of sales documents that wait for an approval. billing_blocks: type -> block that it starts with.
    """

    session_minutes: float = 30.0
    page_size: int = 1000
    token_seconds: int = 3600
    honours_request_id: bool = False
    tax_rounding: str = "document"
    most_items: int = 999
    clearing_moves_stamp: bool = False
    clears_credits: bool = True
    postable_statuses: list[str] = field(default_factory=lambda: ["10", "20"])
    require_if_match: bool = True
    event_delay_s: float = 0.0
    condition_types: list[str] = field(default_factory=lambda: ["PPR0", "PMP0", "PSP0", "PCP0"])
    approval_for: list[str] = field(default_factory=list)
    billing_blocks: dict[str, str] = field(default_factory=dict)
    units: list[str] = field(
        default_factory=lambda: ["H", "HR", "MIN", "DAY", "EA", "PC", "AU", "LE", "MON", "WK", "KM", "ST", "C62"]
    )
