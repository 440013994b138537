"""What an OData service consists of: entity sets with keys, properties and navigations, and functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sandbox.sap_s4hana.fields import Field, Value, fields

Row = dict[str, object]


@dataclass(frozen=True)
class Nav:
    """From a row to rows of `target` whose properties equal the row's: pairs (theirs, ours). `deep`: rows may be given
    with their parent in one POST."""

    name: str
    target: str
    by: tuple[tuple[str, str], ...]
    many: bool = True
    deep: bool = True


def nav(name: str, target: str, by: str, *, many: bool = True, deep: bool = True) -> Nav:
    """by: `Theirs=Ours Same ...`."""
    pairs = [part.partition("=") for part in by.split()]
    return Nav(name, target, tuple((theirs, ours or theirs) for theirs, _, ours in pairs), many, deep)


@dataclass(frozen=True)
class Entity:
    """`name`: of the set; `etag`: the property that it is made from; `currency`: the property that amounts are in;
    `verbs`: what may be done beside reading: C create, U update, D delete. `stamp`: the property that moves with each change.
    """

    name: str
    keys: tuple[str, ...]
    fields: Mapping[str, Field]
    navs: Mapping[str, Nav] = field(default_factory=dict)
    etag: str = ""
    currency: str = ""
    verbs: str = ""
    stamp: str = ""
    source: str = ""

    @property
    def table(self) -> str:
        """Where its rows are kept: under its own name, unless another version's set shows the same rows."""
        return self.source or self.name

    @property
    def type_name(self) -> str:
        return f"{self.name}Type"

    @cached_property
    def blanks(self) -> dict[str, Value]:
        return {name: one.blank for name, one in self.fields.items()}

    def types(self) -> dict[str, str]:
        return {name: one.edm for name, one in self.fields.items()}


def entity(
    name: str, keys: str, text: str, *navs: Nav, etag: str = "", currency: str = "", verbs: str = "", stamp: str = ""
) -> Entity:
    return Entity(
        name, tuple(keys.split()), fields(text), {one.name: one for one in navs}, etag or stamp, currency, verbs, stamp
    )


@dataclass(frozen=True)
class Function:
    """A V2 function import or a V4 action. `returns`: "" nothing, else a complex or entity type name."""

    name: str
    method: str
    parameters: Mapping[str, Field]
    returns: str = ""
    many: bool = False


@dataclass(frozen=True)
class Service:
    """`path`: below the host. `sets`: by name as callers say it. Version 4 services name sets without `A_`."""

    path: str
    version: int
    sets: Mapping[str, Entity]
    functions: Mapping[str, Function] = field(default_factory=dict)

    @property
    def name(self) -> str:
        last = self.path.rstrip("/").rpartition("/")[2]
        return last.partition(";")[0] if self.version == 2 else self.path.split("/")[5].upper()

    @property
    def namespace(self) -> str:
        return self.name if self.version == 2 else f"com.sap.gateway.srvd_a2x.{self.path.split('/')[5]}.v0001"
