"""Requests by kind: method and resource, without what tells one record from another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_KEYS = (
    (re.compile(r"/eid:[^/]+"), "/eid:*"),
    (re.compile(r"\((?:[^()]*)\)"), "(*)"),
    (re.compile(r"/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?=/|$)"), "/*"),
    (re.compile(r"/\d+(?=/|$)"), "/*"),
)
_ROOTS = re.compile(
    r"^/(?:v2\.0(?:/\*)?/\w+/api/v2\.0|services/rest|services/data/v[\d.]+|sap/opu/odata4?/sap|api/v1)(?=/|$)"
)


def kind_of(call: str) -> str:
    """ "PUT /services/rest/record/v1/invoice/eid:1" -> "PUT /record/v1/invoice/eid:*"."""
    method, _, path = call.partition(" ")
    for key, instead in _KEYS:
        path = key.sub(instead, path)
    return f"{method} {_ROOTS.sub('', path)}"


def by_kind(calls: Mapping[str, int]) -> dict[str, int]:
    """Most frequent first."""
    found: Counter[str] = Counter()
    for call, count in calls.items():
        found[kind_of(call)] += count
    return dict(found.most_common())
