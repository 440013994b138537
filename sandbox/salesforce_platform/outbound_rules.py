"""An outbound message as an administrator sets it up, and what waits to be told.

Source: vendors/salesforce.md, section 6.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.salesforce_platform.org import Row


@dataclass(frozen=True)
class Rule:
    """`when`: all of these must hold, and not all have held before. Delays double from first to longest."""

    id: str
    url: str
    object: str
    fields: tuple[str, ...]
    when: tuple[tuple[str, Any], ...] = ()
    name: str = ""
    skip_users: tuple[str, ...] = ()
    send_session_id: bool = False
    first_retry_s: float = 15.0
    longest_retry_s: float = 7_200.0
    give_up_s: float = 86_400.0
    timeout_s: float = 60.0
    verify_tls: bool = True

    def met(self, row: Row | None) -> bool:
        return row is not None and not row["IsDeleted"] and all(row.get(name) == wanted for name, wanted in self.when)


@dataclass
class Notification:
    """`due_at` and `made_at`: seconds since 1970."""

    id: str
    rule: str
    record_id: str
    made_at: float
    due_at: float
    attempts: int = 0


@dataclass
class Tally:
    delivered: int = 0
    attempts: int = 0
    refused: int = 0
    last_error: str = ""


def rule_of(kept: dict[str, Any]) -> Rule:
    made = dict(kept)
    made["fields"], made["skip_users"] = tuple(made["fields"]), tuple(made.get("skip_users", ()))
    made["when"] = tuple((name, wanted) for name, wanted in made["when"])
    return Rule(**made)
