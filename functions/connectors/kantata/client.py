"""Kantata's API v1 as far as we use it: pages in its "brainstem" form, single writes. Every call holds one slot.

Source: docs/connectors/kantata.md, "Response format".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.exact_json import exact_json
from shared.faults import Poison
from shared.ports.flow import Slots

if TYPE_CHECKING:
    from shared.adapters.vendor_http import VendorHttp, VendorResponse

API = "/api/v1"
Row = Mapping[str, Any]
Params = Mapping[str, object]
"""Texts, numbers, truth values; what is false, empty or None is not sent."""


@dataclass(frozen=True)
class Page:
    """rows: in the order of `results`, the only order there is. count: over all pages. sides: side-loaded objects by
    kind and id, the results' own kind among them. answered_at: the vendor's clock, to the second, if it told."""

    rows: tuple[Row, ...]
    count: int
    sides: Mapping[str, Mapping[str, Row]]
    answered_at: datetime | None

    def side(self, kind: str, id_: object) -> Row:
        """The side-loaded object, or nothing. Ids are texts here and sometimes integers there."""
        return self.sides.get(kind, {}).get(str(id_), {}) if id_ is not None else {}


class Kantata:
    """One account, seen with one token. `lane` of each call: "status" and "reference" before "poll"."""

    def __init__(self, http: VendorHttp, slots: Slots, *, account: str, page_size: int = 200) -> None:
        self._http, self._slots, self._account = http, slots, account
        self.page_size = page_size

    def page(self, path: str, params: Params, *, lane: str, page: int = 1) -> Page:
        """One page. A false filter is left out: most of them act by presence, `approved=false` means approved."""
        query = {name: _text(value) for name, value in params.items() if value not in (None, False, "")}
        query |= {"page": str(page), "per_page": str(self.page_size)}
        with self._slots.lease(self._account, lane):
            return _page(self._http.get(f"{API}{path}", params=query))

    def every(self, path: str, params: Params, *, lane: str) -> Iterator[tuple[Row, Page]]:
        """Every row of a small list, page after page, each id once, with the page it came on."""
        seen: set[str] = set()
        number = 1
        while True:
            page = self.page(path, params, lane=lane, page=number)
            for row in page.rows:
                if str(row["id"]) not in seen:
                    seen.add(str(row["id"]))
                    yield row, page
            if len(page.rows) < self.page_size:
                return
            number += 1

    def find(self, path: str, params: Params, *, lane: str) -> Row | None:
        """The first row, None if there is none."""
        rows = self.page(path, params, lane=lane).rows
        return rows[0] if rows else None

    def create(self, path: str, body: Mapping[str, Any], *, lane: str) -> Row:
        """POST; the object made. Raises Transient when the outcome is unknown: look it up before it is repeated."""
        with self._slots.lease(self._account, lane):
            return _only(_page(self._http.post(f"{API}{path}", content=exact_json(body), headers=_JSON)))

    def change(self, path: str, body: Mapping[str, Any], *, lane: str) -> Row:
        with self._slots.lease(self._account, lane):
            return _only(_page(self._http.put(f"{API}{path}", content=exact_json(body), headers=_JSON)))


_JSON = {"Content-Type": "application/json"}


def _text(value: object) -> str:
    return "true" if value is True else str(value)


def _page(response: VendorResponse) -> Page:
    parsed = response.json()
    if not isinstance(parsed, dict) or not isinstance(parsed.get("results"), list):
        raise Poison("psa_answer_unreadable")
    sides = {
        kind: {str(id_): row for id_, row in rows.items()}
        for kind, rows in parsed.items()
        if isinstance(rows, dict) and kind != "meta"
    }
    found = (sides.get(str(hit.get("key")), {}).get(str(hit.get("id"))) for hit in parsed["results"])
    rows = tuple(row for row in found if row is not None)
    return Page(rows, int(parsed.get("count", len(rows))), sides, _clock(response.headers.get("date", "")))


def _only(page: Page) -> Row:
    if not page.rows:
        raise Poison("psa_answer_unreadable")
    return page.rows[0]


def _clock(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
