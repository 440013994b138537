"""What a rehearsal of one page of docs/runbook.md is made of, and how it is played."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.domain.exception import BillingException
from tests.runbook.stage import YOU, Stage

RUNBOOK = Path(__file__).resolve().parents[2] / "docs/runbook.md"
Act = Callable[[Stage], object]


@dataclass(frozen=True)
class Rehearsal:
    """stop: how it comes to the exception, through the real handlers. outside: the page's `#` lines, what each is done
    by. words: what stands for the page's <placeholders>. ended: what must be true afterwards, beside its end. leaves:
    other exceptions that are right to be open then.
    """

    stop: Act
    outside: Mapping[str, Act] = field(default_factory=dict)
    words: Callable[[Stage, Any], Mapping[str, str]] = lambda _, __: {}
    ended: Act = lambda _: None
    leaves: frozenset[str] = frozenset()


def sections(under: str) -> dict[str, str]:
    """Of one chapter of the runbook, by its heading."""
    chapter = RUNBOOK.read_text().partition(f"\n## {under}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^### `([^`]+)`\n(.*?)(?=^### |\Z)", chapter, re.MULTILINE | re.DOTALL))


def steps(section: str) -> list[str]:
    """The lines of its block: "# somebody does something elsewhere", or a command as it is typed."""
    blocks = re.findall(r"^```\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def filled(line: str, words: Mapping[str, str]) -> str:
    """Raises KeyError for a placeholder that nobody knows."""
    return re.sub(r"<([a-z ]+)>", lambda found: words[found[1]], line)


def play(rehearsal: Rehearsal, stage: Stage, trouble: BillingException | None, page: list[str]) -> None:
    """The page's lines, in its order; each is done as it stands there."""
    for line in page:
        if line.startswith("#"):
            rehearsal.outside[line.removeprefix("# ")](stage)
            stage.quiet()
        else:
            stage.say(filled(line, known(stage, trouble) | dict(rehearsal.words(stage, trouble))))


def known(stage: Stage, trouble: BillingException | None) -> dict[str, str]:
    """Words that most pages use."""
    return {
        "you": YOU,
        "legal entity": "US",
        "day": stage.fake.clock.at.date().isoformat(),
        "reason": "as the runbook says",
    } | (words_of(trouble) if trouble else {})


def words_of(trouble: BillingException) -> dict[str, str]:
    contract_id = trouble.facts.get("contract_id", trouble.correlation_id)
    return {"id": trouble.exception_id, "contract id": contract_id, "invoice id": trouble.subject}
