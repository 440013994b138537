"""`billweave invoice`: by the command, as a third party runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner, Result

from cli import main, options
from shared.einvoice.issued import Issued
from tests.unit.shared.einvoice.test_write_ubl import hours, issue

LINE = {"id": "1", "quantity": "7.25", "unit_price": "142.50", "tax_category": "S", "tax_rate": "19"}
HEAVY = ("boto3", "botocore", "httpx", "rich", "sandbox", "ministack", "aws_lambda_powertools")


def say(*words: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main.app, words, input=stdin)


def computed(told: dict[str, Any]) -> dict[str, Any]:
    done = say("invoice", "compute", "-", stdin=json.dumps(told))
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_totals_of_an_invoice_are_written_as_texts_with_the_currencys_decimals() -> None:
    assert computed({"currency": "EUR", "lines": [LINE], "prepaid": "200", "rounding": "0.03"}) == {
        "lines": [{"id": "1", "net": "1033.13"}],
        "sum_of_line_net": "1033.13",
        "allowance_total": "0.00",
        "charge_total": "0.00",
        "tax_exclusive": "1033.13",
        "tax_breakdown": [{"category": "S", "rate": "19", "taxable": "1033.13", "tax": "196.29"}],
        "tax_total": "196.29",
        "tax_inclusive": "1229.42",
        "prepaid": "200.00",
        "rounding": "0.03",
        "payable": "1029.45",
    }


def test_a_file_is_read_as_standard_input_is(tmp_path: Path) -> None:
    (tmp_path / "invoice.json").write_text(json.dumps({"currency": "JPY", "lines": [LINE]}))
    done = say("invoice", "compute", str(tmp_path / "invoice.json"))
    assert done.exit_code == 0 and json.loads(done.stdout)["payable"] == "1229"


def test_outside_the_scope_of_tax_there_is_no_rate() -> None:
    without = LINE | {"tax_category": "O", "tax_rate": None}
    (group,) = computed({"currency": "USD", "lines": [without]})["tax_breakdown"]
    assert group == {"category": "O", "rate": None, "taxable": "1033.13", "tax": "0.00"}
    (group,) = computed({"currency": "USD", "lines": [without | {"tax_rate": "0"}]})["tax_breakdown"]
    assert group["rate"] == "0"


def test_bad_input_is_one_line_per_fault_exit_2_and_nothing_on_stdout() -> None:
    told = {"currency": "EUR", "lines": [LINE, LINE | {"unit_price": "12,5"}]}
    done = say("invoice", "compute", "-", stdin=json.dumps(told))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        'lines[1].unit_price: "12,5" is not a decimal number: write 12.5',
        'lines[1].id: "1" is the id of lines[0], too',
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    done = say("invoice", "compute", str(tmp_path / "none.json"))
    assert (done.exit_code, done.stdout) == (2, "") and "none.json: No such file" in done.stderr


def test_nothing_is_minus_nothing() -> None:
    told = {"currency": "EUR", "lines": [LINE | {"quantity": "-0.001", "unit_price": "0.10"}]}
    assert "-0" not in json.dumps(computed(told))


def test_arithmetic_starts_without_what_only_an_estate_needs() -> None:
    code = (
        "import sys; from cli.main import app; app(['invoice', 'compute', '-'], standalone_mode=False);"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    told = json.dumps({"currency": "EUR", "lines": [LINE]})
    done = subprocess.run([sys.executable, "-c", code], input=told, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["payable"] == "1229.42" and done.stderr.strip() == "[]"


BROKEN = Path(__file__).parent / "broken_invoice.xml"


def test_a_broken_rule_is_told_on_its_line_and_ends_1() -> None:
    done = say("invoice", "check", str(BROKEN))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "BR-CO-16 cac:LegalMonetaryTotal/cbc:PayableAmount: found 118.99, expected 119.00 (gross - prepaid + rounding)",
        "Invoice: 1 broken",
    ]


def test_the_findings_are_there_for_machines_too() -> None:
    done = say("invoice", "check", str(BROKEN), "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["clean"], found["document"], found["currency"]) == (1, False, "Invoice", "EUR")
    assert [(each["rule"], each["expected"], each["broken"]) for each in found["findings"]] == [
        ("BR-CO-16", "119.00", True)
    ]


def test_a_clean_invoice_ends_0() -> None:
    done = say("invoice", "check", "-", stdin=BROKEN.read_text().replace("118.99", "119.00"))
    assert (done.exit_code, done.stdout) == (0, "Invoice: no rule is broken\n")


def test_what_is_no_invoice_ends_2_with_nothing_on_stdout() -> None:
    done = say("invoice", "check", "-", stdin="<a>")
    assert (done.exit_code, done.stdout) == (2, "") and done.stderr.startswith("input: not XML: ")


class Deployment:
    def __init__(self, told: dict[str, Any]) -> None:
        self._told, self.asked = told, ""

    def read(self, path: str, **_: Any) -> dict[str, Any]:
        self.asked = path
        return self._told


@pytest.mark.parametrize(("currency", "code"), [("EUR", 0), ("KWD", 2)])
def test_a_posted_invoice_is_written_as_ubl_that_checks_clean(
    currency: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = issue(hours(currency=currency))
    deployment = Deployment(TypeAdapter(Issued).dump_python(told, mode="json"))
    monkeypatch.setattr(options, "connect", lambda *_: deployment)
    done = say("invoice", "ubl", "INV/1")
    assert (done.exit_code, deployment.asked) == (code, "/invoices/INV%2F1/issued")
    if code:
        assert (done.stdout, done.stderr) == ("", "INV/1: currency_past_two_decimals: invoice_id=inv-1, currency=KWD\n")
    else:
        assert say("invoice", "check", "-", stdin=done.stdout_bytes).exit_code == 0
