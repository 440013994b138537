"""Tables that finance and delivery read, and plain lines where there is no terminal.

What draws them is imported when something is drawn.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 160
_RIGHT = {
    "net",
    "tax",
    "gross",
    "paid",
    "items",
    "lines",
    "approved",
    "open",
    "claimed",
    "invoiced",
    "credited",
    "rebilled_at",
}
_RIGHT |= {"approved_in_psa", "invoiced_in_erp", "difference", "time_entries", "pid"}
_RIGHT |= {"written_off", "parked", "value", "quantity", "unit_price", "entries", "deliveries", "count", "amount"}

_RIGHT |= {"value_before", "value_after", "credit", "rebill", "used", "above_after", "cap_before", "cap_after"}
_RIGHT |= {"signed_before", "signed_after", "delivered", "remaining_before", "remaining_after", "over_after"}

_WHOLE = {"exception_id", "invoice", "since", "until"}
"""Copied or compared at a glance: never broken over lines."""


def console() -> Console:
    """Without a terminal: plain, and wide enough that no amount is ever cut."""
    from rich.console import Console

    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=_WIDE, no_color=True)


def as_json(found: object) -> None:
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


def table(title: str, rows: Sequence[Mapping[str, Any]], columns: Iterable[str], amounts: Iterable[str] = ()) -> None:
    """One row per mapping; amounts to the right; an empty table says so in words. amounts: more columns that are some."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = console()
    if not rows:
        out.print(f"{title}: none")
        return
    lines = box.SIMPLE_HEAD if out.is_terminal else None
    drawn = Table(title=title, title_justify="left", title_style="bold", header_style="bold", pad_edge=False, box=lines)
    wanted, known = list(columns), _RIGHT.union(amounts)
    for name in wanted:
        right = name in known
        whole = right or name in _WHOLE
        drawn.add_column(name.replace("_", " "), justify="right" if right else "left", no_wrap=whole, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell(row.get(name))) for name in wanted))  # a name in brackets is no markup
    out.print(drawn)
    out.print()


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
