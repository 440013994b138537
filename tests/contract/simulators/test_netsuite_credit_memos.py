"""Credit memos as the vendor notes have them: by external id, applied to an invoice, never above what it has open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.netsuite_account import Account, detail

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate


def body(netsuite: Account, invoice: str, amount: float, applied: float | None) -> dict[str, Any]:
    """One line of `amount`, `applied` of it set against the invoice."""
    made = netsuite.invoice_body({"quantity": 1, "rate": amount})
    made.pop("dueDate", None)
    lines = [] if applied is None else [{"doc": {"id": invoice}, "apply": True, "amount": applied}]
    return made | {"apply": {"items": lines}}


def open_of(netsuite: Account, invoice: str) -> float:
    return float(netsuite.read(f"invoice/{invoice}")["amountRemaining"])


def put(netsuite: Account, eid: str, content: dict[str, Any]) -> Any:
    return netsuite.record("PUT", f"creditMemo/eid:{eid}", content, params={"replace": "item,apply"})


def test_a_memo_by_external_id_lowers_what_its_invoice_has_open(netsuite: Account) -> None:
    netsuite.customer()
    invoice = netsuite.invoice("I", {"amount": 100, "quantity": 1, "rate": 100})
    assert put(netsuite, "CM-1", body(netsuite, invoice, 40, 40)).status_code == 204
    assert open_of(netsuite, invoice) == 60
    memo = netsuite.read("creditMemo/eid:CM-1")
    assert (memo["total"], memo["applied"], memo["unapplied"], memo["status"]["id"]) == (40, 40, 0, "B")
    assert memo["tranId"].startswith("CM")


def test_the_same_put_again_is_the_same_memo_applied_once(netsuite: Account) -> None:
    netsuite.customer()
    invoice = netsuite.invoice("I", {"amount": 100, "quantity": 1, "rate": 100})
    for _ in range(3):
        assert put(netsuite, "CM-1", body(netsuite, invoice, 100, 100)).status_code == 204
    assert open_of(netsuite, invoice) == 0
    assert len(netsuite.rows("SELECT id FROM transaction WHERE type = 'CustCred'")) == 1


def test_a_memo_rewritten_without_its_applications_keeps_them(netsuite: Account) -> None:
    netsuite.customer()
    invoice = netsuite.invoice("I", {"amount": 100, "quantity": 1, "rate": 100})
    content = body(netsuite, invoice, 100, 100)
    put(netsuite, "CM-1", content)
    content.pop("apply")
    netsuite.record("PUT", "creditMemo/eid:CM-1", content, params={"replace": "item"})
    assert open_of(netsuite, invoice) == 0


def test_an_unapplied_memo_stays_open_and_leaves_its_invoice(netsuite: Account) -> None:
    netsuite.customer()
    invoice = netsuite.invoice("I", {"amount": 100, "quantity": 1, "rate": 100})
    put(netsuite, "CM-1", body(netsuite, invoice, 40, None))
    memo = netsuite.read("creditMemo/eid:CM-1")
    assert (memo["applied"], memo["unapplied"], memo["status"]["id"]) == (0, 40, "A")
    assert open_of(netsuite, invoice) == 100


@pytest.mark.parametrize(("amount", "applied"), [(200, 150), (40, 50)])
def test_more_than_either_side_has_is_refused_and_changes_nothing(
    netsuite: Account, amount: float, applied: float
) -> None:
    netsuite.customer()
    invoice = netsuite.invoice("I", {"amount": 100, "quantity": 1, "rate": 100})
    answer = put(netsuite, "CM-1", body(netsuite, invoice, amount, applied))
    assert (answer.status_code, detail(answer)["o:errorCode"]) == (400, "USER_ERROR")
    assert open_of(netsuite, invoice) == 100
    assert netsuite.rows("SELECT id FROM transaction WHERE type = 'CustCred'") == []
