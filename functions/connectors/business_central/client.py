"""Business Central's API v2.0 as far as we use it: records of a company's sets, bound actions, pages.

Every call holds one slot of the account, those of one document the same. Source: docs/connectors/business_central.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.adapters.exact_json import exact_json
from shared.adapters.held_slot import HeldSlot
from shared.faults import BusinessException, Poison, Transient
from shared.ports.flow import Slots

if TYPE_CHECKING:
    from shared.adapters.vendor_http import VendorHttp, VendorResponse

_JSON = {"Content-Type": "application/json"}
MISSING = "erp_record_missing"

Row = Mapping[str, Any]


class Page(NamedTuple):
    """next_link: the vendor's own address of the page behind it; empty at the end."""

    rows: list[Row]
    next_link: str


def _unmarked() -> None:
    """Nothing needs to be noted before the call."""


class BusinessCentral:
    """One environment of one tenant. root: path of its API. `lane` of each call: "posting", "reference", "poll"."""

    def __init__(self, http: VendorHttp, slots: Slots, *, account: str, root: str) -> None:
        self._http, self._slots, self._account, self._root = http, HeldSlot(slots), account, root

    def slot(self, lane: str) -> AbstractContextManager[None]:
        """One slot of the account for all calls of this thread inside: those of one document."""
        return self._slots.lease(self._account, lane)

    def find(self, company: str, kind: str, where: str, *, lane: str) -> list[Row]:
        """What the filter finds, as it stands now; for keys that a handful of records have at most."""
        return self.page(company, kind, {"$filter": where}, size=100, lane=lane).rows

    def page(self, company: str, kind: str, params: Mapping[str, str], *, size: int, lane: str) -> Page:
        return self._page(lane, self._path(company, kind), params, size)

    def following(self, next_link: str, *, size: int, lane: str) -> Page:
        """The page behind one. Raises Poison("vendor_url_elsewhere") for an address that is not the vendor's."""
        return self._page(lane, next_link, None, size)

    def get(self, company: str, kind: str, record_id: str, *, lane: str) -> Row | None:
        """None where there is no such record."""
        try:
            return self._call("GET", self._path(company, kind, record_id), lane).json()  # type: ignore[no-any-return]
        except BusinessException as fault:
            if fault.code != MISSING:
                raise
            return None

    def create(self, company: str, kind: str, body: Row, *, lane: str, asking: Callable[[], None] = _unmarked) -> Row:
        """The record as it was made, with what the body holds of lines. asking: called when the slot is ours, right
        before the POST. Raises Transient when the outcome is unknown: look it up before anything is repeated.
        """
        answer = self._call("POST", self._path(company, kind), lane, body=body, asking=asking)
        try:
            made = answer.json()
        except Poison as unreadable:
            raise Transient("unknown_outcome", cause=unreadable.code) from unreadable
        if not isinstance(made, dict) or "id" not in made:
            raise Transient("unknown_outcome", cause="no_record", record=kind)
        return made

    def change(self, company: str, kind: str, row: Row, body: Row, *, lane: str) -> Row:
        """PATCH of what stands as in `row`. Raises Transient("erp_record_changed") when it does not any more."""
        path = self._path(company, kind, str(row["id"]))
        answer = self._call("PATCH", path, lane, body=body, headers={"If-Match": str(row["@odata.etag"])})
        return answer.json()  # type: ignore[no-any-return]

    def remove(self, company: str, kind: str, record_id: str, *, lane: str) -> None:
        """Whatever it says now; gone already is as good."""
        try:
            self._call("DELETE", self._path(company, kind, record_id), lane, headers={"If-Match": "*"})
        except BusinessException as fault:
            if fault.code != MISSING:
                raise

    def act(self, company: str, kind: str, record_id: str, action: str, *, lane: str) -> None:
        """A bound action; it answers nothing."""
        self._call("POST", f"{self._path(company, kind, record_id)}/Microsoft.NAV.{action}", lane)

    def subscriptions(self, *, lane: str) -> list[Row]:
        """Of the whole tenant, others' too: 200 at most."""
        return self._page(lane, f"{self._root}/subscriptions", None, 500).rows

    def subscribe(self, body: Row, *, lane: str) -> None:
        """Business Central calls our address before it answers. Raises Duplicate where there is one."""
        self._call("POST", f"{self._root}/subscriptions", lane, body=body)

    def renew(self, row: Row, body: Row, *, lane: str) -> None:
        path = f"{self._root}/subscriptions('{row['subscriptionId']}')"
        self._call("PATCH", path, lane, body=body, headers={"If-Match": str(row["@odata.etag"])})

    def _path(self, company: str, kind: str, record_id: str = "") -> str:
        return f"{self._root}/companies({company})/{kind}" + (f"({record_id})" if record_id else "")

    def _page(self, lane: str, path: str, params: Mapping[str, str] | None, size: int) -> Page:
        answer = self._call("GET", path, lane, params=params, headers={"Prefer": f"odata.maxpagesize={size}"}).json()
        rows = answer.get("value") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise Poison("erp_rows_unreadable")
        return Page(rows, str(answer.get("@odata.nextLink") or ""))

    def _call(
        self,
        method: str,
        path: str,
        lane: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Row | None = None,
        asking: Callable[[], None] = _unmarked,
    ) -> VendorResponse:
        with self._slots.lease(self._account, lane):
            asking()
            content = None if body is None else exact_json(body)
            sent = {**(headers or {}), **(_JSON if body is not None else {})}
            return self._http.call(method, path, params=params, headers=sent, content=content)
