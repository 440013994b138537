"""What the firm's finance and delivery people do with the fabric itself, by its operations functions, as the CLI would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cli.connection import Connection
from sandbox.firm.month import FirmMonth

CLERK, CONTROLLER, LEAD = "demo billing clerk", "demo finance operations", "demo head of delivery"
"""Who asks is never who approves."""
Row = dict[str, Any]


class Desk:
    def __init__(self, firm: FirmMonth, fabric: Connection, say: Callable[[str], None]) -> None:
        self._firm, self._fabric, self._say = firm, fabric, say

    def amend(self) -> None:
        """First what it would do, which writes nothing; then it is signed."""
        agreed = self._firm.month.amendment
        contract_id = self._project(agreed.deal)["contract_id"]
        rate = {"amount": str(agreed.rate_per_hour), "currency": self._firm.currency_of(agreed.deal)}
        paper = {
            "amendment_id": agreed.number,
            "contract_id": contract_id,
            "effective_on": agreed.effective_on.isoformat(),
            "words": agreed.words,
            "changes": [{"change": "set_rates", "rates": [{"role": agreed.role, "rate_per_hour": rate}]}],
        }
        effect = self._fabric.ask(f"/contracts/{contract_id}/what-if", paper)
        foreseen = len(effect["open_items"])
        done = self._fabric.act("amend-contract", {"amendment": paper, "by": LEAD, "approver": CONTROLLER})
        self._say(
            f"{agreed.deal} amended from {agreed.effective_on}: what-if said {foreseen} open items, "
            f"{done['corrected']} were valued anew"
        )

    def write_off(self) -> None:
        """Above the limit another person approves."""
        given_up = self._firm.month.given_up
        asked = {
            "request_id": "kick-off",
            "by": CLERK,
            "reason": "goodwill",
            "note": given_up.note,
            "project_id": self._project(given_up.deal)["project_id"],
            "through": given_up.through.isoformat(),
        }
        made = self._fabric.act("write-off", asked)["write_offs"]
        items = sum(len(each["lines"]) for each in made)
        approved = self.approve("write_off_approval_due", CONTROLLER)
        words = f"{given_up.deal}: {items} items written off ({given_up.note})"
        self._say(f"{words}, {approved} of {len(made)} requests approved by another person")

    def let_pass(self) -> None:
        """Delivery says yes to what stands above soft caps; above a hard one nobody can."""
        passed = self.approve("over_cap", LEAD)
        held = sum(1 for row in self._open() if row["type"] == "over_hard_cap")
        self._say(f"above soft caps: {passed} agreed to by delivery; above hard caps: {held} left open")

    def credit(self) -> None:
        """The whole invoice is taken back; its memo is posted while work goes on, the next run bills anew."""
        wrong = self._firm.month.rebilled
        contract_id = self._project(wrong.deal)["contract_id"]
        invoices = self._fabric.read("/invoices")["invoices"]
        invoice = next(row for row in invoices if row["contract_id"] == contract_id and row["status"] == "posted")
        asked = {
            "invoice": invoice["invoice_id"],
            "reason": wrong.reason,
            "submitter": CLERK,
            "remedy": "rebill",
            "request_id": "cost-centre",
        }
        memo = self._fabric.act("request-credit", asked)
        self._say(
            f"{wrong.deal}: {invoice['erp_number']} of {invoice['legal_entity']}, net {memo['net']} {memo['currency']}, is credited and open again"
        )

    def approve(self, kind: str, by: str) -> int:
        """As a person would with `billweave exceptions act`."""
        due = [row for row in self._open() if row["type"] == kind]
        for row in due:
            decision = {"exception_id": row["exception_id"], "action": "approve", "by": by}
            self._fabric.act("act-on-exception", decision)
        return len(due)

    def _open(self) -> list[Row]:
        found: list[Row] = self._fabric.read("/exceptions", status="open")["exceptions"]
        return found

    def _project(self, deal: str) -> Row:
        found: list[Row] = self._fabric.read("/projects")["projects"]
        return next(row for row in found if row["name"] == deal)
