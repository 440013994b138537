"""The API under `api/v2.0`: from a path to a record, and what each method does there."""

from __future__ import annotations

from typing import NamedTuple

from sandbox.business_central import dimensions
from sandbox.business_central.book import Book, Record
from sandbox.business_central.call import Answer, Call
from sandbox.business_central.clock import Clock
from sandbox.business_central.correcting import HalfDone
from sandbox.business_central.errors import Refused, not_found
from sandbox.business_central.fields import Entity
from sandbox.business_central.paths import ACTION, Segment, segments
from sandbox.business_central.present import Presenter, etag
from sandbox.business_central.reading import LARGEST_PAGE, Reader, Where, found_at, linked_one, options_of, records_at
from sandbox.business_central.replica import Replica
from sandbox.business_central.rules import ACTIONS, rules_of
from sandbox.business_central.schema import ENTITIES
from sandbox.business_central.settings import Settings
from sandbox.business_central.values import given_of
from sandbox.business_central.work import Work
from sandbox.kit.faults import FaultPlan

HALFWAY = frozenset({"cancel_halfway"})
_BELOW_ONLY = frozenset({"dimensionSetLines"})


class _Target(NamedTuple):
    """Where a path ends: a set (`record` None) or one record; `tail`: `$count` or an action's name."""

    where: Where
    record: Record | None
    tail: str = ""


