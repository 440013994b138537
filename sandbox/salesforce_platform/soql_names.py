"""Names in a query -> what they stand for, or the refusal Salesforce gives.

Source: vendors/salesforce.md, sections 5.1 and 8; SOQL and SOSL Reference (relationship queries).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.schema import Field, SObject

Getter = Callable[[Row], Any]


@dataclass(frozen=True)
class Column:
    """A field reached from a row: through `parents`, reference fields in order, to `field`."""

    parents: tuple[Field, ...]
    field: Field
    get: Getter


class Names:
    """Looks names up for one query text, which its errors quote."""

    def __init__(self, org: Org, soql: str) -> None:
        self.org, self._soql = org, soql

    def sobject(self, name: str) -> SObject:
        found = self.org.schema.find(name)
        if found is None or (found.name == "CurrencyType" and not self.org.settings.multi_currency):
            raise ApiError(
                400,
                "INVALID_TYPE",
                f"{self._where(name)}sObject type '{name}' is not supported. If you are attempting to use a custom "
                "object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe "
                "call for the appropriate names.",
            )
        return found

    def children(self, parent: SObject, relationship: str) -> tuple[SObject, Field]:
        for child, one in self.org.schema.children_of(parent.name):
            if one.children.lower() == relationship.lower():
                return child, one
        raise ApiError(
            400,
            "INVALID_TYPE",
            f"{self._where(relationship)}Didn't understand relationship '{relationship}' in FROM part of query call. "
            "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom "
            "relationship name. Please reference your WSDL or the describe call for the appropriate names.",
        )

    def column(self, sobject: SObject, path: str) -> Column:
        parts = path.split(".")
        if len(parts) > 1 and parts[0].lower() == sobject.name.lower():
            parts = parts[1:]
        parents: list[Field] = []
        at = sobject
        for name in parts[:-1]:
            reference = at.parents.get(name.lower())
            if reference is None or reference.to not in self.org.schema.objects:
                raise ApiError(
                    400,
                    "INVALID_FIELD",
                    f"{self._where(path)}Didn't understand relationship '{name}' in field path. If you are attempting "
                    "to use a custom relationship, be sure to append the '__r' after the custom relationship name.",
                )
            parents.append(reference)
            at = self.org.schema.objects[reference.to]
        one = self.field(at, parts[-1], path)
        return Column(tuple(parents), one, self._getter(parents, at, one))

    def field(self, sobject: SObject, name: str, path: str) -> Field:
        one = sobject.by_lower.get(name.lower())
        if one is None or (one.currency_only and not self.org.settings.multi_currency):
            raise ApiError(
                400,
                "INVALID_FIELD",
                f"{self._where(path)}No such column '{name}' on entity '{sobject.name}'. If you are attempting to use "
                "a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL "
                "or the describe call for the appropriate names.",
            )
        return one

    def _getter(self, parents: list[Field], at: SObject, one: Field) -> Getter:
        name = one.name
        last: Getter = self.org.formula(at, name) if one.formula else lambda row: row.get(name)
        if not parents:
            return last
        steps = [(reference.name, self.org.tables[reference.to].rows) for reference in parents]

        def get(row: Row) -> Any:
            for reference, rows in steps:
                found = rows.get(row.get(reference) or "")
                if found is None:
                    return None
                row = found
            return last(row)

        return get

    def _where(self, name: str) -> str:
        """The two lines that point at the name, as in the vendor's message."""
        match = re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", self._soql)
        at = match.start() if match else 0
        row, column = self._soql.count("\n", 0, at) + 1, at - (self._soql.rfind("\n", 0, at) + 1)
        start = max(0, at - 30)
        shown = self._soql[start : at + len(name) + 10].replace("\n", " ")
        return f"\n{shown}\n{' ' * (at - start)}^\nERROR at Row:{row}:Column:{column + 1}\n"
