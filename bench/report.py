"""The figures as a person reads them: tables on the terminal, docs/benchmarks.md in the repository."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from bench import report_vendors
from cli.show import console

Found = Mapping[str, Any]
Row = tuple[str, str, str, str]
"""What, its figure, the bar, whether it is met."""


def headline(found: Found) -> list[Row]:
    rows: list[Row] = []
    if latency := found.get("approved_to_invoice"):
        rows += [
            (
                "approved entry to invoice in the ERP, p50",
                f"{latency['p50_s']} s",
                "< 10 s",
                _yes(latency["p50_s"] < 10),
            ),
            ("the same, p99", f"{latency['p99_s']} s", "< 60 s", _yes(latency["p99_s"] < 60)),
        ]
    if burst := found.get("burst"):
        rows.append((f"burst of {burst['entries']} entries to WIP", f"{burst['entries_per_s']} entries/s", "", ""))
    if ceiling := found.get("erp_ceiling"):
        what = f"share of the ERP's ceiling, {ceiling['invoices']} invoices, {ceiling['slots']} slots"
        rows += [
            (what, f"{ceiling['share']}", f">= {ceiling['bar']}", _yes(ceiling["met"])),
            ("most calls in NetSuite at once", f"{ceiling['most_in_flight']}", f"<= {ceiling['slots']}",
             _yes(ceiling["most_in_flight"] <= ceiling["slots"] and not ceiling["throttled"])),
        ]  # fmt: skip
    rows += report_vendors.headline(found)
    if core := found.get("core"):
        rows += _core(core)
    if imported := found.get("imports"):
        figure = f"{imported['worst_ratio']} ({imported['worst_handler'].removeprefix('functions.')})"
        rows.append(
            ("slowest handler's import / empty handler's", figure, f"<= {imported['bar']}", _yes(imported["met"]))
        )
    for what, name in (("time entries", "usage_per_entry"), ("invoices", "usage_per_invoice")):
        if name in found:
            rows.append((f"AWS list price of 1,000 {what}", f"{found[name]['usd_per_1000']} USD", "", ""))
    if rest := found.get("at_rest"):
        rows.append(("AWS list price of a month at rest, polls", f"{rest['usd_per_month']} USD", "", ""))
    for part, seconds in (found.get("demo_durations_s") or {}).items():
        rows.append((f"make demo, {part}", f"{seconds} s", "", ""))
    return rows


def _core(core: Found) -> list[Row]:
    what = f"{core['entries']} entries of {core['contracts']} contracts valued and billed, one process"
    growth = f"time per entry, {core['entries']} / {core['few']} entries"
    beside = f"{core['times_the_database']} (DuckDB {core['database_cpu_seconds']} s of the processor, one thread)"
    return [
        (
            what,
            f"{core['seconds']} s ({core['cpu_seconds']} s of the processor)",
            f"<= {core['bar_s']} s",
            _yes(core["seconds"] <= core["bar_s"]),
        ),
        (
            "its peak memory",
            f"{core['peak_mb']} MB",
            f"<= {core['bar_mb']} MB",
            _yes(core["peak_mb"] <= core["bar_mb"]),
        ),
        (growth, f"{core['growth']}", f"<= {core['bar_growth']}", _yes(core["growth"] <= core["bar_growth"])),
        ("its time / the same sums in a database", beside, "", ""),
    ]


def show(found: Found) -> None:
    out = console()
    table = Table("what", "figure", "bar", "met")
    for row in headline(found):
        table.add_row(*row)
    out.print(table)
    for title, name in (("one time entry", "usage_per_entry"), ("one invoice", "usage_per_invoice")):
        if name in found:
            units = Table("unit", "each", "USD per 1,000", title=f"AWS units of {title}")
            for row in _units(found[name]):
                units.add_row(*row)
            out.print(units)


def page(found: Found, day: str) -> str:
    machine, asked = found["machine"], found["asked"]
    parts = [
        "# Benchmarks",
        "",
        f"Measured {day} by `make bench`, one run: {machine['cores']} cores, Python {machine['python']}, {machine['system']}, "
        f"load {machine['load_at_start']} at the start; the embedded AWS, the simulators and the bench share the cores. "
        f"This page and bench/results/{day}.json are written by that command; bench/ says how each figure is found.",
        "",
        *_table(("what", "figure", "bar", "met"), headline(found)),
        "",
        *_notes(found, asked),
    ]
    for title, name in (("time entry", "usage_per_entry"), ("invoice", "usage_per_invoice")):
        usage = found[name]
        parts += [
            "",
            f"## AWS units of one {title}",
            "",
            f"Counted at the embedded AWS over {usage['things']} of them, less what the same time costs at rest.",
            "",
            *_table(("unit", "each", "USD per 1,000"), _units(usage)),
            "",
            *_table(("request", "each"), [(name, str(each)) for name, each in usage["requests_each"].items()]),
        ]
    return "\n".join([*parts, *report_vendors.sections(found), "", *_import_table(found), ""])


def _notes(found: Found, asked: Found) -> list[str]:
    ceiling, rest = found["erp_ceiling"], found["at_rest"]
    return [
        f"- Time to the invoice: {found['approved_to_invoice']['samples']} entries in groups of three contracts, one group "
        "after the other, from the approval's instant in Kantata's records to the invoice seen in NetSuite's; of it "
        f"{found['approved_to_invoice']['of_it_until_known_p50_s']} s (median) until the fabric had valued all three, then "
        "a billing run is asked for.",
        f"- Burst: entries of {asked['contracts']} contracts, approved at once; until all of them are WIP.",
        f"- Ceiling: {asked['contracts']} contracts billed for {asked['days']} days, NetSuite taking {asked['call_ms']} ms a "
        f"call; {ceiling['saturated_s']} s with more invoices waiting than slots, {ceiling['invoices_per_s']} invoices/s.",
        "- Units: Lambda GB-s are seconds on this machine, NetSuite's call time included, times configured memory; retries "
        "of states are not told apart from first tries; refused writes count one unit an item, two in a transaction; "
        "X-Ray, alarms, storage, KMS and data transfer are not in it. List prices of us-east-1, no free tier.",
        f"- At rest: measured for {rest['seconds_measured']} s with the sandbox's polls (every 3 to 5 s; a deployment's are "
        f"its own), and reckoned, not counted, {rest['empty_receives_reckoned']} empty receives of "
        f"{rest['event_source_mappings']} event source mappings (five long polls of 20 s each).",
    ]


def _import_table(found: Found) -> list[str]:
    told = found["imports"]
    rows = [
        (
            row["handler"].removeprefix("functions."),
            str(row["import_ms"]),
            str(row["ratio"]),
            str(row["ratio_with_base"]),
        )
        for row in told["handlers"]
    ]
    return [
        "## Import time of handlers",
        "",
        f"Medians of {told['rounds']} fresh interpreters each, interleaved with the empty handler ({told['empty_handler_ms']} "
        "ms: boto3, Powertools' Logger, pydantic). Ours leave boto3 to the first call; the last column imports the empty "
        "handler's three first, so it is what is paid once a call needs AWS.",
        "",
        *_again(told),
        *_table(("handler", "ms", "ratio", "ratio after the three"), rows),
    ]


def _again(told: Found) -> list[str]:
    if "measured_before" not in told:
        return []
    before = told["measured_before"]
    return [
        f"Measured again by themselves, at a load of {told['load_at_end']}: in the run of all the others the worst of "
        f"{before['rounds']} rounds was {before['worst_ratio']} ({before['worst_handler'].removeprefix('functions.')}).",
        "",
    ]


def _units(usage: Found) -> list[tuple[str, str, str]]:
    rows = [(unit, f"{row['each']}", f"{row['usd_per_1000']}") for unit, row in usage["units"].items()]
    return [*rows, ("all", "", f"{usage['usd_per_1000']}")]


def _table(head: tuple[str, ...], rows: list[Any]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)]


def _yes(met: bool) -> str:
    return "yes" if met else "no"
