"""Projects: pk PRJ#<project id>, sk HEAD; by_owner PROJECTS / <status>#<project id>.

The id of a contract's first project follows from the contract's; for each other one a row pk CON#<contract id>,
sk PRJ#<project id> stands beside the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from events.envelope import AnyEnvelope
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import write_with_events
from shared.adapters.rows import HEAD, Row, text
from shared.adapters.versioned import DynamoVersioned
from shared.adapters.writes import Write, put
from shared.domain.identity import derived_id
from shared.domain.project import Project
from shared.domain.source import Applied


class DynamoProjects:
    def __init__(self, table: DynamoTable) -> None:
        self._rows = DynamoVersioned(table, Project, "project", "PRJ", _row)

    def find(self, project_id: str) -> Project | None:
        return self._rows.find(project_id)

    def get(self, project_id: str) -> Project:
        return self._rows.get(project_id)

    def add(self, project: Project, *, events: Sequence[AnyEnvelope] = ()) -> Applied:
        try:
            write_with_events(self._rows.table, [self._rows.put(project, 0), *_listing(project)], events)
        except Refused:
            return Applied.DUPLICATE
        return Applied.NEW

    def update(
        self, project_id: str, change: Callable[[Project], Project], *, events: Sequence[AnyEnvelope] = ()
    ) -> Project:
        return self._rows.update(project_id, change, events)

    def of_contract(self, contract_id: str) -> list[Project]:
        others = [text(row, "project_id") for row in self._rows.table.of(f"CON#{contract_id}", "PRJ#")]
        keys = [self._rows.key(project_id) for project_id in (derived_id("project", contract_id), *others)]
        rows = self._rows.table.get_all(keys)
        return [self._rows.load(rows[key]) for key in keys if key in rows]

    def all(self, status: str | None = None) -> Iterator[Project]:
        prefix = f"{status}#" if status else None
        for row in self._rows.table.by("by_owner", "PROJECTS", prefix=prefix):
            yield self._rows.load(row)


def _listing(project: Project) -> Sequence[Write]:
    if project.project_id == derived_id("project", project.contract_id):
        return ()
    row: Row = {"pk": f"CON#{project.contract_id}", "sk": f"PRJ#{project.project_id}", "project_id": project.project_id}
    return (put(row),)


def _row(project: Project) -> Row:
    return {
        "pk": f"PRJ#{project.project_id}",
        "sk": HEAD,
        "gsi1pk": "PROJECTS",
        "gsi1sk": f"{project.status.value}#{project.project_id}",
    }
