"""NetSuite's REST API as far as we use it: records by external id, SuiteQL pages, the server's clock.

Every call holds one slot of the account's concurrency. Source: docs/connectors/netsuite.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.exact_json import exact_json
from shared.faults import BusinessException, Poison
from shared.ports.flow import Slots

if TYPE_CHECKING:
    from shared.adapters.vendor_http import VendorHttp, VendorResponse

RECORDS = "/services/rest/record/v1"
SUITEQL = "/services/rest/query/v1/suiteql"
SERVER_TIME = "/services/rest/system/v1/serverTime"
_NAMES = {"X-NetSuite-PropertyNameValidation": "Error"}
"""Without it a misspelt field is dropped and the answer is a success."""

Row = Mapping[str, Any]


def _unmarked() -> None:
    """Nothing needs to be noted before the call."""


class NetSuite:
    """One account. `lane` of each call: "posting" before "reference" before "poll"."""

    def __init__(self, http: VendorHttp, slots: Slots, *, account: str) -> None:
        self._http, self._slots, self._account = http, slots, account

    def find(self, record: str, eid: str, *, lane: str) -> dict[str, Any] | None:
        """The record with our external id, None if there is none (yet)."""
        with self._slots.lease(self._account, lane):
            return self._get(record, eid)

    def upsert(
        self,
        record: str,
        eid: str,
        body: Mapping[str, Any],
        *,
        replace: str,
        lane: str,
        asking: Callable[[], None] = _unmarked,
    ) -> dict[str, Any] | None:
        """PUT by external id, then the record as it stands (None while it is not visible), under one slot.

        Made or changed, the answer of the PUT does not say. replace: the sublist sent whole; lines without a key would
        be added once more. asking: called when the slot is ours, right before the PUT. Raises Transient when the outcome is unknown: look it up before anything is repeated.
        """
        with self._slots.lease(self._account, lane):
            asking()
            self._http.put(
                f"{RECORDS}/{record}/eid:{eid}",
                params={"replace": replace} if replace else {},
                content=exact_json(body),
                headers={**_NAMES, "Content-Type": "application/json"},
            )
            return self._get(record, eid)

    def rows(self, query: str, params: Sequence[Any], *, limit: int, lane: str) -> list[Row]:
        """One page of SuiteQL; every value is a text, null columns are left out. The query keeps its own place (keyset),
        offsets are never used."""
        response = self._read(
            lane,
            lambda: self._http.post(
                SUITEQL,
                params={"limit": str(limit), "offset": "0"},
                content=exact_json({"q": query, "params": list(params)}),
                headers={"Prefer": "transient", "Content-Type": "application/json"},
                reads=True,
            ),
        )
        items = response.json().get("items")
        if not isinstance(items, list):
            raise Poison("erp_rows_unreadable")
        return items

    def server_time(self, *, lane: str) -> datetime:
        """NetSuite's clock, aware UTC."""
        text = self._read(lane, lambda: self._http.get(SERVER_TIME)).json().get("serverTime")
        try:
            return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        except ValueError as exc:
            raise Poison("erp_time_unreadable") from exc

    def _get(self, record: str, eid: str) -> dict[str, Any] | None:
        try:
            return dict(self._http.get(f"{RECORDS}/{record}/eid:{eid}", headers=_NAMES).json())
        except BusinessException as fault:
            if fault.code != "erp_record_missing":
                raise
            return None

    def _read(self, lane: str, call: Callable[[], VendorResponse]) -> VendorResponse:
        with self._slots.lease(self._account, lane):
            return call()
