"""What the month came to: a report for machines and tables for a finance person."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from cli.connection import Connection
from cli.show import console, table
from sandbox.firm.month import FirmMonth
from sandbox.firm.truth import Truth

Report = dict[str, Any]


def build(fabric: Connection, firm: FirmMonth, truth: Truth) -> Report:
    audit, status = fabric.read("/audit"), fabric.read("/status")
    every = fabric.read("/invoices")["invoices"]
    invoices = [as_row(fabric.read(f"/invoices/{row['invoice_id']}")) for row in every]
    return {
        "invoices": invoices,
        "exceptions": [
            {"type": row["type"], "owner": row["owner"], "subject": row["subject"], "status": row["status"]}
            for row in fabric.read("/exceptions")["exceptions"]
        ],
        "counts": {
            "time_entries_approved": truth.entries_approved,
            "time_entries_invoiced": truth.entries_invoiced,
            "duplicates_received": status["counts"].get("duplicates_received", 0),
            "duplicate_invoices_in_erp": len(truth.duplicates),
            "lost_entries": len(truth.lost),
        },
        "conservation": {"holds": audit["holds"], "by_legal_entity": audit["by_legal_entity"]},
        "vendors_agree": agreement(truth),
        "parked": status["parked"],
    }


def as_row(found: Report) -> Report:
    return {
        "invoice_id": found["invoice_id"],
        "kind": found["kind"],
        "erp_number": found["erp_number"],
        "legal_entity": found["legal_entity"],
        "customer": found["customer"],
        "currency": found["currency"],
        "net": found["net"],
        "tax": found["tax"],
        "gross": found["gross"],
        "lines": found["lines"],
        "time_entries": found["time_entries"],
        "status": found["status"],
        "seconds_from_last_approval": found["seconds_from_last_approval"],
    }


def agreement(truth: Truth) -> list[Report]:
    """Per currency: approved by the PSA's own figures beside invoiced by the ERP's own."""
    return [
        {
            "currency": currency,
            "approved_in_psa": str(truth.approved.get(currency, Decimal(0))),
            "invoiced_in_erp": str(truth.invoiced.get(currency, Decimal(0))),
            "difference": str(truth.approved.get(currency, Decimal(0)) - truth.invoiced.get(currency, Decimal(0))),
        }
        for currency in sorted(truth.approved.keys() | truth.invoiced.keys())
    ]


def came_out_right(report: Report) -> bool:
    counts = report["counts"]
    agree = all(Decimal(row["difference"]) == 0 for row in report["vendors_agree"])
    clean = counts["duplicate_invoices_in_erp"] == 0 and counts["lost_entries"] == 0
    return bool(agree and clean and report["conservation"]["holds"] and report["invoices"])


def write(report: Report, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def show(report: Report, path: Path) -> None:
    out = console()
    out.print()
    columns = [
        "erp_number",
        "kind",
        "legal_entity",
        "customer",
        "currency",
        "net",
        "tax",
        "gross",
        "lines",
        "time_entries",
    ]
    rows = sorted(report["invoices"], key=lambda row: (row["legal_entity"], row["erp_number"] or ""))
    table("Invoices", rows, [*columns, "status"])
    amounts = ["approved", "open", "claimed", "invoiced", "credited", "written_off", "holds"]
    by_entity = report["conservation"]["by_legal_entity"]
    table("Every approved amount is somewhere", by_entity, ["legal_entity", "currency", *amounts])
    columns = ["currency", "approved_in_psa", "invoiced_in_erp", "difference"]
    table("The vendors' own figures", report["vendors_agree"], columns)
    kinds = Counter((row["type"], row["owner"], row["status"]) for row in report["exceptions"])
    rows = [{"type": t, "owner": o, "status": s, "count": n} for (t, o, s), n in sorted(kinds.items())]
    table("Exceptions of the month", rows, ["type", "owner", "status", "count"])
    counts = report["counts"]
    out.print()
    out.print(f"time entries approved {counts['time_entries_approved']}, invoiced {counts['time_entries_invoiced']}")
    out.print(f"deliveries that came twice {counts['duplicates_received']}")
    out.print(
        f"invoices doubled in NetSuite {counts['duplicate_invoices_in_erp']}, entries lost {counts['lost_entries']}"
    )
    took = report["durations_s"]
    out.print(f"setup {took['setup']} s, deploy {took['deploy']} s, month {took['month']} s; all of it in {path}")
    out.print("the month came out right" if came_out_right(report) else "THE MONTH DID NOT COME OUT RIGHT")
