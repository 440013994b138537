"""`billweave demo`: the firm's month on the local estate, from signed deal to payment, and what it came to.

People act in the CRM, the PSA and the ERP that the firm has; the fabric is only asked to bill. Nothing is slipped into it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cli import demo_report
from cli.connection import Connection, of_estate
from cli.demo_desk import CONTROLLER, Desk
from cli.settle import DRAFTING, Quiet, wait_until
from cli.show import as_json, console
from sandbox.estate import estate, roles
from sandbox.firm import truth
from sandbox.firm.month import FirmMonth

REPORT = Path("build/demo/report.json")
A_DAY = 24
"""Deals won at once."""
STORM = 5
"""Times that the CRM tells of each deal again on the first day."""


class Clockwork:
    """Says what happens, and when."""

    def __init__(self, silent: bool) -> None:
        self._out, self._silent, self.began = console(), silent, time.monotonic()
        self.servers_up = self.began

    def say(self, text: str) -> None:
        if text.startswith("embedded AWS"):
            self.servers_up = time.monotonic()
        if not self._silent:
            self._out.print(f"{time.monotonic() - self.began:6.1f} s  {text}")


def play(state_dir: Path, asked: Mapping[str, str | None], *, seed: int, keep: bool, json_: bool) -> int:
    """0 if the month came out right: nothing lost, nothing double, conservation holds, PSA and ERP agree to the cent.

    asked: systems by role, None for the deployment's own.
    """
    clock = Clockwork(silent=json_)
    plan = estate.Plan(state_dir.resolve(), fresh=True, roles=roles.chosen("sandbox", asked))
    try:
        with estate.raised(plan, clock.say) as up:
            deployed = time.monotonic()
            firm, fabric = FirmMonth(up.systems, up.roles, seed), of_estate(state_dir)
            Play(firm, fabric, Quiet.of(up.aws, up.resources["table"]), clock.say).run()
            report = demo_report.build(fabric, firm, truth.find(firm))
            report["durations_s"] = {
                "setup": round(clock.servers_up - clock.began, 1),
                "deploy": round(deployed - clock.servers_up, 1),
                "month": round(time.monotonic() - deployed, 1),
            }
            demo_report.write(report, REPORT)
    finally:
        if not keep:
            estate.down(state_dir)
    if json_:
        as_json(report)
    else:
        demo_report.show(report, REPORT)
    return 0 if demo_report.came_out_right(report) else 1


class Play:
    """The month in its order; after each step the fabric is given the time it needs, and no more."""

    def __init__(self, firm: FirmMonth, fabric: Connection, quiet: Quiet, say: Callable[[str], None]) -> None:
        self._firm, self._fabric, self._quiet, self._say = firm, fabric, quiet, say
        self._desk = Desk(firm, fabric, say)
        called = roles.called(firm.roles)
        self._crm, self._psa, self._erp = called["crm"], called["psa"], called["erp"]

    def run(self) -> None:
        self._sell()
        self._deliver()
        self._agree()
        self._close_the_month()
        self._clean_up()
        self._get_paid()

    def _sell(self) -> None:
        firm, month = self._firm, self._firm.month
        firm.open_for_business()
        self._say(f"{len(month.consultants)} consultants, {len(month.clients)} customers, rate cards, catalogue")
        good, bad = firm.deals(refused=False), firm.deals(refused=True)
        firm.storm(STORM)
        took = 0.0
        for place in range(0, len(good), A_DAY):
            firm.sell(good[place : place + A_DAY])
            sold = min(place + A_DAY, len(good))
            took += wait_until("projects of the signed deals", partial(self._firm_has, sold), 180)
            firm.calm()
        self._say(
            f"{len(good)} deals won, {min(A_DAY, len(good))} of them told {STORM + 1} times: "
            f"projects in {self._psa} and {self._erp} after {took:.1f} s"
        )
        firm.break_erp_setup()
        firm.sell(bad)
        wait_until("the deal that the ERP refuses", lambda: firm.projects_found() >= len(month.deals), 60)
        wait_until("its project to be blocked", lambda: self._projects("blocked") >= len(bad), 60)
        self._say(f"{len(bad)} deal won whose project {self._erp} refuses: blocked, shown, owned")

    def _deliver(self) -> None:
        firm = self._firm
        firm.find()
        firm.staff(firm.month.deals)
        firm.work(firm.deals(refused=True))
        self._say("time on the blocked project is entered and approved: held")
        firm.work(firm.deals(refused=False))
        self._say(f"{len(firm.entry_ids)} time entries and {len(firm.month.costs)} expenses entered and approved")
        self._say(f"{firm.correct()} approved entries corrected, {firm.complete_milestones()} milestones done")
        firm.price_specialists()
        firm.hold(True)
        firm.repair_erp_setup()
        took = wait_until("the blocked project to go on by itself", lambda: self._projects("blocked") == 0, 90)
        self._say(
            f"{self._erp} repaired: the blocked project went on by itself after {took:.1f} s; one project on hold"
        )
        took = self._valued()
        self._until_held(True)
        self._say(f"all of it valued as WIP after {took:.1f} s")

    def _agree(self) -> None:
        """Before the month is billed: what the customers and the firm agreed about it."""
        self._desk.amend()
        self._desk.write_off()

    def _close_the_month(self) -> None:
        self._firm.month_end_weather()
        took = self._bill("month-end")
        self._say(f"month billed under throttling and a lost answer in {took:.1f} s: {self._invoiced()}")
        self._desk.let_pass()
        self._desk.credit()

    def _clean_up(self) -> None:
        firm = self._firm
        firm.hold(False)
        firm.attach_contracts()
        firm.accept_late()
        late = firm.work_late()
        self._valued()
        self._until_held(False)
        self._say(f"hold released, contract attached, milestone accepted, {late} late entries approved")
        took = self._bill("late")
        self._say(f"second run in {took:.1f} s: {self._invoiced()}")

    def _get_paid(self) -> None:
        paid = self._firm.payers.pay()
        self._say(f"customers pay: {', '.join(f'{count} {how}' for how, count in paid.items())}")
        wait_until("payments to be seen", lambda: self._count("paid") >= paid["in full"], 60)
        self._quiet.wait("payments to be carried back to sales and delivery", 90)
        self._say(f"payments are shown in {self._crm} and {self._psa}")

    def _until_held(self, held: bool) -> None:
        """A hold is read as it stands from time to time, and what is billed before is billed as it was."""

        def seen() -> bool:
            return any(row["on_hold"] for row in self._fabric.read("/projects")["projects"]) is held

        wait_until(f"the hold to be {'placed' if held else 'let go'}", seen, 90)

    def _firm_has(self, projects: int) -> bool:
        return self._firm.erp_projects() >= projects

    def _valued(self) -> float:
        """Until the fabric knows as many approved things as the PSA has, and none of them waits in a queue."""
        approved = self._firm.approved_count()

        def known() -> bool:
            sources: dict[str, int] = self._fabric.read("/status")["approved_sources"]
            return sum(sources.values()) >= approved

        took = wait_until(f"the {approved} approved entries and expenses to be known", known, 240, step_s=2.0)
        return took + self._quiet.wait("everything approved to be valued", 120)

    def _bill(self, run: str) -> float:
        began = time.monotonic()
        for entity in self._firm.month.offices:
            payload = {"legal_entity_id": entity, "through": self._firm.month.last.isoformat(), "run": run}
            self._fabric.act("start-billing", payload | {"requested_by": "demo"})
        wait_until(f"billing run {run}", lambda: not self._quiet.running(DRAFTING), 180)
        wait_until("every invoice to be posted", self._approved_and_posted, 180)
        self._quiet.wait("invoices to be carried back to sales and delivery", 120)
        return time.monotonic() - began

    def _approved_and_posted(self) -> bool:
        approved = self._desk.approve("invoice_approval_due", CONTROLLER)
        if approved:
            self._say(f"finance approves {approved} invoices over the limit")
        return not approved and not self._unposted()

    def _unposted(self) -> int:
        return sum(1 for row in self._invoices() if row["status"] not in ("posted", "paid", "rejected", "cancelled"))

    def _invoices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._fabric.read("/invoices")["invoices"]
        return found

    def _count(self, standing: str) -> int:
        return sum(1 for row in self._invoices() if row["standing"] == standing)

    def _projects(self, status: str) -> int:
        return len(self._fabric.read("/projects", status=status)["projects"])

    def _invoiced(self) -> str:
        return f"{len(self._invoices())} invoices so far"