class Service:
    def __init__(self, book: Book, replica: Replica, clock: Clock, settings: Settings, plan: FaultPlan) -> None:
        self._book, self._replica = book, replica
        self._clock, self._settings, self._plan = clock, settings, plan
        self.presenter = Presenter(settings)
        self._reader = Reader(self.presenter)

    def answer(self, call: Call) -> Answer:
        """One transaction, or none. Raises Refused."""
        path = segments(call.path)
        if not path:
            return self._service_document(call)
        work, rest = self._company(call, path)
        if work is None:
            return self._companies(call, path)
        if not rest:
            return self._reader.one(work, call, ENTITIES["companies"], work.need("companies", work.company))
        target = self._target(work, rest)
        if call.method == "GET":
            return self._read(work, call, target)
        with self._book.transaction():
            try:
                return self._write(work, call, target)
            except HalfDone as half:  # what it did is kept
                refusal = half.refusal
        raise refusal

    def _service_document(self, call: Call) -> Answer:
        names = [name for name in ENTITIES if name not in _BELOW_ONLY]
        value = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
        return Answer(200, {"@odata.context": f"{call.root}/$metadata", "value": value})

    def _company(self, call: Call, path: list[Segment]) -> tuple[Work | None, list[Segment]]:
        """The company by its segment, or by header or parameter as paths inside batches may have it."""
        if path[0].name != "companies":
            named = call.headers.get("company") or call.params.get("company") or ""
            found = [row for row in self._book.all("companies", "") if named in (row["name"], row["id"])]
            if not found:
                raise not_found("segment_unknown", name=path[0].name)
            return self._work(call, found[0]["id"]), path
        key = path[0].key
        if key is None:
            return None, path
        if self._book.get("companies", key) is None:
            raise Refused(404, "Internal_CompanyNotFound", "no_company", id=key)
        return self._work(call, key), path[1:]

    def _work(self, call: Call, company: str) -> Work:
        """On the replica for a GET that says it only reads."""
        aside = call.method == "GET" and call.headers.get("data-access-intent", "").lower() == "readonly"
        return Work(self._replica.book() if aside else self._book, self._clock, self._settings, company)

    def _companies(self, call: Call, path: list[Segment]) -> Answer:
        if call.method != "GET" or len(path) > 1:
            raise Refused(405, "BadRequest_MethodNotAllowed", "method", method=call.method, name="companies")
        return self._reader.list(self._work(call, ""), call, Where(ENTITIES["companies"]))

    def _target(self, work: Work, path: list[Segment]) -> _Target:
        """Raises Refused 404 for a segment that leads nowhere."""
        first = path[0]
        entity = ENTITIES.get(first.name)
        if entity is None or first.name == "companies" or first.name in _BELOW_ONLY:
            raise not_found("segment_unknown", name=first.name)
        target = self._keyed(work, Where(entity), first)
        for step in path[1:]:
            target = self._step(work, target, step)
        return target

    def _step(self, work: Work, target: _Target, step: Segment) -> _Target:
        if target.tail:
            raise not_found("segment_unknown", name=step.name)
        entity = target.where.entity
        if target.record is None:
            if step.name == "$count":
                return target._replace(tail="$count")
            raise not_found("segment_unknown", name=step.name)
        if step.name.startswith(ACTION):
            return target._replace(tail=step.name.removeprefix(ACTION))
        link = entity.parts.get(step.name)
        if link is None:
            raise not_found("segment_unknown", name=step.name)
        where = Where(ENTITIES[link.set_name], target.record, entity.set_name, link)
        if link.foreign:
            return self._keyed(work, where, step)
        linked = linked_one(work, target.record, link)
        if linked is None:
            raise not_found(what=where.entity.table, id=target.record[link.local])
        return _Target(where, linked)

    def _keyed(self, work: Work, where: Where, step: Segment) -> _Target:
        if step.key is None:
            return _Target(where, None)
        candidates = records_at(work, where, {"id": step.key})
        found = next((record for record in candidates if record["id"] == step.key), None)
        if found is None and where.entity.set_name == "journals":
            found = _payment_journal(work, step.key)
        if found is None:
            raise not_found(what=where.entity.table, id=step.key)
        return _Target(where, found)

    def _read(self, work: Work, call: Call, target: _Target) -> Answer:
        entity = target.where.entity
        if target.tail == "$count":
            found = found_at(work, target.where, options_of(call, entity), LARGEST_PAGE)
            return Answer(200, str(found.total))
        if target.tail:
            raise Refused(405, "BadRequest_MethodNotAllowed", "method", method="GET", name=target.tail)
        if target.record is None:
            return self._reader.list(work, call, target.where)
        return self._reader.one(work, call, entity, target.record)

    def _write(self, work: Work, call: Call, target: _Target) -> Answer:
        if target.tail:
            return self._act(work, call, target)
        kind = target.where.entity.set_name
        if call.method not in self._methods(target.where.entity):
            raise Refused(405, "BadRequest_MethodNotAllowed", "method", method=call.method, name=kind)
        if (target.record is None) != (call.method == "POST"):
            raise Refused(405, "BadRequest_MethodNotAllowed", "method", method=call.method, name=kind)
        if target.record is None:
            return self._create(work, call, target.where)
        self._check_etag(call, target.record)
        if call.method == "DELETE":
            self._delete(work, target)
            return Answer(204)
        return self._update(work, call, target, target.record)

    def _methods(self, entity: Entity) -> frozenset[str]:
        if entity.set_name == "dimensionValues" and self._settings.dimension_values == "writable":
            return frozenset({"POST", "PATCH", "DELETE"})
        return entity.methods

    def _create(self, work: Work, call: Call, where: Where) -> Answer:
        kind, given = where.entity.set_name, given_of(where.entity, call.body, creating=True)
        if kind == "dimensionSetLines":
            assert where.parent is not None
            made = dimensions.add(work, where.parent_kind, where.parent, given)
        else:
            made = rules_of(kind).create(work, kind, given, where.parent)
        location = f"{call.root}/companies({work.company})/{kind}({made['id']})"
        return Answer(201, self._reader.entity_body(work, call, where.entity, made), {"Location": location})

    def _update(self, work: Work, call: Call, target: _Target, record: Record) -> Answer:
        where = target.where
        kind, given = where.entity.set_name, given_of(where.entity, call.body, creating=False)
        if kind == "dimensionSetLines":
            assert where.parent is not None
            changed = dimensions.change(work, where.parent_kind, where.parent, record, given)
        else:
            changed = rules_of(kind).update(work, kind, record, given)
        return Answer(200, self._reader.entity_body(work, call, where.entity, changed))

    def _delete(self, work: Work, target: _Target) -> None:
        where, record = target.where, target.record
        assert record is not None
        if where.entity.set_name == "dimensionSetLines":
            assert where.parent is not None
            dimensions.take_away(work, where.parent_kind, where.parent, record)
        else:
            rules_of(where.entity.set_name).delete(work, where.entity.set_name, record)

    def _check_etag(self, call: Call, record: Record) -> None:
        """Raises Refused for a missing or an old one; set lines, which are nobody's records, have none to match."""
        wanted = call.headers.get("if-match")
        if wanted is None and call.method == "DELETE" and not self._settings.delete_needs_etag:
            return
        if wanted is None:
            raise Refused(400, "BadRequest_InvalidToken", "token_missing")
        if wanted.strip() != "*" and "_version" in record and wanted.strip() != etag(record):
            raise Refused(self._settings.stale_status, "Request_EntityChanged", "changed")

    def _act(self, work: Work, call: Call, target: _Target) -> Answer:
        kind, record = target.where.entity.set_name, target.record
        action = ACTIONS.get((kind, target.tail))
        if action is None or record is None:
            raise Refused(400, "BadRequest_MethodNotImplemented", "no_action", name=target.tail)
        if call.method != "POST":
            raise Refused(405, "BadRequest_MethodNotAllowed", "method", method=call.method, name=target.tail)
        fault = self._plan.take(call.method, f"/{call.path}", HALFWAY)
        action(work, record, str(fault.params.get("stage", "created")) if fault else "")
        return Answer(204)


def _payment_journal(work: Work, key: str) -> Record | None:
    """One table holds both kinds of journal: by id the page finds, and posts, those of payments too."""
    found = work.by_id("customerPaymentJournals", key)
    return found | {"templateDisplayName": "CASHRCPT"} if found else None
