"""`$metadata`: the entities as EDMX, for libraries that reflect on it."""

from __future__ import annotations

from functools import lru_cache
from xml.sax.saxutils import quoteattr

from sandbox.business_central.fields import Entity
from sandbox.business_central.schema import ENTITIES
from sandbox.kit.odata.literals import ENUM

_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM = "http://docs.oasis-open.org/odata/ns/edm"


@lru_cache(maxsize=1)
def edmx() -> str:
    types = "".join(_type(entity) for entity in ENTITIES.values())
    sets = "".join(
        f'<EntitySet Name="{one.set_name}" EntityType="Microsoft.NAV.{one.name}"/>' for one in ENTITIES.values()
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="{_EDMX}"><edmx:DataServices>'
        f'<Schema Namespace="Microsoft.NAV" xmlns="{_EDM}">{types}'
        f'<EntityContainer Name="default">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    )


def _type(entity: Entity) -> str:
    key = "id" if "id" in entity.by_name else entity.fields[0].name
    properties = ""
    for one in entity.fields:
        edm = "Edm.String" if one.edm == ENUM else one.edm
        length = f' MaxLength="{one.length}"' if one.length else ""
        properties += f"<Property Name={quoteattr(one.name)} Type={quoteattr(edm)}{length}/>"
    for name, link in entity.parts.items():
        target = f"Microsoft.NAV.{ENTITIES[link.set_name].name}"
        shown = f"Collection({target})" if link.foreign else target
        properties += f"<NavigationProperty Name={quoteattr(name)} Type={quoteattr(shown)}/>"
    return f'<EntityType Name="{entity.name}"><Key><PropertyRef Name="{key}"/></Key>{properties}</EntityType>'
