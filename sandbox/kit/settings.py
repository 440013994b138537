"""What an administrator sets up: a dataclass of defaults per vendor, kept with its records, changed by name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from sandbox.kit.store import Store

_KIND, _ID = "_settings", "own"


@dataclass
class VendorSettings:
    """The fields and their defaults are the vendor's own."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def change(self, given: dict[str, Any]) -> None:
        """Raises ValueError naming what is no setting, or a value it cannot have; then nothing is changed."""
        defaults = type(self)()
        known = {one.name: getattr(defaults, one.name) for one in fields(self)}
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"no such setting: {name}; known: {sorted(known)}")
            kinds = (int, float) if isinstance(known[name], float) else type(known[name])
            if not isinstance(value, kinds) or isinstance(value, bool) != isinstance(known[name], bool):
                raise ValueError(f"{name}: {value!r} is not a {type(known[name]).__name__}")
            self.check(name, value)
        for name, value in given.items():
            setattr(self, name, value)

    def check(self, name: str, value: object) -> None:
        """Raises ValueError for a value of the right type that cannot be; any can unless told otherwise."""

    def load(self, store: Store) -> None:
        self.change(store.get(_KIND, _ID) or {})

    def save(self, store: Store) -> None:
        store.put(_KIND, _ID, self.as_json())
