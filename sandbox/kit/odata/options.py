"""The system query options of one request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sandbox.kit.odata.errors import SyntaxRefused, UnknownName
from sandbox.kit.odata.parse import filter_tree
from sandbox.kit.odata.tree import Node

KNOWN = frozenset(
    {"$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count", "$inlinecount", "$skiptoken", "$format"}
)


class Order(NamedTuple):
    path: str
    descending: bool


@dataclass(frozen=True)
class Options:
    """`expand`: name -> its own options (V2 paths `a/b` become nested ones). `count`: the total is asked for.

    `top` None: not asked. `select` empty: everything.
    """

    filter: Node | None = None
    orderby: tuple[Order, ...] = ()
    select: tuple[str, ...] = ()
    expand: Mapping[str, Options] = field(default_factory=dict)
    top: int | None = None
    skip: int = 0
    count: bool = False
    skiptoken: str | None = None


def read(given: Mapping[str, str], known: frozenset[str] = KNOWN) -> Options:
    """given: the decoded query parameters; those without `$` are left to the service.

    Raises SyntaxRefused for text that cannot be read, UnknownName for an option that does not exist.
    """
    for name in given:
        if name.startswith("$") and name not in known:
            raise UnknownName(f"The query parameter '{name}' is not supported.", name)
    return Options(
        filter=filter_tree(given["$filter"]) if given.get("$filter") else None,
        orderby=_orders(given.get("$orderby", "")),
        select=tuple(name for name in _parts(given.get("$select", ""), ",") if name != "*"),
        expand=_expansions(given.get("$expand", ""), known),
        top=_count(given, "$top"),
        skip=_count(given, "$skip") or 0,
        count=given.get("$count") == "true" or given.get("$inlinecount") == "allpages",
        skiptoken=given.get("$skiptoken"),
    )


def _count(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,10}", text):
        raise SyntaxRefused(
            f"Invalid value '{text}' for {name} query option found. A non-negative integer is due.", name
        )
    return int(text)


def _orders(text: str) -> tuple[Order, ...]:
    found = []
    for part in _parts(text, ","):
        match = re.fullmatch(r"([\w./@]+)(?:\s+(asc|desc))?", part)
        if match is None:
            raise SyntaxRefused(f"Syntax error in $orderby: '{part}'.", "$orderby")
        found.append(Order(match[1], match[2] == "desc"))
    return tuple(found)


def _expansions(text: str, known: frozenset[str]) -> dict[str, Options]:
    """`a,b($select=x;$expand=c),d/e`. Raises SyntaxRefused for unmatched brackets."""
    found: dict[str, Options] = {}
    for part in _parts(text, ","):
        match = re.fullmatch(r"([\w.]+)((?:/[\w.]+)*)(?:\((.*)\))?", part, re.DOTALL)
        if match is None:
            raise SyntaxRefused(f"Syntax error in $expand: '{part}'.", "$expand")
        name, rest, inner = match[1], match[2].lstrip("/"), match[3] or ""
        options = read(dict(_pair(one) for one in _parts(inner, ";")), known)
        if rest:
            options = Options(expand=_merged(_expand_of(found.get(name)), _expansions(rest, known)))
        found = _merged(found, {name: options})
    return found


def _expand_of(options: Options | None) -> Mapping[str, Options]:
    return options.expand if options else {}


def _merged(one: Mapping[str, Options], other: Mapping[str, Options]) -> dict[str, Options]:
    """V2 says `$expand=to_Item,to_Item/to_Pricing`: both are about one navigation."""
    both = dict(one)
    for name, options in other.items():
        before = both.get(name)
        if before and before.expand:
            options = Options(**(vars(options) | {"expand": _merged(before.expand, options.expand)}))
        both[name] = options
    return both


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise SyntaxRefused(f"Syntax error in $expand: '{text}'.", "$expand")
    return name.strip(), value


def _parts(text: str, separator: str) -> list[str]:
    """Split outside brackets and quotes; spaces around parts dropped."""
    found, depth, quoted, part = [], 0, False, ""
    for char in text:
        if char == "'":
            quoted = not quoted
        elif not quoted:
            depth += (char == "(") - (char == ")")
        if char == separator and depth == 0 and not quoted:
            found.append(part)
            part = ""
        else:
            part += char
    if depth or quoted:
        raise SyntaxRefused(f"Unbalanced brackets or quotes in '{text}'.")
    return [one.strip() for one in [*found, part] if one.strip()]
