"""Salesforce's REST API as far as we use it: SOQL pages, update by id, upsert by external id.

Every call holds one slot of the account's concurrency. Source: docs/connectors/salesforce.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from shared.adapters.exact_json import exact_json
from shared.adapters.vendor_http import VendorHttp
from shared.faults import BusinessException, Poison, Transient
from shared.ports.flow import Slots

_JSON = {"Content-Type": "application/json"}
MOST_PAGES = 200
"""A query that goes on longer is a fault of ours or theirs, not a read."""


class Salesforce:
    def __init__(self, http: VendorHttp, slots: Slots, *, account: str, api_version: str, page_size: int) -> None:
        self._http, self._slots, self._account = http, slots, account
        self._base = f"/services/data/v{api_version}"
        self._headers = {"Sforce-Query-Options": f"batchSize={page_size}"}

    def query(self, soql: str, *, lane: str) -> list[dict[str, Any]]:
        """All rows of a query. The server decides how many a page has; a page says where the next one is."""
        rows = self._rest(self._get(f"{self._base}/query", lane, {"q": soql}), lane)
        return [{name: self._child(value, lane) for name, value in row.items()} for row in rows]

    def _child(self, value: Any, lane: str) -> Any:
        """A child query has pages of its own: a deal of many lines does not bring them all at once."""
        if isinstance(value, dict) and isinstance(value.get("records"), list):
            return {**value, "records": self._rest(value, lane), "done": True}
        return value

    def _rest(self, answer: Mapping[str, Any], lane: str) -> list[dict[str, Any]]:
        rows = list(answer["records"])
        for _ in range(MOST_PAGES):
            if answer.get("done", True):
                return rows
            if not answer.get("nextRecordsUrl"):
                raise Poison("crm_rows_unreadable")
            answer = self._get(str(answer["nextRecordsUrl"]), lane, {})
            rows.extend(answer["records"])
        raise Poison("crm_query_never_ends", pages=str(MOST_PAGES))

    def update(self, kind: str, record_id: str, fields: Mapping[str, Any], *, lane: str = "reference") -> None:
        """PATCH by id: the same fields twice are the same record."""
        with self._slots.lease(self._account, lane):
            path = f"{self._base}/sobjects/{kind}/{record_id}"
            self._http.patch(path, content=exact_json(fields), headers=_JSON)

    def upsert(self, kind: str, key_field: str, key: str, fields: Mapping[str, Any], *, lane: str = "status") -> str:
        """The record's id, made or changed; the key decides which record, so a repeat is the same one."""
        path = f"{self._base}/sobjects/{kind}/{key_field}/{quote(key, safe='')}"
        with self._slots.lease(self._account, lane):
            try:
                answer = self._http.patch(path, content=exact_json(fields), headers=_JSON)
            except BusinessException as refusal:
                if refusal.code != "crm_value_exists":
                    raise
                # Another upsert of the key was quicker: now it stands, and the same call changes it.
                answer = self._http.patch(path, content=exact_json(fields), headers=_JSON)
        if answer.status == 204:  # API versions before 46 tell no id
            return key
        told = answer.json()
        if not isinstance(told, dict) or not told.get("id"):
            raise Transient("unknown_outcome", system="salesforce", cause="answer without an id")
        return str(told["id"])

    def _get(self, path: str, lane: str, params: Mapping[str, str]) -> dict[str, Any]:
        with self._slots.lease(self._account, lane):
            answer = self._http.get(path, params=params, headers=self._headers).json()
        if not isinstance(answer, dict) or not isinstance(answer.get("records"), list):
            raise Poison("crm_rows_unreadable")
        return answer
