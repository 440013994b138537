"""The platform's governor: too many rows of the package in one transaction, and its triggers run out of time.

Source: vendors/certinia.md, section 7, last row: a smaller batch goes through.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.certinia import settings
from sandbox.certinia.refusals import broken
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.package import Before


def watched(triggers: Mapping[str, Before]) -> dict[str, Before]:
    return {name: _watch(name, trigger) for name, trigger in triggers.items()}


def _watch(name: str, trigger: Before) -> Before:
    def run(org: Org, row: Row, before: Row | None, given: Row) -> None:
        most = settings.of(org).rows_per_transaction
        if most and sum(1 for one, _ in org.open_transaction().touched if one == name) >= most:
            text = "System.LimitException: pse:Apex CPU time limit exceeded"
            raise broken(name.removeprefix("pse__").removesuffix("__c").replace("_", "") + "Trigger",
                         "BeforeUpdate" if before else "BeforeInsert", text)  # fmt: skip
        trigger(org, row, before, given)

    return run
