"""`python -m bench`: measures, prints, writes bench/results/<date>.json and docs/benchmarks.md.

What vendors are asked and what they allow, by itself: --only vendors, with --page RESULT to put it into a result.
A smaller run for trying: --contracts 6 --groups 2 --each 2 --days 2 --rounds 1 --results build/bench
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import ceiling, core, erp_ceilings, imports, posting, report, requests
from bench.fabric import WORK_DIR, running
from bench.firm import FIRST
from bench.usage import PRICES, monthly_rest

RESULTS, PAGE = Path("bench/results"), Path("docs/benchmarks.md")
DEMO = Path("build/demo/report.json")
PARTS = ("imports", "estate", "core", "requests", "ceilings", "vendors")
ANEW = ("imports", "requests", "ceilings", "vendors")
"""Parts that can be measured by themselves and put into a result that is there."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--contracts", type=int, default=12, help="sold and set up; each gives an invoice a run")
    parser.add_argument("--groups", type=int, default=12, help="of three entries, for the time to the invoice")
    parser.add_argument("--days", type=int, default=27, help="billing runs at the ceiling: one a day")
    parser.add_argument("--each", type=int, default=7, help="entries per contract and day in the burst")
    parser.add_argument("--call-ms", type=int, default=800, help="what NetSuite takes for a call at the ceiling")
    parser.add_argument("--erp-invoices", type=int, default=310, help="posted at each ERP's own ceiling")
    parser.add_argument(
        "--erp-slot-ms", type=int, default=1400, help="a slot's time for an invoice there, all its calls"
    )
    parser.add_argument(
        "--erp", action="append", default=[], help="with --only ceilings: this one only; again for more"
    )
    parser.add_argument("--rest", type=float, default=60, help="seconds at rest, for the polls' own cost")
    parser.add_argument("--rounds", type=int, default=5, help="of import times")
    parser.add_argument("--only", choices=PARTS, help="a part; nothing of it is kept")
    parser.add_argument("--results", type=Path, help="write there alone, and leave the committed figures as they are")
    parser.add_argument(
        "--page",
        type=Path,
        help=f"write docs/benchmarks.md from this result; with --only {', '.join(ANEW)}: measure that anew in it",
    )
    return parser.parse_args()


def machine() -> dict[str, Any]:
    """Nothing that tells one machine from another of its kind."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def estate_measures(asked: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    days = [FIRST + timedelta(days=n) for n in range(asked.days)]
    with running(WORK_DIR, say) as (fabric, firm):
        firm.open_for_business()
        took = firm.sell(asked.contracts)
        say(f"{asked.contracts} contracts set up in {took:.1f} s")
        found["setup"] = {"contracts": asked.contracts, "seconds": round(took, 1)}
        fabric.quiet.wait("the set-up to end", 120)
        rest = fabric.rest(asked.rest)
        found["at_rest"] = monthly_rest(rest, fabric.mappings())
        found["approved_to_invoice"] = posting.approved_to_invoice(fabric, firm, asked.groups, say)
        found["burst"], found["usage_per_entry"] = posting.burst(fabric, firm, days, asked.each, rest, say)
        found["erp_ceiling"], found["usage_per_invoice"] = ceiling.run(fabric, firm, days, asked.call_ms, rest, say)
    return found


def vendor_measures(asked: argparse.Namespace, part: str | None) -> dict[str, Any]:
    """What each ERP and PSA is asked ("requests"), how much of its own ceiling each ERP reaches ("ceilings"), or both."""
    parts = ("requests", "ceilings") if part == "vendors" else (part,)
    found: dict[str, Any] = {}
    if "requests" in parts:
        found["vendor_requests"] = requests.measure(say)
    if "ceilings" in parts:
        where = WORK_DIR / "ceilings"
        found["erp_ceilings"] = erp_ceilings.measure(asked.erp, asked.erp_invoices, asked.erp_slot_ms, where, say)
    return found


def demo_durations() -> dict[str, Any] | None:
    """Of the last `make demo` in this checkout."""
    if not DEMO.exists():
        return None
    durations: dict[str, Any] = json.loads(DEMO.read_text()).get("durations_s", {})
    return durations


def render(asked: argparse.Namespace) -> int:
    """The page of a result that is there; with --only, that part measured anew in it."""
    found = json.loads(asked.page.read_text())
    if asked.only == "imports":
        before = {name: found["imports"][name] for name in ("rounds", "worst_ratio", "worst_handler")}
        measured = imports.measure(asked.rounds)
        found["imports"] = measured | {"measured_before": before, "load_at_end": round(os.getloadavg()[0], 1)}
    found |= vendor_measures(asked, asked.only)
    if asked.only in ANEW:
        asked.page.write_text(json.dumps(found, indent=1) + "\n")
    PAGE.write_text(report.page(found, asked.page.stem))
    report.show(found)
    return 0


BEGAN = time.monotonic()


def say(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} s  {text}", flush=True)


def main() -> int:
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the estate is ended on the way out
    if asked.page:
        return render(asked)
    today = datetime.now(UTC).date().isoformat()
    found: dict[str, Any] = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    found["asked"] = {name: value for name, value in vars(asked).items() if name not in ("results", "only", "page")}
    if asked.only in (None, "core"):
        found["core"] = core.measure()
        say(f"core: {found['core']['entries']} entries valued and billed in {found['core']['seconds']} s")
    if asked.only in (None, "estate"):
        found |= estate_measures(asked)
    found |= vendor_measures(asked, asked.only or "vendors")
    if asked.only in (None, "imports"):
        found["imports"] = imports.measure(asked.rounds)
    found["demo_durations_s"] = demo_durations()
    found["list_prices_usd"] = {unit: {"price": price, "of": of} for unit, (price, of) in PRICES.items()}
    where = asked.results or (Path("build/bench") if asked.only else RESULTS)
    where.mkdir(parents=True, exist_ok=True)
    (where / f"{today}.json").write_text(json.dumps(found, indent=1) + "\n")
    if where == RESULTS:
        PAGE.write_text(report.page(found, today))
    report.show(found)
    say(f"written: {where / f'{today}.json'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
