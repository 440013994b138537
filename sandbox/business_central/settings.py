"""What an administrator sets up; where the notes leave a choice open, the choice is here.

Durable; read and changed through `/_sim/settings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.kit.settings import VendorSettings


@dataclass
class Settings(VendorSettings):
    """manual_numbers: the number series of customers and projects take numbers from outside.
    tax_rounding: `line` (each line by itself) or `document` (the sum per rate, spread over the lines).
    delete_needs_etag: a DELETE without If-Match is refused, as a PATCH without it always is.
    stale_status: answer to an old etag, 409 or 412 (the documents know both).
    encode_enums: option texts in answers are XML names (`In_x0020_Review`).
    default_language: of messages when no Accept-Language is sent.
    refuse_duplicate_numbers: a posted invoice's externalDocumentNumber is refused at the next post.
    require_external_number: post needs an externalDocumentNumber.
    payment_moves_timestamp: whether a payment moves its invoice's lastModifiedDateTime: never | full | always.
    dimension_values: `read_only` as the API's page is, or `writable` through a page of the tenant's own.
    project_dimension: an extension of the tenant's makes a value of this dimension for each new project; empty: none.
    jobs_set_up: the number series of projects is there; without it no project can be made.
    replica_lag_s: how old what a read-only replica answers is.
    shortcut_dimensions: codes of the two global dimensions.
    approval: post is refused while it stands (`In Review`), for drafts over this amount; empty: no approval.
    handshake_method: with what a notification URL is validated, POST or GET.
    notification_delay_s, collection_over, retry_s, give_up_s, subscription_days, most_subscriptions: of webhooks.
    requests_per_window, window_s, in_process, queued, queue_s, process_s: limits per user; 0 requests: no limit.
    page_size: of lists whose caller names none. token_s: life of an access token.
    """

    manual_numbers: bool = True
    tax_rounding: str = "line"
    delete_needs_etag: bool = True
    stale_status: int = 409
    encode_enums: bool = True
    default_language: str = "en-US"
    refuse_duplicate_numbers: bool = False
    require_external_number: bool = False
    payment_moves_timestamp: str = "never"
    dimension_values: str = "read_only"
    project_dimension: str = ""
    jobs_set_up: bool = True
    replica_lag_s: float = 1.0
    shortcut_dimensions: list[str] = field(default_factory=lambda: ["DEPARTMENT", "PROJECT"])
    approval: str = ""
    handshake_method: str = "POST"
    notification_delay_s: float = 30.0
    collection_over: int = 1000
    retry_s: float = 60.0
    give_up_s: float = 36 * 3600.0
    subscription_days: float = 3.0
    most_subscriptions: int = 200
    requests_per_window: int = 6000
    window_s: float = 300.0
    in_process: int = 5
    queued: int = 95
    queue_s: float = 480.0
    process_s: float = 480.0
    page_size: int = 20_000
    token_s: int = 3599

    def check(self, name: str, value: object) -> None:
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{name}: one of {CHOICES[name]}")


CHOICES: dict[str, tuple[object, ...]] = {
    "tax_rounding": ("line", "document"),
    "stale_status": (409, 412),
    "payment_moves_timestamp": ("never", "full", "always"),
    "dimension_values": ("read_only", "writable"),
    "handshake_method": ("POST", "GET"),
}
