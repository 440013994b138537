"""The worked examples of docs/billing-rules.md, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shared.domain.contract import ContractLine, LineKind
from shared.domain.hold import Hold, HoldLevel
from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.domain.policies import ApprovalDocument, ApprovalRule
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.domain.write_off import WriteOff
from shared.faults import BusinessException
from shared.usecases.apply_source import apply_source
from shared.usecases.conservation import conservation
from shared.usecases.decide_approval import check_approver, decide_approval
from shared.usecases.group_wip import group_wip
from shared.usecases.make_write_off import Asked, gives_up, make_write_off
from shared.usecases.plan_write_off import ALL, plan_write_off, write_down_pair
from tests.build import APPROVED_AT, OCTOBER, a_contract, a_project, eur, the_policies, time_item
from tests.examples import approvals, holds, write_offs

Row = Mapping[str, str]
ASKED = Asked("r-1", "goodwill", "", "Ada", APPROVED_AT)


class Work:
    """Entries of one contract, at 150.00 an hour."""

    def __init__(self, values: str) -> None:
        self.items: dict[str, WipItem] = {}
        self.sources: dict[str, SourceRecord] = {}
        self.write_offs: list[WriteOff] = []
        for number, value in enumerate(values.split(", ")):
            self.tell(f"t-{number}", 1, value)

    def tell(self, entry: str, sequence: int, value: str) -> None:
        minutes = int(Decimal(value) * 60 / 150)
        known = self.sources.get(entry)
        current = self.items[known.wip_id] if known and known.wip_id else None
        self.sources[entry], made = apply_source(
            known,
            current,
            time_item(entry, sequence, minutes=minutes) if minutes else None,
            source_id=entry,
            ref=ExternalRef("kantata", "time_entry", entry),
            sequence=sequence,
            contract=a_contract(),
            project_id="prj-1",
        )
        self.items |= {item.wip_id: item for item in made}

    def write_off(self, amount: Money | None, percent: Decimal) -> None:
        lines = plan_write_off(list(self.items.values()), list(self.items), amount=amount, percent=percent)
        made = make_write_off(ASKED, lines, a_contract(), the_policies())
        for line in lines:
            item = self.items[line.wip_id]
            if line.whole:
                self.items[line.wip_id] = replace(item, claimed_by=made.claim)
            else:
                self.items |= {each.wip_id: each for each in write_down_pair(item, line.written_off, made.write_off_id)}
        self.sources = {each.source_id: each for each in gives_up(made, list(self.sources.values()))}
        self.write_offs.append(made)


@pytest.mark.parametrize("row", write_offs.ROWS, ids=lambda row: row["why"])
def test_write_offs_are_as_the_examples_say(row: Row) -> None:
    work, asked = Work(row["work"]), row["given_up"]
    amount = None if asked == "all" or asked.endswith("%") else eur(asked)
    work.write_off(amount, Decimal(asked.removesuffix(" %")) if asked.endswith("%") else ALL)
    if row["corrected"]:
        work.tell("t-0", 2, row["corrected"])
    (found,) = conservation(work.sources.values(), work.items.values(), [], work.write_offs)
    assert found.holds
    told = {"approved": found.approved, "open": found.open, "written_off": found.written_off}
    assert {name: f"{value:.2f}" for name, value in told.items()} == {name: row[name] for name in told}


SUBJECTS = {"P": "prj-1", "C": "con-1", "K": "cus-1"}


@pytest.mark.parametrize("row", holds.ROWS, ids=lambda row: row["holds"] or "none")
def test_holds_are_as_the_examples_say(row: Row) -> None:
    in_the_psa = row["holds"] == "in the PSA"
    told = [] if in_the_psa or not row["holds"] else [each.split() for each in row["holds"].split(", ")]
    standing = [
        Hold(HoldLevel(level), SUBJECTS.get(name, name), "DE01", True, "dispute", "Dana", APPROVED_AT, 1)
        for level, name in told
    ]
    project = a_project(on_hold=in_the_psa)
    grouped = group_wip([time_item()], a_contract(), [project], through=OCTOBER, holds=standing)
    billed = sum((item.value.amount for items in grouped.groups.values() for item in items), Decimal(0))
    assert f"{billed:.2f}" == row["billed"]
    assert "; ".join(left.detail for left in grouped.left) == row["reason"]
    assert all(left.reason == "billing_hold" for left in grouped.left)


RULES = (
    ApprovalRule(ApprovalDocument.INVOICE, "EUR", Decimal(1000), customer="K"),
    ApprovalRule(ApprovalDocument.INVOICE, "EUR", Decimal(5000), contract_kind="milestone"),
    ApprovalRule(ApprovalDocument.WRITE_OFF, "EUR", Decimal(500), legal_entity="DE01"),
    ApprovalRule(ApprovalDocument.WRITE_OFF, "EUR", Decimal(1000)),
)


def outcome(row: Row) -> tuple[str, str]:
    policies = replace(the_policies(), approvals=RULES)
    lines = (ContractLine("l-1", LineKind(row["contract"]), "Work", eur("1")),)
    contract = a_contract(legal_entity_id=row["legal_entity"], customer_id=row["customer"], lines=lines)
    decided = decide_approval(policies, ApprovalDocument(row["document"]), eur(row["amount"]), contract)
    if not decided.needed or not row["approver"]:
        return ("waits" if decided.needed else "goes on"), decided.rule
    try:
        check_approver(policies, row["approver"], row["asked_by"])
    except BusinessException as refusal:
        return refusal.code, decided.rule
    return "approved", decided.rule


@pytest.mark.parametrize("row", approvals.ROWS, ids=lambda row: f"{row['document']} {row['amount']} {row['outcome']}")
def test_approvals_are_as_the_examples_say(row: Row) -> None:
    assert outcome(row) == (row["outcome"], row["rule"])


def test_without_any_rule_a_person_approves() -> None:
    policies = replace(the_policies(), approvals=(), approval_over={})
    for document in ApprovalDocument:
        assert decide_approval(policies, document, eur("0.01"), a_contract()).needed


def test_work_that_moved_to_another_project_leaves_the_write_off_behind() -> None:
    work = Work("150.00")
    work.write_off(None, Decimal(20))
    known = work.sources["t-0"]
    assert known.wip_id
    moved = replace(time_item("t-0", 2, worked_on=date(2026, 10, 6)), project_id="prj-2")
    source, items = apply_source(
        known,
        work.items[known.wip_id],
        moved,
        source_id="t-0",
        ref=known.ref,
        sequence=2,
        contract=a_contract(),
        project_id="prj-2",
    )
    work.items |= {item.wip_id: item for item in items}
    rows = conservation([source], work.items.values(), [], work.write_offs)
    assert [(row.project, f"{row.open:.2f}", f"{row.written_off:.2f}", row.holds) for row in rows] == [
        ("prj-1", "0.00", "0.00", True),
        ("prj-2", "150.00", "0.00", True),
    ]
    assert source.given_up == ()
