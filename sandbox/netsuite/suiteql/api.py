"""POST /services/rest/query/v1/suiteql. Source: notes, section 5."""

from __future__ import annotations

import json

from sandbox.netsuite.call import Answer, Call
from sandbox.netsuite.errors import Detail, NetSuiteError
from sandbox.netsuite.record_api import page_of
from sandbox.netsuite.render import page
from sandbox.netsuite.suiteql.mirror import Mirror


def suiteql_answer(call: Call, mirror: Mirror) -> Answer:
    """One page; every value a string. Raises NetSuiteError 400, without `Prefer: transient` before anything else."""
    if not call.prefers("transient"):
        text = "Required header 'Prefer: transient' is missing."
        raise NetSuiteError(400, Detail(text, "INVALID_HEADER", {"o:errorHeader": "Prefer"}))
    limit, offset = page_of(call)
    body = call.json()
    sql, params = body.get("q"), body.get("params", [])
    if not isinstance(sql, str) or not sql.strip():
        raise NetSuiteError(400, Detail("Please provide the query.", "INVALID_CONTENT", {"o:errorPath": "q"}))
    if not isinstance(params, list):
        raise NetSuiteError(400, Detail("params must be a list.", "INVALID_CONTENT", {"o:errorPath": "params"}))
    rows, total = mirror.run(sql, params, limit, offset)
    href = f"{call.origin}/services/rest/query/v1/suiteql"
    items = [{"links": [], **row} for row in rows]
    body = page(href, items, offset=offset, limit=limit, total=total)
    return Answer(200, json.dumps(body), {"Content-Type": "application/vnd.oracle.resource+json; type=collection"})
