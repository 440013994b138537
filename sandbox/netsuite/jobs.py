"""Asynchronous calls: jobs, their tasks and results, and the idempotency key. Source: notes, section 4.

A job is on disk before it is accepted and is carried out once its time has come, by whatever call comes next; a
restart in between loses nothing. A collection PATCH or PUT is one job with one task for each item.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sandbox.kit.clock import MovedClock
from sandbox.kit.store import Record, Store
from sandbox.netsuite.call import Answer, Call, refused
from sandbox.netsuite.clock import instant_text
from sandbox.netsuite.errors import Detail, NetSuiteError, invalid_content, no_such_record
from sandbox.netsuite.render import page, self_link
from sandbox.netsuite.settings import Settings

_ROOT = "/services/rest/async/v1/job"


class Jobs:
    def __init__(self, store: Store, clock: MovedClock, settings: Settings, run: Callable[[Call], Answer]) -> None:
        self._store, self._clock, self._settings, self._run = store, clock, settings, run
        self._waiting = {row["id"]: row["due"] for row in store.all("_job") if row["progress"] == "pending"}

    def accept(self, call: Call) -> Answer:
        """202 with the job's URL; 400 IDEMPOTENCY_ERROR with the first job's when the key was used before."""
        key = call.header("x-netsuite-idempotency-key")
        with self._store.transaction():
            first = self._store.get("_idempotency", key) if key else None
            if first:
                raise _used_before(call, first["job"])
            job_id = str(self._store.next_number("job"))
            now = self._clock.now()
            due = now.timestamp() + self._settings.async_seconds
            job = {"id": job_id, "progress": "pending", "due": due, "calls": [asdict(part) for part in _parts(call)]}
            self._store.put("_job", job_id, job | {"startTime": instant_text(now), "results": []})
            if key:
                self._store.put("_idempotency", key, {"id": key, "job": job_id})
        self._waiting[job_id] = due
        headers = {"Location": f"{call.origin}{_ROOT}/{job_id}", "Preference-Applied": "respond-async"}
        return Answer(202, "", headers)

    def settle(self) -> None:
        """Carries out the jobs whose time has come."""
        now = self._clock.now().timestamp()
        for job_id in [job_id for job_id, due in self._waiting.items() if due <= now]:
            job = self._store.get("_job", job_id)
            del self._waiting[job_id]
            if job and job["progress"] == "pending":
                self._carry_out(job)

    def _carry_out(self, job: Record) -> None:
        """Result and effect commit together, or a crash leaves the job pending as it was."""
        results = []
        with self._store.transaction():
            for stored in job["calls"]:
                try:
                    answer = self._run(Call(**stored))
                except NetSuiteError as error:
                    answer = refused(error)
                results.append(asdict(answer))
            good = all(result["status"] < 400 for result in results)
            job |= {"progress": "succeeded" if good else "failed", "results": results}
            self._store.put("_job", job["id"], job | {"endTime": instant_text(self._clock.now())})

    def forget(self) -> None:
        self._waiting.clear()

    def answer(self, call: Call) -> Answer:
        """GET /async/v1/job[/<id>[/task[/<n>[/result]]]]. Raises NetSuiteError 404."""
        rest = [part for part in call.path.removeprefix("/async/v1/job").split("/") if part]
        root = f"{call.origin}{_ROOT}"
        if not rest:
            items = [{"links": self_link(f"{root}/{row['id']}"), "id": row["id"]} for row in self._store.all("_job")]
            return _json(page(root, items, offset=0, limit=1000, total=len(items)))
        job = self._store.get("_job", rest[0])
        if job is None:
            raise no_such_record("The job does not exist.")
        match rest[1:]:
            case []:
                return _json(_job_body(job, root))
            case ["task"]:
                tasks = [_task_body(job, n, root) for n in range(1, len(job["calls"]) + 1)]
                return _json(page(f"{root}/{job['id']}/task", tasks, offset=0, limit=1000, total=len(tasks)))
            case ["task", number, *result] if number.isdigit() and 1 <= int(number) <= len(job["calls"]):
                if not result:
                    return _json(_task_body(job, int(number), root))
                return _result(job, int(number))
        raise no_such_record("The task does not exist.")


def _parts(call: Call) -> list[Call]:
    """A collection PATCH or PUT as one call for each item; any other call as it is."""
    kind = call.path.removeprefix("/record/v1/")
    if call.method not in ("PATCH", "PUT") or "/" in kind:
        return [call]
    items = call.json().get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise invalid_content("A batch is an object with a list of records as 'items'.", "items")
    return [_item_call(call, item) for item in items]


def _item_call(call: Call, item: dict[str, Any]) -> Call:
    record_id = f"eid:{item['externalId']}" if "id" not in item and "externalId" in item else str(item.get("id", ""))
    body = json.dumps(item, default=str)
    return Call(call.method, f"{call.path}/{record_id}", call.origin, call.query, call.headers, body)


def _used_before(call: Call, job_id: str) -> NetSuiteError:
    text = "A request with this idempotency key has already been accepted."
    where = {"o:errorHeader": "X-NetSuite-Idempotency-Key"}
    headers = {"Location": f"{call.origin}{_ROOT}/{job_id}"}
    return NetSuiteError(400, Detail(text, "IDEMPOTENCY_ERROR", where), title="Conflict", headers=headers)


def _json(body: Any) -> Answer:
    return Answer(200, json.dumps(body), {"Content-Type": "application/vnd.oracle.resource+json; type=singular"})


def _job_body(job: Record, root: str) -> dict[str, Any]:
    href = f"{root}/{job['id']}"
    completed = job["progress"] in ("succeeded", "failed")
    body = {"links": self_link(href), "id": job["id"], "completed": completed, "progress": job["progress"]}
    return body | {"task": {"links": self_link(f"{href}/task")}}


def _task_body(job: Record, number: int, root: str) -> dict[str, Any]:
    href = f"{root}/{job['id']}/task/{number}"
    body = _job_body(job, root) | {"links": self_link(href), "id": str(number), "startTime": job["startTime"]}
    del body["task"]
    if body["completed"]:
        body |= {"endTime": job["endTime"], "result": {"links": self_link(f"{href}/result")}}
    return body


def _result(job: Record, number: int) -> Answer:
    if not job["results"]:
        raise no_such_record("The task has no result yet.")
    result = job["results"][number - 1]
    return Answer(result["status"], result["body"], result["headers"])
