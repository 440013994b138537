"""What a vendor answered: status, headers, bytes; its JSON with exact numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

from shared.faults import Poison


@dataclass(frozen=True, slots=True)
class VendorResponse:
    """headers: names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Numbers with a fraction as Decimal, to the digit sent. Raises Poison("vendor_answer_unreadable")."""
        try:
            return json.loads(self.body, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise Poison("vendor_answer_unreadable", status=str(self.status), bytes=str(len(self.body))) from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
