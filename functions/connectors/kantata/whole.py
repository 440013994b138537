"""A list that Kantata does not sort by change time: read to its end in one go, and sorted here.

An order the endpoint does not offer is passed over in silence [S], and a walk by change time would lose what comes later on
the page: expenses offer date, amount, category, notes and creation.
"""

from __future__ import annotations

from functions.connectors.kantata.client import Kantata, Page, Params, Row
from functions.connectors.kantata.reading import instant
from shared.faults import Transient

ORDER = "created_at:asc"


def whole_list(account: Kantata, path: str, params: Params, changed: str, *, lane: str) -> Page:
    """Every row once, by change time, on one page; answered_at: when the first of its pages was answered.

    Raises Transient("psa_list_moved") when rows went while it was read, which may have hidden others: nothing is lost,
    the next poll begins where this one did.
    """
    rows: dict[str, Row] = {}
    sides: dict[str, dict[str, Row]] = {}
    first = page = account.page(path, {**params, "order": ORDER}, lane=lane)
    number = 1
    while True:
        rows |= {str(row["id"]): row for row in page.rows}
        for kind, found in page.sides.items():
            sides[kind] = {**sides.get(kind, {}), **found}
        if len(page.rows) < account.page_size:
            break
        number += 1
        page = account.page(path, {**params, "order": ORDER}, lane=lane, page=number)
    if len(rows) < page.count or page.count < first.count:
        raise Transient("psa_list_moved", path=path)
    ordered = sorted(rows.values(), key=lambda row: (instant(row[changed]), int(row["id"])))
    return Page(tuple(ordered), len(rows), sides, first.answered_at)
