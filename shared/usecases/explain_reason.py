"""One step of the chain that explains an invoice line, and how its figures are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from shared.domain.identity import ExternalRef
from shared.domain.wip import WipItem


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain. step: "source", "approval", "late", "clause", "rate", "fx", "contract", "amendment", "value",
    "credit", "correction", "write_off", "tax", "invoice", "release", "books" or "erp". words: a sentence for a finance
    person. facts: ids, versions and figures, all as text.
    """

    step: str
    words: str
    facts: dict[str, str] = field(default_factory=dict)


def ref_facts(name: str, ref: ExternalRef | None) -> dict[str, str]:
    return {f"{name}_system": ref.system, f"{name}_kind": ref.kind, f"{name}_ref": ref.id} if ref else {}


def money_text(item: WipItem) -> str:
    return f"{plain(item.value.amount)} {item.value.currency}"


def plain(number: Decimal) -> str:
    return f"{number:f}"
