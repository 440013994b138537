"""The AWS ports for a dry run: the very steps run on them, and nothing of it is written or sent.

Not made dry, because no step of billing uses them: publisher, inbox, dead letters, slots, turns. They refuse.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from shared.runtime.wiring import AwsPorts

if TYPE_CHECKING:
    from shared.adapters.aws_clients import AwsClients
    from shared.adapters.dry_table import DryTable
    from shared.adapters.dynamo_table import DynamoTable
    from shared.ports import flow


class DryPorts(AwsPorts):
    def __init__(self, real: AwsPorts) -> None:
        super().__init__(real.settings)
        self._real = real

    def dry(self) -> DryPorts:
        return DryPorts(self)

    def difference(self) -> list[str]:
        """What the steps that ran on these ports would change, line by line; a saga's token is never in it."""
        from shared.adapters.row_difference import difference

        return difference(self._dry_table.changes())

    @cached_property
    def clients(self) -> AwsClients:
        raise RuntimeError("a dry run has no clients to write with")

    @cached_property
    def _dry_table(self) -> DryTable:
        from shared.adapters.dry_table import DryTable

        return DryTable(self._real._table)

    @cached_property
    def _table(self) -> DynamoTable:
        return self._dry_table

    @cached_property
    def documents(self) -> flow.Documents:
        from shared.adapters.dry_flow import DryDocuments

        return DryDocuments(self._real.documents)

    @cached_property
    def counts(self) -> flow.Counts:
        from shared.adapters.dry_flow import DryCounts

        return DryCounts(self._real.counts)

    @cached_property
    def queues(self) -> flow.Queues:
        from shared.adapters.dry_flow import DryQueues

        return DryQueues()

    @cached_property
    def sagas(self) -> flow.Sagas:
        from shared.adapters.dry_flow import DrySagas

        return DrySagas()

    @cached_property
    def tasks(self) -> flow.Tasks:
        from shared.adapters.dry_flow import DryTasks

        return DryTasks()

    @cached_property
    def clock(self) -> flow.Clock:
        return self._real.clock

    @cached_property
    def policies(self) -> flow.PolicyBook:
        return self._real.policies
