"""One step of an explanation, and how figures and references stand in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from shared.domain.identity import ExternalRef


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain. step: "source", "approval", "correction", "rate", "contract", "amendment", "value", "clause",
    "tax", "invoice", "release" or "erp". words: a sentence for a finance person. facts: ids, versions and figures, all as text.
    """

    step: str
    words: str
    facts: dict[str, str] = field(default_factory=dict)


def ref_facts(name: str, ref: ExternalRef | None) -> dict[str, str]:
    return {f"{name}_system": ref.system, f"{name}_kind": ref.kind, f"{name}_ref": ref.id} if ref else {}


def plain(number: Decimal) -> str:
    return f"{number:f}"
