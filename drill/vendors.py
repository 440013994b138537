"""The three systems in memory, as their connectors' clients see them: records by external id, searches, lost answers.

NetSuite keeps a record per external id, a PUT of one that stands changes it. Kantata makes another record with every
POST, whatever stands there. Salesforce upserts. Source: docs/connectors/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from drill.fate import Died
from drill.ports import Place
from functions.connectors.kantata.client import Page
from functions.connectors.kantata.push_project import mark_of
from shared.faults import BusinessException, Duplicate, Throttled, Transient

ON_CALL = ("busy", "unavailable", "timed_out", "login_expired", "dies_before")
ON_WRITE = (*ON_CALL, "answer_lost", "answer_lost", "dies_after")


def number_of(key: str, nth: int = 0) -> str:
    """A vendor's id: as arbitrary as theirs, but the same in every run, whatever came first. nth: of the same key."""
    return str(int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big") * 10 + nth)


def workspace_of(project_id: str) -> str:
    """The id that Kantata will give to this project of ours."""
    return number_of(f"/workspaces {mark_of(project_id)}")


def _key(fields: Mapping[str, Any]) -> str:
    """What tells one Kantata record from another of its kind."""
    if reference := fields.get("external_reference"):
        return str(reference["service_model_ref"])
    if "description" in fields:
        return str(fields["description"]).rpartition("\n")[2]
    return str(fields.get("name") or f"{fields.get('workspace_id')} {fields.get('title')}")


class Line:
    """The way to one vendor: every call may fail on it, before or after the vendor did what it was asked."""

    def __init__(self, vendor: str, place: Place) -> None:
        self._vendor, self._place = vendor, place

    def read(self, call: str, act: Callable[[], Any]) -> Any:
        self._place.overtaken(f"{self._vendor}.{call}")
        self._before(call, self._place.fault(f"{self._vendor}.{call}", ON_CALL))
        return act()

    def write(self, call: str, act: Callable[[], Any]) -> Any:
        self._place.overtaken(f"{self._vendor}.{call}")
        fault = self._place.fault(f"{self._vendor}.{call}", ON_WRITE)
        self._before(call, fault)
        answer = act()
        if fault == "dies_after":
            raise Died(call)
        if fault == "answer_lost":
            raise Transient("vendor_answer_lost", call=call)
        return answer

    def lags(self, call: str) -> bool:
        return self._place.fault(f"{self._vendor}.{call} shows late", ("stale",)) is not None

    def _before(self, call: str, fault: str | None) -> None:
        if fault == "dies_before":
            raise Died(call)
        if fault == "busy":
            raise Throttled("vendor_busy", 30, call=call)
        if fault in ("unavailable", "timed_out"):
            raise Transient(f"vendor_{fault}", call=call)
        if fault == "login_expired":
            raise BusinessException(f"{self._vendor}_login_refused", call=call)


@dataclass
class NetSuiteRecord:
    """writes: how often it was made or changed. unseen: whether somebody looked for it in vain since the last one."""

    id: str
    body: dict[str, Any]
    writes: int = 1
    unseen: bool = False
    blind_repeats: int = 0


@dataclass
class NetSuiteAccount:
    """refusals: external ids of invoices whose period is closed, until somebody opens it."""

    line: Line
    records: dict[tuple[str, str], NetSuiteRecord] = field(default_factory=dict)
    refusals: set[str] = field(default_factory=set)

    def find(self, record: str, eid: str, *, lane: str) -> dict[str, Any] | None:
        return self._get(record, eid)

    def upsert(
        self,
        record: str,
        eid: str,
        body: Mapping[str, Any],
        *,
        replace: str,
        lane: str,
        asking: Callable[[], None] = lambda: None,
    ) -> dict[str, Any] | None:
        asking()
        self.line.write(f"put {record}", lambda: self._put(record, eid, dict(body)))
        return self._get(record, eid)

    def _put(self, record: str, eid: str, body: dict[str, Any]) -> None:
        if eid in self.refusals:
            raise BusinessException("posting_period_closed", invoice_id=eid)
        standing = self.records.get((record, eid))
        if standing is None:
            self.records[record, eid] = NetSuiteRecord(number_of(f"{record} {eid}"), body)
            return
        standing.writes += 1
        standing.blind_repeats += "item" in body and not standing.unseen
        standing.unseen = False
        standing.body |= body

    def _get(self, record: str, eid: str) -> dict[str, Any] | None:
        found = self.line.read(f"get {record}", lambda: self.records.get((record, eid)))
        if found is not None and record in ("invoice", "creditMemo") and self.line.lags(f"get {record}"):
            found.unseen = True
            return None
        return self.shown(record, found) if found else None

    def shown(self, record: str, found: NetSuiteRecord) -> dict[str, Any]:
        if record not in ("invoice", "creditMemo"):
            return {"id": found.id}
        total = self.total(found)
        shown = {
            "id": found.id,
            "tranId": f"{'CM' if record == 'creditMemo' else 'INV'}{found.id}",
            "subtotal": str(total),
            "taxTotal": "0",
            "total": str(total),
            "tranDate": found.body["tranDate"],
            "status": {"id": "A"},
        }
        if record == "creditMemo":
            return shown | {"applied": str(self.applied(found))}
        return shown | {"dueDate": found.body["dueDate"], "amountRemaining": str(total - self.settled(found.id))}

    @staticmethod
    def total(found: NetSuiteRecord) -> Decimal:
        return sum((Decimal(str(line["amount"])) for line in found.body["item"]["items"]), Decimal(0))

    @staticmethod
    def applied(found: NetSuiteRecord) -> Decimal:
        lines = found.body.get("apply", {}).get("items", [])
        return sum((Decimal(str(line["amount"])) for line in lines), Decimal(0))

    def settled(self, invoice_id: str) -> Decimal:
        """By credit memos that are set against it."""
        memos = [each for (record, _), each in self.records.items() if record == "creditMemo"]
        lines = [line for memo in memos for line in memo.body.get("apply", {}).get("items", [])]
        return sum((Decimal(str(line["amount"])) for line in lines if line["doc"]["id"] == invoice_id), Decimal(0))


class OneCurrency:
    def id_of(self, code: str, *, lane: str) -> str:
        return "1"


@dataclass
class KantataAccount:
    """tables: rows by path, in the order they were made; references: (type, our model, our id) -> their ids."""

    line: Line
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    references: list[dict[str, Any]] = field(default_factory=list)

    def page(self, path: str, params: Mapping[str, object], *, lane: str, page: int = 1) -> Page:
        rows = self.line.read(f"get {path}", lambda: self._rows(path, params))
        sides = {"external_references": {str(each["id"]): each for each in self.references}}
        return Page(tuple(rows), len(rows), sides, None)

    def _rows(self, path: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
        if path == "/external_references":
            wanted = {name: params[name] for name in ("subject_type", "service_model", "service_model_ref")}
            return [dict(each) for each in self.references if wanted.items() <= each.items()]
        rows = self.tables.get(path, [])
        if workspace := params.get("workspace_id"):
            rows = [each for each in rows if str(each.get("workspace_id")) == str(workspace)]
        if only := params.get("only"):
            rows = [each for each in rows if str(each["id"]) == str(only)]
        return [dict(each) | {"external_reference_ids": self._ids_of(path, each)} for each in rows]

    def _ids_of(self, path: str, row: Mapping[str, Any]) -> list[str]:
        kind = {"/workspace_groups": "WorkspaceGroup", "/workspaces": "Workspace", "/invoices": "Invoice"}.get(path)
        same = (each for each in self.references if each["subject_type"] == kind)
        return [str(each["id"]) for each in same if str(each["subject_id"]) == str(row["id"])]

    def every(self, path: str, params: Mapping[str, object], *, lane: str) -> Iterator[tuple[dict[str, Any], Page]]:
        page = self.page(path, params, lane=lane)
        yield from ((dict(row), page) for row in page.rows)

    def find(self, path: str, params: Mapping[str, object], *, lane: str) -> dict[str, Any] | None:
        rows = self.page(path, params, lane=lane).rows
        return dict(rows[0]) if rows else None

    def create(self, path: str, body: Mapping[str, Any], *, lane: str) -> dict[str, Any]:
        made: dict[str, Any] = self.line.write(f"post {path}", lambda: self._made(path, body))
        return made

    def _made(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        [fields] = [dict(value) for value in body.values()]
        if path == "/external_references/create_or_update":
            return self._refer(fields)
        rows = self.tables.setdefault(path, [])
        self._refuse(path, fields, rows)
        row = {"id": number_of(f"{path} {_key(fields)}", sum(_key(each) == _key(fields) for each in rows))} | fields
        rows.append(row)
        if reference := fields.get("external_reference"):
            self._refer({**reference, "subject_type": "Invoice", "subject_id": int(row["id"])})
        return row

    @staticmethod
    def _refuse(path: str, fields: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
        """One client of a name; an entry stands on one invoice. One that was corrected after it was billed was taken off
        the first one there by who corrected it, so only an invoice of the same reference of ours is in its way."""
        if path == "/workspace_groups" and any(each["name"] == fields["name"] for each in rows):
            raise Duplicate("psa_already_there", name=str(fields["name"]))
        for listed in ("time_entry_ids", "expense_ids"):
            same = [each for each in rows if each.get("status") != "cancelled" and _key(each) == _key(fields)]
            taken = {id_ for each in same for id_ in each.get(listed, ())}
            if taken & set(fields.get(listed, ())):
                raise BusinessException("psa_already_invoiced", listed=listed)

    def _refer(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        key = {name: fields[name] for name in ("subject_type", "subject_id", "service_model")}
        for each in self.references:
            if key.items() <= each.items():
                each |= fields
                return each
        self.references.append({"id": str(len(self.references) + 1), **fields})
        return self.references[-1]

    def change(self, path: str, body: Mapping[str, Any], *, lane: str) -> dict[str, Any]:
        _, kind, id_, act = path.split("/")
        assert act == "cancel"

        def cancel() -> dict[str, Any]:
            [row] = [each for each in self.tables[f"/{kind}"] if each["id"] == id_]
            row["status"] = "cancelled"
            return row

        changed: dict[str, Any] = self.line.write(f"put /{kind}/cancel", cancel)
        return changed


@dataclass
class SalesforceOrg:
    line: Line
    records: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def upsert(self, kind: str, key_field: str, key: str, fields: Mapping[str, Any], *, lane: str = "status") -> str:
        def act() -> str:
            self.records[kind, key] = self.records.get((kind, key), {}) | dict(fields)
            return f"a0{sorted(self.records).index((kind, key))}"

        return str(self.line.write(f"upsert {kind}", act))

    def update(self, kind: str, id_: str, fields: Mapping[str, Any], *, lane: str = "reference") -> None:
        def act() -> None:
            self.records[kind, id_] = self.records.get((kind, id_), {}) | dict(fields)

        self.line.write(f"update {kind}", act)
