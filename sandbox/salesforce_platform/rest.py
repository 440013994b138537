"""The REST resources under `/services/data/v66.0/`: which path is served by what."""

from __future__ import annotations

from typing import Any

from sandbox.salesforce_platform import describe
from sandbox.salesforce_platform.call import Answer, Call, answer_to, method_not_allowed
from sandbox.salesforce_platform.composite import Composite
from sandbox.salesforce_platform.errors import ApiError, not_found
from sandbox.salesforce_platform.limits import Usage
from sandbox.salesforce_platform.many import Many
from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.queries import Queries
from sandbox.salesforce_platform.records import Records
from sandbox.salesforce_platform.sobjects import SObjects

_RESOURCES = ("sobjects", "query", "queryAll", "limits", "composite", "tooling")


class Rest:
    """`people_url`: where identities live, up to the user's id."""

    def __init__(self, org: Org, records: Records, usage: Usage, people_url: str) -> None:
        self._org, self._usage, self._people_url = org, usage, people_url
        self._sobjects = SObjects(org, records)
        self._queries = Queries(org)
        self._many = Many(org, records, self._sobjects)
        self._composite = Composite(org, self.answer)

    def answer(self, call: Call) -> Answer:
        """Never raises for a refused call: the refusal is the answer."""
        try:
            return self._routed(call)
        except ApiError as error:
            return answer_to(error)

    def _routed(self, call: Call) -> Answer:
        match call.path:
            case ():
                paths = {name: f"{call.base}/{name}" for name in _RESOURCES}
                return Answer(200, paths | {"identity": f"{self._people_url}/{call.actor.user_id}"})
            case ("sobjects", *rest):
                return self._sobject(call, rest)
            case ("query" | "queryAll" as name,):
                return self._queries.ask(call, deleted=name == "queryAll")
            case ("query" | "queryAll", locator):
                return self._queries.more(call, locator)
            case ("limits",):
                return Answer(200, self._usage.limits())
            case ("composite", *rest):
                return self._several(call, rest)
            case ("tooling", "query"):
                return self._queries.ask(call, deleted=False)
        raise not_found()

    def _sobject(self, call: Call, rest: list[str]) -> Answer:
        if not rest:
            return Answer(200, self._global(call))
        sobject = self._sobjects.named(rest[0])
        match rest[1:]:
            case [] if call.method == "POST":
                return self._sobjects.create(call, sobject)
            case [] if call.method == "GET":
                return Answer(200, {"objectDescribe": describe.brief(call, sobject), "recentItems": []})
            case []:
                raise method_not_allowed(call.method, "GET,POST")
            case ["describe"]:
                return Answer(200, describe.whole(call, self._org, sobject))
            case ["updated" | "deleted" as which]:
                return self._sobjects.changed(call, sobject, deleted=which == "deleted")
            case [record_id]:
                return self._sobjects.one(call, sobject, record_id)
            case [name, value] if name.lower() in sobject.by_lower:
                return self._sobjects.by_key(call, sobject, name, value)
            case [record_id, relationship] if record_id[:3] == sobject.prefix:
                return self._sobjects.related(call, sobject, record_id, relationship)
            case [name, _]:
                self._sobjects.key(sobject, name)
        raise not_found()

    def _global(self, call: Call) -> dict[str, Any]:
        names = [describe.brief(call, one) for one in self._org.schema.objects.values()]
        return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": names}

    def _several(self, call: Call, rest: list[str]) -> Answer:
        match call.method, rest:
            case "GET", []:
                names = ("sobjects", "batch", "tree", "graph")
                return Answer(200, {name: f"{call.base}/composite/{name}" for name in names})
            case "POST", []:
                return self._composite.composite(call)
            case "POST", ["batch"]:
                return self._composite.batch(call)
            case "POST", ["graph"]:
                return self._composite.graph(call)
            case "POST", ["tree", name]:
                return self._many.tree(call, self._sobjects.named(name))
            case "POST", ["sobjects"]:
                return self._many.create(call)
            case "PATCH", ["sobjects"]:
                return self._many.update(call)
            case "DELETE", ["sobjects"]:
                return self._many.delete(call)
            case "GET" | "POST", ["sobjects", name]:
                return self._many.retrieve(call, self._sobjects.named(name))
            case "PATCH", ["sobjects", name, key]:
                sobject = self._sobjects.named(name)
                return self._many.upsert(call, sobject, self._sobjects.key(sobject, key))
        raise not_found()
