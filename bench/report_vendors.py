"""What the vendors are asked, and how much of each ERP's ceiling is reached, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infra.registered import registered

Found = Mapping[str, Any]
Row = tuple[str, str, str, str]
"""What, its figure, the bar, whether it is met."""

WORDS = {"time_entry": "time entry read", "credit_memo": "credit memo", "start": "first work of a new process"}
SHOWN_BACK = "invoice shown to delivery"


def headline(found: Found) -> list[Row]:
    rows: list[Row] = []
    for row in found.get("erp_ceilings", []):
        what = f"share of {_title(row['system'])}'s own ceiling, {row['invoices']} invoices"
        rows.append((what, f"{row['share']}", f">= {row['bar']}", _yes(row["met"])))
        rows.append(("its refusals for too many calls", f"{row['throttled']}", "0", _yes(not row["throttled"])))
    if asked := found.get("vendor_requests"):
        within, budgets = (
            sum(1 for row in asked if row["met"] and row["budget"]),
            sum(1 for row in asked if row["budget"]),
        )
        rows.append(("budgets of requests kept, all PSAs and ERPs", f"{within}", f"{budgets}", _yes(within == budgets)))
    return rows


def sections(found: Found) -> list[str]:
    """Of docs/benchmarks.md; nothing for what was not measured."""
    asked, reached = found.get("vendor_requests"), found.get("erp_ceilings")
    return [*(_requests(asked) if asked else []), *(_ceilings(reached) if reached else [])]


def _requests(rows: Sequence[Found]) -> list[str]:
    return [
        "",
        "## Requests to each PSA and ERP",
        "",
        "Counted at the simulators, over HTTP, while the connectors' own steps do a month's work. A PSA: projects made each "
        "for a new client, 1,200 entries, approved project after project and then read in full pages, invoices of 60 entries written "
        "back. An ERP: customers, their projects, invoices of 20 lines, memos of some. Requests for access tokens are apart (S/4HANA's session is among a process's first requests); "
        "the budget is connector.yaml's. Work approved within a feed's overlap of its last reading is read once more with "
        "the next, and of a mass approval what has one and the same second is read twice where a PSA tells no more than seconds.",
        "",
        *table(
            ("system", "record", "how many", "requests each", "budget", "met", "for tokens"),
            [
                (
                    _title(row["system"]),
                    word(row["role"], row["record"]),
                    f"{row['things']:,}",
                    f"{row['requests_each']:g}",
                    f"{row['budget']:g}" if row["budget"] else "",
                    _yes(row["met"]) if row["budget"] else "",
                    f"{row['tokens']}",
                )
                for row in rows
            ],
        ),
    ]


def _ceilings(reached: Sequence[Found]) -> list[str]:
    return [
        "",
        "## Share of each ERP's own ceiling",
        "",
        "The deployed posting lane of one ERP after the other, its queue full "
        "of invoices of 20 lines by a waiting state machine of one step: what stands before the lane in a billing run is not "
        "in it, and polls stand still. The simulator keeps the vendor's limits and takes the call time for each request. Allowed: slots / call time, "
        "or requests in a window where the vendor counts them, whichever is lower. Reached: invoices that stood, times the "
        "requests that connector.yaml states for one, while more invoices waited than there are slots. What webhooks "
        "lead to, refusals and repetitions count for nothing.",
        "",
        *table(
            (
                "system",
                "slots",
                "ms a call",
                "calls/s allowed",
                "requests an invoice",
                "invoices/s",
                "share",
                "refused",
                "most at once",
                "seconds",
                "load before",
            ),
            [
                (
                    _title(row["system"]),
                    f"{row['slots']}",
                    f"{row['call_ms']}",
                    f"{row['calls_per_s_allowed']}",
                    f"{row['requests_an_invoice']}",
                    f"{row['invoices_per_s']}",
                    f"{row['share']}",
                    f"{row['throttled']}",
                    f"{row['most_in_flight']}",
                    f"{row['saturated_s']}",
                    f"{row['load_at_start']}",
                )
                for row in reached
            ],
        ),
        "",
        *(f"- {_title(row['system'])}: {row['limits']}." for row in reached),
    ]


def word(role: str, record: str) -> str:
    return SHOWN_BACK if (role, record) == ("psa", "invoice") else WORDS.get(record, record)


def table(head: tuple[str, ...], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)]


def _title(system: str) -> str:
    return registered()[system].title


def _yes(met: bool) -> str:
    return "yes" if met else "no"
