"""Rows as V2 and V4 JSON: metadata, navigations, expansions. Source: vendor notes, section 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sandbox.kit.odata.options import Options
from sandbox.sap_s4hana.fields import shown
from sandbox.sap_s4hana.reading import Reader
from sandbox.sap_s4hana.schema import Entity, Nav, Service

Row = Mapping[str, Any]


def etag_of(entity: Entity, row: Row, version: int) -> str:
    """ "" for an entity without one."""
    stamp = row.get(entity.etag) if entity.etag else None
    if not stamp:
        return ""
    if version == 4:
        digits = "".join(char for char in str(stamp) if char.isdigit())
        return f'W/"SADL-{digits}"'
    return f"W/\"datetimeoffset'{quote(str(stamp), safe='')}'\""


def key_text(entity: Entity, row: Row, version: int) -> str:
    """`('9')`, `(A='1',B='2')`, `(guid'..')`."""
    texts = []
    for name in entity.keys:
        one = entity.fields[name]
        value = str(shown(one, row[name], 2, "")).replace("'", "''")
        text = f"guid'{value}'" if one.kind == "guid" else f"'{value}'"
        text = value if one.kind == "guid" and version == 4 else text
        texts.append(text if len(entity.keys) == 1 else f"{name}={text}")
    return f"({','.join(texts)})"


class Renderer:
    """Of one service, for one call. root: the service's address."""

    def __init__(self, service: Service, root: str, reader: Reader) -> None:
        self._service, self._root, self._reader = service, root, reader

    def entity(self, entity: Entity, row: Row, options: Options) -> dict[str, Any]:
        currency = str(row.get(entity.currency, "")) if entity.currency else ""
        version = self._service.version
        wanted = options.select
        fields = [entity.fields[name] for name in wanted if name in entity.fields] if wanted else entity.fields.values()
        body = self._head(entity, row)
        for one in fields:
            body[one.name] = shown(one, row.get(one.name), version, currency)
        body |= {name: value for name, value in row.items() if name not in entity.fields and isinstance(value, dict)}
        for nav in entity.navs.values():
            if nav.name in options.expand:
                body[nav.name] = self._expanded(entity, row, nav, options.expand[nav.name])
            elif version == 2 and (not wanted or nav.name in wanted):
                body[nav.name] = {"__deferred": {"uri": f"{self.uri(entity, row)}/{nav.name}"}}
        return body

    def uri(self, entity: Entity, row: Row) -> str:
        return f"{self._root}/{entity.name}{key_text(entity, row, self._service.version)}"

    def _head(self, entity: Entity, row: Row) -> dict[str, Any]:
        etag = etag_of(entity, row, self._service.version)
        if self._service.version == 4:
            return {"@odata.etag": etag} if etag else {}
        uri = self.uri(entity, row)
        about = {"id": uri, "uri": uri, "type": f"{self._service.namespace}.{entity.type_name}"}
        return {"__metadata": about | ({"etag": etag} if etag else {})}

    def _expanded(self, entity: Entity, row: Row, nav: Nav, options: Options) -> Any:
        target = self._service.sets[nav.target]
        rows = self._reader.related(self._service, entity, row, nav)
        bodies = [self.entity(target, each, options) for each in rows]
        if not nav.many:
            return bodies[0] if bodies else None
        return {"results": bodies} if self._service.version == 2 else bodies
