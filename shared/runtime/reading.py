"""From raw JSON to our models. What cannot be read is Poison that says where, and quotes nothing."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.faults import Poison

M = TypeVar("M", bound=BaseModel)


class Input(BaseModel):
    """What a function is called with. Its validator is made with the first call: a cold start pays for the one it needs."""

    model_config = ConfigDict(defer_build=True)


def read_model(model: type[M], raw: object, code: str) -> M:
    """Raises Poison(code) with the fields that are wrong and why."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise Poison(code, model=model.__name__, where=where(error)) from None


def read_object(body: str, code: str) -> dict[str, Any]:
    """A JSON object; numbers with a fraction arrive as text-exact Decimals only where the model asks for text."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise Poison(code, where="no JSON") from None
    if not isinstance(parsed, dict):
        raise Poison(code, where="no JSON object")
    return parsed


def where(error: ValidationError) -> str:
    """ "data.minutes: int_parsing; ...", at most five."""
    wrong = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(str(part) for part in each['loc'])}: {each['type']}" for each in wrong[:5])
