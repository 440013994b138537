"""SuiteTax, simply: given tax details are taken as they are; else a code on the line, else the subsidiary's setting.

The simulated engine knows no nexus, places of supply or exemptions: automatic tax is rate x line amount, rounded per
line to the currency. Source: notes, section 6, "invoice"; the simplification is ours.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.netsuite.amounts import ZERO, number, rounded, text
from sandbox.netsuite.errors import invalid_content
from sandbox.netsuite.write import Write


def settle_tax(write: Write, places: int) -> Decimal:
    """Completes `taxDetails` and the lines' tax fields; returns the document's tax."""
    record = write.record
    lines = record.get("item", [])
    for line in lines:
        line.setdefault("taxDetailsReference", f"n_{line['line']}")
    if record.get("taxDetailsOverride"):
        details = record.get("taxDetails", [])
        for index, detail in enumerate(details):
            _complete_given(write, detail, lines, f"taxDetails.items[{index}]", places)
    else:
        if write.given.get("taxDetails"):
            raise invalid_content("Tax details can be set only with taxDetailsOverride true.", "taxDetails")
        details = [d for line in lines if (d := _automatic(write, line, places))]
        record["taxDetails"] = details
    for line in lines:
        _mark_line(line, details, places)
    return sum((number(d.get("taxAmount")) for d in details), start=ZERO)


def _complete_given(write: Write, detail: dict[str, Any], lines: list[dict[str, Any]], path: str, places: int) -> None:
    reference = detail.get("taxDetailsReference")
    line = next((line for line in lines if line["taxDetailsReference"] == reference), None)
    if line is None:
        where = f"{path}.taxDetailsReference"
        raise invalid_content(f"Tax details reference '{reference}' does not belong to a line.", where)
    code = write.unit.peek("salesTaxItem", detail["taxCode"]["id"]) if detail.get("taxCode") else None
    if code is None:
        raise invalid_content("Please enter value(s) for: Tax Code", f"{path}.taxCode")
    detail.setdefault("taxType", code.get("taxType"))
    detail.setdefault("taxRate", code["rate"])
    detail.setdefault("taxBasis", line["amount"])
    detail.setdefault("netAmount", line["amount"])
    if "taxAmount" not in detail:
        detail["taxAmount"] = text(rounded(number(detail["taxBasis"]) * number(detail["taxRate"]) / 100, places))
    detail["taxAmount"] = text(rounded(number(detail["taxAmount"]), places))


def _automatic(write: Write, line: dict[str, Any], places: int) -> dict[str, Any] | None:
    code_id = line["taxCode"]["id"] if line.get("taxCode") else None
    code_id = code_id or write.settings.automatic_tax.get(write.record["subsidiary"]["id"])
    code = write.unit.peek("salesTaxItem", code_id) if code_id else None
    if code_id is None or code is None:
        return None
    amount = rounded(number(line["amount"]) * number(code["rate"]) / 100, places)
    return {
        "taxDetailsReference": line["taxDetailsReference"],
        "lineType": "Item",
        "netAmount": line["amount"],
        "taxType": code.get("taxType"),
        "taxCode": {"id": code_id, "recordType": "salesTaxItem"},
        "taxBasis": line["amount"],
        "taxRate": code["rate"],
        "taxAmount": text(amount),
    }


def _mark_line(line: dict[str, Any], details: list[dict[str, Any]], places: int) -> None:
    mine = [d for d in details if d["taxDetailsReference"] == line["taxDetailsReference"]]
    tax = sum((number(d["taxAmount"]) for d in mine), start=ZERO)
    line["tax1Amt"] = text(tax)
    line["taxRate1"] = text(sum((number(d["taxRate"]) for d in mine), start=ZERO))
    line["grossAmt"] = text(rounded(number(line["amount"]) + tax, places))
