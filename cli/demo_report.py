"""What the month came to: a report for machines and tables for a finance person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

from cli.connection import Connection
from cli.show import console, table
from sandbox.estate import roles
from sandbox.firm.month import FirmMonth
from sandbox.firm.offices import DECIMALS
from sandbox.firm.truth import Account, Truth, sums

Report = dict[str, Any]
AT_ONCE = 3
"""Invoices read at once: as many functions as the local estate runs."""


def build(fabric: Connection, firm: FirmMonth, truth: Truth) -> Report:
    audit, status = fabric.read("/audit"), fabric.read("/status")
    every = fabric.read("/invoices")["invoices"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        invoices = list(pool.map(lambda row: as_row(fabric.read(f"/invoices/{row['invoice_id']}")), every))
    return {
        "systems": roles.called(firm.roles),
        "invoices": invoices,
        "exceptions": [
            {"type": row["type"], "owner": row["owner"], "subject": row["subject"], "status": row["status"]}
            for row in fabric.read("/exceptions")["exceptions"]
        ],
        "counts": {
            "time_entries_approved": truth.entries_approved,
            "time_entries_invoiced": truth.entries_invoiced,
            "time_entries_held_or_written_off": truth.entries_waiting,
            "duplicates_received": status["counts"].get("duplicates_received", 0),
            "duplicate_invoices_in_erp": len(truth.duplicates),
            "lost_entries": len(truth.lost),
        },
        "conservation": {"holds": audit["holds"], "by_legal_entity": audit["by_legal_entity"]},
        "vendors_agree": agreement(truth),
        "contracts": contracts(truth),
        "left_open": left_open(audit["by_legal_entity"], truth),
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
        "status": found["standing"],
        "seconds_from_last_approval": found["seconds_from_last_approval"],
    }


STEPS = {
    "fees": "fee",
    "minimums": "top-up",
    "expense_rules": "mark-ups and per diems",
    "discounts": "discount",
    "covered": "covered by fee",
    "written_off": "written off",
    "held": "above the limit, open",
}
"""What clauses and people added or took, between approved and invoiced."""


def agreement(truth: Truth) -> list[Report]:
    """Per currency: approved by the PSA's own figures and the signed papers, beside invoiced by the ERP's own."""
    currencies = sorted({account.currency for account in truth.accounts} | truth.stray.keys())
    return [
        as_step_row(currency, [a for a in truth.accounts if a.currency == currency], truth) for currency in currencies
    ]


def as_step_row(currency: str, accounts: list[Account], truth: Truth) -> Report:
    found, stray = sums(accounts), truth.stray.get(currency, Decimal(0))
    beyond = {name: found[name] + stray for name in ("issued", "invoiced")}
    return {"currency": currency} | amounts({**found, **beyond, "difference": found["difference"] - stray}, currency)


def contracts(truth: Truth) -> list[Report]:
    """The same per contract, with what was agreed in words."""
    return [
        {
            "contract": account.deal,
            "legal_entity": account.legal_entity,
            "currency": account.currency,
            "agreed": account.clauses,
        }
        | amounts(sums([account]), account.currency)
        for account in truth.accounts
    ]


def amounts(found: Mapping[str, Decimal], currency: str) -> dict[str, str]:
    """approved_in_psa + the steps = should_be_invoiced; issued - credited = invoiced_in_erp. Texts, no decimals lost."""
    zero = Decimal(0).scaleb(-DECIMALS[currency])
    told = {"approved_in_psa": found["approved"]} | {name: found[name] for name in STEPS}
    told["should_be_invoiced"] = found["should_be_invoiced"]
    told |= {f"{name}_in_erp": found[name] for name in ("issued", "credited", "invoiced")}
    return {name: str(amount + zero) for name, amount in (told | {"difference": found["difference"]}).items()}


def left_open(by_legal_entity: list[Report], truth: Truth) -> list[Report]:
    """What the fabric keeps open and has written off, beside what the papers say is held and given up."""
    found = []
    for row in by_legal_entity:
        mine = sums([account for account in truth.accounts if account.legal_entity == row["legal_entity"]])
        expected = {"open": -mine["held"], "written_off": -mine["written_off"]}
        agree = all(Decimal(row[name]) == amount for name, amount in expected.items()) and Decimal(row["claimed"]) == 0
        told = {
            f"{name}_{side}": str(value + Decimal(0).scaleb(-DECIMALS[row["currency"]]))
            for name in expected
            for side, value in (("fabric", Decimal(row[name])), ("expected", expected[name]))
        }
        found.append({"legal_entity": row["legal_entity"], "currency": row["currency"], **told, "agree": agree})
    return found


def came_out_right(report: Report) -> bool:
    """Every cent and every entry: by currency, by contract, and what is left open; nothing lost, nothing double."""
    counts = report["counts"]
    agree = all(Decimal(row["difference"]) == 0 for row in (*report["vendors_agree"], *report["contracts"]))
    left = all(row["agree"] for row in report["left_open"])
    clean = counts["duplicate_invoices_in_erp"] == 0 and counts["lost_entries"] == 0
    accounted = counts["time_entries_invoiced"] + counts["time_entries_held_or_written_off"]
    whole = accounted == counts["time_entries_approved"]
    return bool(agree and left and clean and whole and report["conservation"]["holds"] and report["invoices"])


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
    told = [row | {"kind": row["kind"].replace("_", " ")} for row in report["invoices"]]
    rows = sorted(told, key=lambda row: (row["legal_entity"], row["erp_number"] or ""))
    table("Invoices", rows, [*columns, "status"])
    amounts = ["approved", "open", "claimed", "invoiced", "credited", "written_off", "holds"]
    by_entity = [in_minor_units(row, amounts[:-1]) for row in report["conservation"]["by_legal_entity"]]
    table("Every approved amount is somewhere", by_entity, ["legal_entity", "currency", *amounts])
    show_agreement(report)
    kinds = Counter((row["type"], row["owner"], row["status"]) for row in report["exceptions"])
    rows = [{"type": t, "owner": o, "status": s, "count": n} for (t, o, s), n in sorted(kinds.items())]
    table("Exceptions of the month", rows, ["type", "owner", "status", "count"])
    counts = report["counts"]
    out.print()
    waiting = counts["time_entries_held_or_written_off"]
    words = f"time entries approved {counts['time_entries_approved']}, invoiced {counts['time_entries_invoiced']}"
    out.print(f"{words}, above a cap or written off {waiting}")
    out.print(f"deliveries that came twice {counts['duplicates_received']}")
    out.print(
        f"invoices doubled in {report['systems']['erp']} {counts['duplicate_invoices_in_erp']}, entries lost {counts['lost_entries']}"
    )
    took = report["durations_s"]
    out.print(f"setup {took['setup']} s, deploy {took['deploy']} s, month {took['month']} s; all of it in {path}")
    out.print("the month came out right" if came_out_right(report) else "THE MONTH DID NOT COME OUT RIGHT")


def in_minor_units(row: Report, names: list[str]) -> Report:
    """0 EUR is 0.00, as beside it; nothing is rounded."""
    zero = Decimal(0).scaleb(-DECIMALS[row["currency"]])
    return row | {name: str(Decimal(row[name]) + zero) for name in names}


def show_agreement(report: Report) -> None:
    """Two short tables and one by currency that reads down: a month's reconciliation as finance writes it."""
    told = [row | {"which_made": made(row)} for row in report["contracts"] if row["agreed"] or made(row)]
    columns = ["contract", "agreed", "currency", "approved_in_psa", "which_made", "invoiced_in_erp", "difference"]
    table("What was agreed, and what it made of the work", told, columns)
    currencies, systems = [row["currency"] for row in report["vendors_agree"]], report["systems"]
    lines = [
        {"": words.format(**systems)} | {row["currency"]: row[name] for row in report["vendors_agree"]}
        for name, words in READ_DOWN.items()
    ]
    table(
        "From what {psa} approved to what {erp} holds".format(**systems), lines, ["", *currencies], amounts=currencies
    )
    columns = ["open_fabric", "open_expected", "written_off_fabric", "written_off_expected", "agree"]
    table(
        "What is left open and what was given up",
        report["left_open"],
        ["legal_entity", "currency", *columns],
        amounts=columns[:4],
    )


def made(row: Report) -> str:
    """What was added or taken, in words; what was credited and billed again changes nothing in the end."""
    parts = [f"{words} {row[name]}" for name, words in STEPS.items() if Decimal(row[name])]
    again = [f"credited and billed again {row['credited_in_erp']}"] if Decimal(row["credited_in_erp"]) else []
    return "; ".join(parts + again)


READ_DOWN = {
    "approved_in_psa": "approved in {psa}, at the price list",
    "fees": "retainer fees and deposits",
    "minimums": "top-ups to minimums",
    "expense_rules": "mark-ups and rates per day on expenses",
    "discounts": "discounts",
    "covered": "paid by retainers and deposits",
    "written_off": "written off",
    "held": "above caps and limits, open",
    "should_be_invoiced": "= should be invoiced",
    "issued_in_erp": "invoices in {erp}",
    "credited_in_erp": "less credit memos in {erp}",
    "invoiced_in_erp": "= invoiced in {erp}",
    "difference": "difference",
}
