"""Reading what a person wrote: a misspelt field is a fault, not an unknown one to skip, and every fault has its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError


@dataclass(frozen=True, slots=True)
class PaperFault:
    """place: as in the JSON, "changes.0.line.value.amount"."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place or '(top)'}: {self.words}"


def faults_of(model: type[BaseModel], raw: object) -> list[PaperFault]:
    """Empty: it can be read. Events ignore fields they do not know; a paper with one was misunderstood."""
    try:
        model.model_validate(raw, extra="forbid")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        return [PaperFault(".".join(_place(each["loc"], raw)), each["msg"]) for each in wrong]
    return []


def _place(loc: tuple[int | str, ...], raw: object) -> Iterator[str]:
    """Without the names that pydantic puts in for the member of a union, which the writer never wrote."""
    here: Any = raw
    for step, part in enumerate(loc):
        last = step == len(loc) - 1
        if isinstance(here, dict) and part not in here and not last:
            continue
        yield str(part)
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            here = None
