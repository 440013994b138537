"""Rehearsals: invoices and credit memos on their way to the books, approvals, rates of exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from events.contract_signed.v1 import SignedInstalment, SignedLine
from events.terms import RetainerTerms, Terms
from events.values import Amount
from functions.operations import start_billing
from shared.domain.exception import BillingException
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.policies import Policies
from shared.domain.wip import WipItem
from tests.runbook.deals import billed, well_again
from tests.runbook.rehearsal import Rehearsal
from tests.runbook.stage import APRIL, MARCH, Stage
from tests.runbook.vendors import erp_says
from tests.stories import CONTRACT, Fabric, usd


def of_an_hour(stage: Stage, **changes: Any) -> None:
    stage.ready(**changes)
    stage.work()


def one_billed_hour(stage: Stage) -> Invoice:
    of_an_hour(stage)
    stage.bill()
    [invoice] = stage.invoices()
    return invoice


def large_fee(stage: Stage) -> None:
    part = SignedInstalment(instalment_id="i-1", due_on=MARCH, value=usd("300000.00"))
    fee = SignedLine(
        line_id="l-fee", kind="fixed_fee", description="Support", value=usd("300000.00"), instalments=(part,)
    )
    stage.ready(lines=(fee,))
    stage.bill()
    assert stage.nets() == []


def given_up(stage: Stage) -> None:
    of_an_hour(stage)
    stage.work("1002", minutes=480)
    stage.say(f"billweave write-off record --contract {CONTRACT} --reason goodwill --by ann")


def is_written_off(stage: Stage) -> None:
    assert stage.open_work() == []
    stage.bill()
    assert stage.nets() == []


def refund_of_nothing(stage: Stage) -> None:
    stage.ready()
    stage.spend(value=usd("-80.00"))
    stage.bill()
    assert stage.nets() == []


def overtaken_by_a_credit(stage: Stage) -> None:
    """Drafted while the retainer was used up; a credit of the invoice that used it is priced before it."""
    terms = Terms(retainer=RetainerTerms(fee=usd("300.00")))
    line = SignedLine(
        line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000"), terms=terms
    )
    stage.ready(lines=(line,))
    stage.work(minutes=120)
    stage.bill()
    [first] = stage.invoices()
    stage.work("1002")
    stage.spend(value=usd("-100.00"))
    fabric = Fabric(ports=stage.fake)
    fabric.draft(MARCH)
    fabric.to_price(fabric.credit(first.invoice_id)["memo_id"])
    stage.bill()
    stage.the_open("invoice_below_zero")


def paid_and_credited(stage: Stage) -> None:
    """NetSuite has nothing open on the invoice any more, so the memo cannot be set against it."""
    invoice = one_billed_hour(stage)
    erp = stage.world.erp
    erp.settled = lambda _: Decimal("150.00")  # type: ignore[method-assign]
    stage.say(f'billweave credit {invoice.invoice_id} --reason "wrong rate" --by ann')
    assert stage.nets() == ["150.00", "-150.00"]
    del erp.settled


def new_price_for_billed_work(stage: Stage) -> None:
    one_billed_hour(stage)
    stage.price(2, rate="160.00")


def in_april(_: Stage, __: BillingException) -> dict[str, str]:
    return {"day": APRIL.isoformat()}


def in_euros(stage: Stage) -> None:
    line = SignedLine(
        line_id="l-time",
        kind="time_and_materials",
        description="Consulting",
        value=Amount(amount=Decimal(50000), currency="EUR"),
    )
    stage.ready(currency="EUR", lines=(line,))
    stage.price(2, currency="EUR")
    stage.work()


def euros_without_rates(stage: Stage) -> None:
    in_euros(stage)
    stage.bill()
    assert stage.nets() == []


def rates_file(rows: str) -> str:
    file = Path(mkdtemp()) / "eurofxref.csv"
    file.write_text(rows)
    return str(file)


def euros_of_a_currency_not_quoted(stage: Stage) -> None:
    file = rates_file("Date,USD,GBP,\n2026-03-31,N/A,0.8701,\n2026-03-30,N/A,0.87,\n")
    stage.say(f"billweave fx load {file}")
    euros_without_rates(stage)


def open_again(stage: Stage) -> None:
    assert stage.nets() == [] and stage.open_work() == ["150.00"]


def priced_by(change: Callable[[Policies], Policies]) -> Callable[[Stage], None]:
    """A run whose pricing finds other policies than its drafts did: they are read anew within the minute."""

    def stop(stage: Stage) -> None:
        of_an_hour(stage)
        stage.fake.clock.at = stage.fake.clock.at.replace(month=3, day=31, hour=18)
        command = start_billing.StartBilling(legal_entity_id="US", through=MARCH, run="r", requested_by="ann")
        stage.world.within("run", 1, lambda: start_billing.handler.step(command, stage.world.ports))
        book = stage.fake.policies
        book.policies = change(book.policies)
        stage.quiet()
        assert stage.nets() == []

    return stop


def without_us_tax(policies: Policies) -> Policies:
    return replace(policies, tax_rules=tuple(rule for rule in policies.tax_rules if rule.rule != "us-domestic"))


def without_us(policies: Policies) -> Policies:
    rest = tuple(each for each in policies.legal_entities if each.legal_entity_id != "US")
    return replace(policies, legal_entities=rest)


def deployed(stage: Stage) -> None:
    """The policies as their file has them."""
    stage.fake.policies.policies = Stage.the_policies()


def other_totals(stage: Stage) -> None:
    """NetSuite reckons a cent more."""
    of_an_hour(stage)
    erp = stage.world.erp
    erp.total = lambda found: type(erp).total(found) + Decimal("0.01")  # type: ignore[method-assign,assignment]
    stage.bill()


def corrected_there(stage: Stage) -> None:
    del stage.world.erp.total


def claims_lost(stage: Stage) -> None:
    """A bug, or a hand in the table: what is claimed is not what was sealed."""
    of_an_hour(stage)
    wip, found = stage.fake.wip, stage.fake.wip.claimed_by

    def claimed_by(invoice_id: str) -> Iterator[WipItem]:
        sealed = stage.fake.invoices.get(invoice_id).status is not InvoiceStatus.DRAFT
        return iter(()) if sealed else found(invoice_id)

    wip.claimed_by = claimed_by  # type: ignore[method-assign]
    stage.bill()
    assert stage.nets() == []


def claims_right(stage: Stage) -> None:
    del stage.fake.wip.claimed_by


def period_closed(stage: Stage) -> None:
    erp_says(400, "INVALID_CONTENT", "The posting period of this date is closed")(stage)


REHEARSALS = {
    "invoice_approval_due": Rehearsal(large_fee, ended=billed("300000.00")),
    "write_off_approval_due": Rehearsal(given_up, ended=is_written_off),
    "negative_invoice": Rehearsal(
        refund_of_nothing,
        {
            "delivery: approve the work the correction goes with, or put the source right": lambda stage: stage.work(
                minutes=120
            )
        },
        lambda _, __: {"day": APRIL.isoformat()},
        billed("220.00"),
    ),
    "invoice_below_zero": Rehearsal(
        overtaken_by_a_credit,
        words=lambda _, __: {"day": MARCH.isoformat()},
        ended=billed("900.00", "-900.00", "900.00", "50.00"),
    ),
    "credit_unapplied": Rehearsal(
        paid_and_credited,
        {"NetSuite: refund it, or set it against another invoice": lambda _: None},
        ended=billed("150.00", "-150.00"),
    ),
    "late_rate_change": Rehearsal(
        new_price_for_billed_work, words=in_april, ended=billed("150.00", "-150.00", "160.00")
    ),
    "fx_rate_missing": Rehearsal(
        euros_without_rates,
        words=lambda _, __: {"rates file": rates_file("Date,USD,GBP,\n2026-03-31,1.10,0.87,\n")},
        ended=billed("150.00"),
    ),
    "fx_currency_not_quoted": Rehearsal(
        euros_of_a_currency_not_quoted,
        {"the client: agree on another currency or another source of rates": lambda _: None},
        ended=open_again,
    ),
    "tax_undetermined": Rehearsal(
        priced_by(without_us_tax),
        {"the CRM: enter the missing number; or the policies: add the rule, raise `version`, deploy": deployed},
        ended=billed("150.00"),
    ),
    "legal_entity_unknown": Rehearsal(
        priced_by(without_us),
        {"the deployment file: add the legal entity, deploy": deployed},
        ended=billed("150.00"),
    ),
    "amount_disagreement": Rehearsal(
        other_totals, {"NetSuite: correct the invoice": corrected_there}, ended=billed("150.00")
    ),
    "seal_broken": Rehearsal(claims_lost, {"developers: put the claims right": claims_right}, ended=billed("150.00")),
    "posting_period_closed": Rehearsal(
        lambda stage: of_an_hour(stage) or period_closed(stage) or stage.bill(),
        {"NetSuite: open the period": well_again},
        ended=billed("150.00"),
    ),
}
