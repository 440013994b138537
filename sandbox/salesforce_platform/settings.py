"""What an administrator, or a fact the vendor notes leave open, decides. Read and changed under `/_sim/settings`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from sandbox.kit.store import Store


@dataclass
class Settings:
    """Durable. Every name is a key of `POST /_sim/settings`.

    page_size: most rows the server puts on a page, whatever `batchSize` asks; 0 takes the asked size.
    write_hold_ms: how long a write keeps its row and its parents locked, and its caller waiting.
    timestamp_step_ms: instants are cut to multiples of it; 1 keeps them strictly apart, 1000 is the vendor's own.
    """

    multi_currency: bool = True
    default_currency: str = "USD"
    page_size: int = 2000
    child_page_size: int = 200
    cursor_ttl_s: float = 172_800
    session_ttl_s: float = 7_200
    jwt_longest_s: int = 300
    clock_skew_s: int = 30
    daily_api_limit: int = 140_000
    write_hold_ms: int = 0
    timestamp_step_ms: int = 1
    account_duplicate_rule: bool = False
    event_nulls: str = "omit"  # or "explicit": null in the payload and `nulledFields` in the header
    event_instants: str = "iso"  # or "epoch_ms"
    event_retention_s: float = 259_200
    event_extras: bool = False  # siblings of `payload`: schemaId, id

    def change(self, wanted: dict[str, Any]) -> None:
        """Raises ValueError, naming the key, for an unknown name or a value of another kind; then nothing changes."""
        known = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        for name, value in wanted.items():
            if name not in known:
                raise ValueError(f"{name}: not one of {sorted(known)}")
            right = isinstance(value, int | float) if known[name] in (int, float) else isinstance(value, known[name])
            if not right:
                raise ValueError(f"{name}: {value!r} is not of kind {known[name].__name__}")
        for name, value in wanted.items():
            setattr(self, name, known[name](value))

    def save(self, store: Store) -> None:
        store.put("sim:settings", "settings", asdict(self))

    @classmethod
    def load(cls, store: Store) -> Settings:
        made = cls()
        kept = store.get("sim:settings", "settings") or {}
        made.change({name: value for name, value in kept.items() if hasattr(made, name)})
        return made
