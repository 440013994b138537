"""`/query` and `/queryAll`: pages of the server's choosing behind cursors that expire.

A page that does not hold everything leaves a durable cursor: the query's text and the ids it found. Later pages show
the rows as they are when asked for. Source: vendors/salesforce.md, section 5.1.
"""

from __future__ import annotations

import re
import time
from typing import Any

from sandbox.salesforce_platform.call import Answer, Call
from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.soql_run import Query

_SMALLEST, _LARGEST = 200, 2000
_LOCATOR = re.compile(r"(01g\w{15})-(\d+)")


class Queries:
    def __init__(self, org: Org) -> None:
        self._org = org

    def ask(self, call: Call, deleted: bool) -> Answer:
        soql = call.query.get("q")
        if soql is None and "explain" in call.query:
            raise ApiError(400, "API_CURRENTLY_DISABLED", "explain is not offered here")
        if not soql:
            raise ApiError(400, "MALFORMED_QUERY", "unexpected token: '<EOF>'")
        query = Query(self._org, soql, actor=call.actor, deleted=deleted)
        if query.tree.count_only:
            return Answer(200, {"totalSize": len(query.rows()), "done": True, "records": []})
        if query.aggregates:
            records = query.aggregate()
            return Answer(200, {"totalSize": len(records), "done": True, "records": records})
        render = query.render(lambda parent, which: self._nested(call, query, deleted, parent, which))
        ids = query.ids()
        size = self._size(call)
        cursor = (
            self._cursor(call, {"soql": soql, "ids": ids, "deleted": deleted, "size": size}) if size < len(ids) else ""
        )
        rows = [self._org.tables[query.sobject.name].rows[each] for each in ids[:size]]
        return Answer(200, _page(call, [render(row) for row in rows], len(ids), 0, size, cursor))

    def more(self, call: Call, locator: str) -> Answer:
        match = _LOCATOR.fullmatch(locator)
        kept = self._org.store.get("sim:cursor", match.group(1)) if match else None
        expired = kept is None or time.time() - kept["made_at"] > self._org.settings.cursor_ttl_s
        if match is None or kept is None or expired or int(match.group(2)) > len(kept["ids"]):
            raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        query = Query(self._org, kept["soql"], actor=call.actor, deleted=kept["deleted"])
        if kept.get("child") is None:
            name = query.sobject.name
            render = query.render(lambda parent, which: self._nested(call, query, kept["deleted"], parent, which))
        else:
            name = query.children[kept["child"]][1].name
            render = query.render_child(kept["child"])
        start, size = int(match.group(2)), kept["size"]
        rows = [self._org.tables[name].rows[each] for each in kept["ids"][start : start + size]]
        return Answer(200, _page(call, [render(row) for row in rows], len(kept["ids"]), start, size, match.group(1)))

    def _nested(self, call: Call, query: Query, deleted: bool, parent: Row, which: int) -> dict[str, Any] | None:
        rows = query.child_rows(which, parent)
        if not rows:
            return None
        size, cursor = self._org.settings.child_page_size, ""
        if size < len(rows):
            ids = [row["Id"] for row in rows]
            kept = {"soql": query.soql, "ids": ids, "deleted": deleted, "size": size, "child": which}
            cursor = self._cursor(call, kept)
        render = query.render_child(which)
        return _page(call, [render(row) for row in rows[:size]], len(rows), 0, size, cursor)

    def _size(self, call: Call) -> int:
        """What the caller asks, within 200 and 2000, and never more than the server's own limit."""
        match = re.search(r"batchSize=(\d+)", call.headers.get("sforce-query-options", ""), re.IGNORECASE)
        asked = min(max(int(match.group(1)), _SMALLEST), _LARGEST) if match else _LARGEST
        most = self._org.settings.page_size
        return min(asked, most) if most > 0 else asked

    def _cursor(self, call: Call, kept: dict[str, Any]) -> str:
        with self._org.transaction(call.actor):
            cursor = self._org.new_id("01g")
        self._org.store.put("sim:cursor", cursor, kept | {"made_at": time.time()})
        return cursor


def _page(call: Call, records: list[dict[str, Any]], total: int, start: int, size: int, cursor: str) -> dict[str, Any]:
    """`nextRecordsUrl` is relative, and absent from the last page."""
    done = start + size >= total
    body: dict[str, Any] = {"totalSize": total, "done": done}
    if not done:
        body["nextRecordsUrl"] = f"{call.base}/query/{cursor}-{start + size}"
    return body | {"records": records}
