"""A package: objects installed in an org, and what their triggers and formulas do.

An org is the platform with one or more packages; several may have triggers on one object, which run in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.salesforce_platform.org import Org
    from sandbox.salesforce_platform.schema import SObject

Row = dict[str, Any]
Before = Callable[["Org", Row, Row | None, Row], None]
"""Derives and refuses: (org, row, as it was, what the caller sent). The row is changed in place; before None: created."""
After = Callable[["Org", Row, Row | None], None]
"""Rolls up: (org, row, as it was). A deleted row arrives with IsDeleted."""
Deleting = Callable[["Org", Row], None]
Formula = Callable[["Org", Row], Any]
Sees = Callable[[Row], bool]
Sight = Callable[["Org", str, "SObject"], Sees | None]
"""(org, user id, object) -> a test of its rows; None: all are seen."""


@dataclass(frozen=True)
class Package:
    """`objects`: the shape of schema.json. `seed` plants what a fresh org has: (org, administrator's user id)."""

    objects: Mapping[str, Any]
    before_save: Mapping[str, Before] = field(default_factory=dict)
    after_save: Mapping[str, After] = field(default_factory=dict)
    before_delete: Mapping[str, Deleting] = field(default_factory=dict)
    formulas: Mapping[tuple[str, str], Formula] = field(default_factory=dict)
    sight: Sight | None = None
    seed: Callable[[Org, str], None] | None = None


class Triggers:
    """What all packages of an org do, by object."""

    def __init__(self, packages: Sequence[Package]) -> None:
        self.packages = tuple(packages)
        self._before: dict[str, list[Before]] = {}
        self._after: dict[str, list[After]] = {}
        self._deleting: dict[str, list[Deleting]] = {}
        self.formulas: dict[tuple[str, str], Formula] = {}
        for one in packages:
            for name, before in one.before_save.items():
                self._before.setdefault(name, []).append(before)
            for name, after in one.after_save.items():
                self._after.setdefault(name, []).append(after)
            for name, deleting in one.before_delete.items():
                self._deleting.setdefault(name, []).append(deleting)
            self.formulas.update(one.formulas)
        self._sights = [one.sight for one in packages if one.sight is not None]

    def before_save(self, org: Org, sobject: SObject, row: Row, before: Row | None, given: Row) -> None:
        for trigger in self._before.get(sobject.name, ()):
            trigger(org, row, before, given)

    def after_save(self, org: Org, sobject: SObject, row: Row, before: Row | None) -> None:
        for trigger in self._after.get(sobject.name, ()):
            trigger(org, row, before)

    def before_delete(self, org: Org, sobject: SObject, row: Row) -> None:
        for trigger in self._deleting.get(sobject.name, ()):
            trigger(org, row)

    def sight(self, org: Org, user_id: str, sobject: SObject) -> Sees | None:
        """None when the user sees every row of the object."""
        tests = [test for sight in self._sights if (test := sight(org, user_id, sobject)) is not None]
        if not tests:
            return None
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)
