"""How the firm's people reach the PSA: SOQL, and collections of at most 200 records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.firm.desks import Told
from sandbox.firm.vendor_calls import Refused, VendorCalls, client_credentials

Row = dict[str, Any]
MOST = 200


class Calls:
    """As the person whom the people's app runs as."""

    def __init__(self, told: Told) -> None:
        people = told["credentials"]["people"]
        token, instance = client_credentials(told["base_url"], "/services/oauth2/token", people)
        self._path = f"/services/data/v{people['api_version']}"
        self._api = VendorCalls(instance, token)

    def query(self, soql: str) -> list[Row]:
        page = self._api.get(f"{self._path}/query", q=soql)
        found: list[Row] = page["records"]
        while not page["done"]:
            page = self._api.get(page["nextRecordsUrl"])
            found += page["records"]
        return found

    def count(self, soql: str) -> int:
        return int(self._api.get(f"{self._path}/query", q=soql)["totalSize"])

    def make(self, kind: str, values: Row) -> str:
        return self.make_all(kind, [values])[0]

    def make_all(self, kind: str, rows: Sequence[Row]) -> list[str]:
        """Ids in the order of the rows. Raises Refused if one of them is."""
        return [each for part in _parts(rows) for each in self._written("POST", kind, part)]

    def change(self, kind: str, record_id: str, values: Row) -> None:
        self.change_all(kind, {record_id: values})

    def change_all(self, kind: str, rows: Mapping[str, Row]) -> None:
        for part in _parts([{"id": record_id} | values for record_id, values in rows.items()]):
            self._written("PATCH", kind, part)

    def _written(self, method: str, kind: str, part: Sequence[Row]) -> list[str]:
        typed = [{"attributes": {"type": kind}} | row for row in part]
        body = {"allOrNone": True, "records": typed}
        done = self._api.call(method, f"{self._path}/composite/sobjects", json=body)
        if not all(row["success"] for row in done):
            raise Refused(f"{method} {kind}: {next(row['errors'] for row in done if not row['success'])}")
        return [str(row["id"]) for row in done]


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), MOST):
        yield rows[start : start + MOST]


def one_of(ids: Iterable[str]) -> str:
    """The right side of IN."""
    return "(" + ",".join(f"'{each}'" for each in ids) + ")"


def text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
