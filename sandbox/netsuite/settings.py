"""What an administrator of the account would set; where the notes leave a choice open, the choice is here.

Durable; read and changed through `/_sim/settings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.kit.settings import VendorSettings


@dataclass
class Settings(VendorSettings):
    """invoice_approval_routing: invoices start pending (status D), not open.
    check_currency: a transaction's currency must be one of its customer's.
    refuse_duplicate_numbers: a taken `tranId` is refused.
    automatic_tax: subsidiary id -> tax code id, for lines without their own code and documents without override.
    suiteql_time_zone: of dates with time in SuiteQL text. suiteql_iso_dates: take 'YYYY-MM-DD' beside account format.
    duplicate_code: o:errorCode of a taken external id. async_seconds: from accepting a job to its result.
    custom_fields: record type (or `type.item` for its lines) -> names of custom fields, all text.
    """

    invoice_approval_routing: bool = False
    check_currency: bool = True
    refuse_duplicate_numbers: bool = True
    automatic_tax: dict[str, str] = field(default_factory=dict)
    suiteql_time_zone: str = "UTC"
    suiteql_iso_dates: bool = True
    duplicate_code: str = "DUP_RCRD"
    async_seconds: float = 0.2
    custom_fields: dict[str, list[str]] = field(default_factory=dict)
