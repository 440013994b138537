"""The Salesforce platform's REST API as far as we use it: SOQL pages, single writes, many records in one call.

Every call holds one slot of the account's concurrency. Source: docs/connectors/salesforce.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from shared.adapters.exact_json import exact_json
from shared.adapters.vendor_http import FaultTable, VendorHttp, VendorResponse
from shared.faults import BusinessException, Fault, Poison, Transient
from shared.ports.flow import Slots

_JSON = {"Content-Type": "application/json"}
MOST_PAGES = 200
"""A query that goes on longer is a fault of ours or theirs, not a read."""
MOST_RECORDS = 200
"""Of one collection."""
_INNOCENT = frozenset({"PROCESSING_HALTED", "ALL_OR_NONE_OPERATION_ROLLED_BACK"})
"""Codes of what was taken back because of another."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """answered_at: the org's clock, to the second, if it told."""

    rows: list[dict[str, Any]]
    answered_at: datetime | None


class Org:
    """One org, as one user. fault_of: the connector's table."""

    def __init__(
        self, http: VendorHttp, fault_of: FaultTable, slots: Slots, *, account: str, api_version: str, page_size: int
    ) -> None:
        self._http, self._fault_of, self._slots, self._account = http, fault_of, slots, account
        self._base = f"/services/data/v{api_version}"
        self._headers = {"Sforce-Query-Options": f"batchSize={page_size}"}

    def query(self, soql: str, *, lane: str) -> list[dict[str, Any]]:
        """All rows of a query. The server decides how many a page has; a page says where the next one is."""
        return self.read(soql, lane=lane).rows

    def read(self, soql: str, *, lane: str, deleted: bool = False) -> Reading:
        """deleted: rows in the recycle bin too, `IsDeleted` tells them apart."""
        response = self._get(f"{self._base}/{'queryAll' if deleted else 'query'}", lane, {"q": soql})
        rows = self._rest(_rows_in(response.json()), lane)
        whole = [{name: self._child(value, lane) for name, value in row.items()} for row in rows]
        return Reading(whole, _clock(response.headers.get("date", "")))

    def read_many(self, queries: Mapping[str, str], *, lane: str) -> dict[str, list[dict[str, Any]]]:
        """Rows by the name of each query; five queries at most are one call."""
        named = list(queries.items())
        found: dict[str, list[dict[str, Any]]] = {}
        for start in range(0, len(named), 5):
            steps = [
                {"method": "GET", "url": f"{self._base}/query?q={quote(soql, safe='')}", "referenceId": name}
                for name, soql in named[start : start + 5]
            ]
            bodies = self.composite(steps, lane=lane, reads=True)
            found |= {name: self._rest(_rows_in(body), lane) for name, body in bodies.items()}
        return found

    def _child(self, value: Any, lane: str) -> Any:
        """A child query has pages of its own: a deal of many lines does not bring them all at once."""
        if isinstance(value, dict) and isinstance(value.get("records"), list):
            return {**value, "records": self._rest(value, lane), "done": True}
        return value

    def _rest(self, answer: Row, lane: str) -> list[dict[str, Any]]:
        rows = list(answer["records"])
        for _ in range(MOST_PAGES):
            if answer.get("done", True):
                return rows
            if not answer.get("nextRecordsUrl"):
                raise Poison("vendor_rows_unreadable", system=self._http.system)
            answer = _rows_in(self._get(str(answer["nextRecordsUrl"]), lane, {}).json())
            rows.extend(answer["records"])
        raise Poison("vendor_query_never_ends", system=self._http.system, pages=str(MOST_PAGES))

    def update(self, kind: str, record_id: str, fields: Row, *, lane: str = "reference") -> None:
        """PATCH by id: the same fields twice are the same record."""
        with self._slots.lease(self._account, lane):
            path = f"{self._base}/sobjects/{kind}/{record_id}"
            self._http.patch(path, content=exact_json(fields), headers=_JSON)

    def upsert(self, kind: str, key_field: str, key: str, fields: Row, *, lane: str = "status") -> str:
        """The record's id, made or changed; the key decides which record, so a repeat is the same one."""
        path = f"{self._base}/sobjects/{kind}/{key_field}/{quote(key, safe='')}"
        with self._slots.lease(self._account, lane):
            try:
                answer = self._http.patch(path, content=exact_json(fields), headers=_JSON)
            except BusinessException as refusal:
                if not is_taken(refusal):
                    raise
                # Another upsert of the key was quicker: now it stands, and the same call changes it.
                answer = self._http.patch(path, content=exact_json(fields), headers=_JSON)
        if answer.status == 204:  # API versions before 46 tell no id
            return key
        told = answer.json()
        if not isinstance(told, dict) or not told.get("id"):
            raise self._unknown("answer without an id")
        return str(told["id"])

    def composite(self, steps: Sequence[Row], *, lane: str, reads: bool = False) -> dict[str, Any]:
        """Bodies by referenceId of at most 25 calls in one, all of them or none. url of a step: see `step`.

        Raises the fault of the one that failed.
        """
        body = exact_json({"allOrNone": not reads, "compositeRequest": list(steps)})
        with self._slots.lease(self._account, lane):
            told = self._http.post(f"{self._base}/composite", content=body, headers=_JSON, reads=reads).json()
        answers = told.get("compositeResponse") if isinstance(told, dict) else None
        if not isinstance(answers, list) or [a.get("referenceId") for a in answers] != [
            each["referenceId"] for each in steps
        ]:
            raise self._unknown("composite unreadable")
        faults = [self._fault_in(answer) for answer in answers if int(answer["httpStatusCode"]) >= 300]
        if guilty := [fault for fault in faults if fault is not None]:
            raise guilty[0]
        if faults:
            raise self._unknown("composite taken back without a reason")
        return {str(answer["referenceId"]): answer["body"] for answer in answers}

    def step(self, reference: str, kind: str, key_field: str, key: str, fields: Row) -> dict[str, Any]:
        """An upsert as part of a composite."""
        url = f"{self._base}/sobjects/{kind}/{key_field}/{quote(key, safe='')}"
        return {"method": "PATCH", "url": url, "referenceId": reference, "body": dict(fields)}

    def update_all(self, records: Sequence[Row], *, lane: str) -> list[Fault | None]:
        """At most 200 records with `attributes.type` and `id`, each changed or not: what became of each, in order.

        The platform answers 200 even when every record failed.
        """
        return self._collection(f"{self._base}/composite/sobjects", records, lane)

    def upsert_all(self, kind: str, key_field: str, records: Sequence[Row], *, lane: str) -> list[Fault | None]:
        """At most 200 records of one kind, each with its key in it."""
        return self._collection(f"{self._base}/composite/sobjects/{kind}/{key_field}", records, lane)

    def _collection(self, path: str, records: Sequence[Row], lane: str) -> list[Fault | None]:
        body = exact_json({"allOrNone": False, "records": list(records)})
        with self._slots.lease(self._account, lane):
            results = self._http.patch(path, content=body, headers=_JSON).json()
        if not isinstance(results, list) or len(results) != len(records):
            raise self._unknown("results unreadable")
        return [self._result(result) for result in results]

    def _result(self, result: Any) -> Fault | None:
        if not isinstance(result, dict) or not isinstance(result.get("success"), bool):
            raise self._unknown("results unreadable")
        return None if result["success"] else self._fault_of(400, {}, exact_json(result.get("errors") or []))

    def _fault_in(self, answer: Row) -> Fault | None:
        """None for what was taken back because of another."""
        body = answer.get("body")
        first = body[0] if isinstance(body, list) and body else body
        if isinstance(first, Mapping) and first.get("errorCode") in _INNOCENT:
            return None
        return self._fault_of(int(answer["httpStatusCode"]), {}, exact_json(body))

    def _unknown(self, cause: str) -> Transient:
        return Transient("unknown_outcome", system=self._http.system, cause=cause)

    def _get(self, path: str, lane: str, params: Mapping[str, str]) -> VendorResponse:
        with self._slots.lease(self._account, lane):
            return self._http.get(path, params=params, headers=self._headers)


def is_taken(refusal: Fault) -> bool:
    """Whether another record has the key: one made by another call a moment ago, most of the time."""
    return refusal.facts.get("vendor_code") == "DUPLICATE_VALUE"


def _rows_in(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("records"), list):
        raise Poison("vendor_rows_unreadable")
    return answer


def _clock(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
