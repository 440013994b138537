"""Atom XML: what V2 answers to a caller who did not ask for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sandbox.sap_s4hana.schema import Entity

_SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" '
    'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"'
)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def entry(entity: Entity, body: Mapping[str, Any], *, top: bool = True) -> str:
    about = body["__metadata"]
    etag = f" m:etag={quoteattr(about['etag'])}" if "etag" in about else ""
    fields = "".join(_property(name, body[name]) for name in entity.fields if name in body)
    links = "".join(
        f'<link href={quoteattr(body[name]["__deferred"]["uri"])} rel="related" title="{name}"/>'
        for name in entity.navs
        if isinstance(body.get(name), dict) and "__deferred" in body[name]
    )
    return (
        f"{_HEAD if top else ''}<entry{' ' + _SPACES if top else ''}{etag}><id>{escape(about['id'])}</id>"
        f'<title type="text">{escape(entity.name)}</title>{links}'
        f'<content type="application/xml"><m:properties>{fields}</m:properties></content></entry>'
    )


def feed(entity: Entity, bodies: Sequence[Mapping[str, Any]], root: str, onward: str) -> str:
    entries = "".join(entry(entity, body, top=False) for body in bodies)
    link = f'<link rel="next" href={quoteattr(onward)}/>' if onward else ""
    return (
        f'{_HEAD}<feed {_SPACES}><id>{escape(f"{root}/{entity.name}")}</id><title type="text">{escape(entity.name)}</title>'
        f"{entries}{link}</feed>"
    )


def service(root: str, names: Sequence[str]) -> str:
    sets = "".join(f'<collection href="{name}"><atom:title>{name}</atom:title></collection>' for name in names)
    return (
        f'{_HEAD}<service xmlns="http://www.w3.org/2007/app" xmlns:atom="http://www.w3.org/2005/Atom" '
        f"xml:base={quoteattr(root + '/')}><workspace><atom:title>Data</atom:title>{sets}</workspace></service>"
    )


def _property(name: str, value: object) -> str:
    if value is None:
        return f'<d:{name} m:null="true"/>'
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<d:{name}>{escape(text)}</d:{name}>"
