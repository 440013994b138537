"""What an administrator of the account would set; where the notes leave a choice open, the choice is here.

Durable; read and changed through `/_sim/settings`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sandbox.kit.store import Store


@dataclass
class Settings:
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

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def change(self, given: dict[str, Any]) -> None:
        """Raises ValueError naming a setting that does not exist."""
        known = {f.name for f in fields(self)}
        unknown = set(given) - known
        if unknown:
            raise ValueError(f"no such setting: {sorted(unknown)}; known: {sorted(known)}")
        for name, value in given.items():
            setattr(self, name, value)


_KIND, _ID = "_settings", "account"


def load_settings(store: Store) -> Settings:
    settings = Settings()
    settings.change(store.get(_KIND, _ID) or {})
    return settings


def save_settings(store: Store, settings: Settings) -> None:
    store.put(_KIND, _ID, settings.as_json())
