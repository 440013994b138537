"""Milestones: pk MIL#<milestone id>, sk HEAD."""

from __future__ import annotations

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.sourced import DynamoSourced
from shared.domain.project import Milestone


class DynamoMilestones(DynamoSourced[Milestone]):
    kind, prefix = "milestone", "MIL"

    def __init__(self, table: DynamoTable) -> None:
        super().__init__(table, Milestone)
