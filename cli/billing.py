"""Commands that bill: a run, what it would do, and what changes what is billed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from cli import crediting, foresight, reading
from cli.amendment_file import read_amendment
from cli.options import Fabric, Json, OptionalBy, connected


@connected
def bill(
    fabric: Fabric,
    legal_entity: Annotated[str, typer.Option("--legal-entity", help="Whose invoices.")],
    through: Annotated[str, typer.Option("--through", help="Periods that ended by this date, YYYY-MM-DD.")],
    run: Annotated[str | None, typer.Option(help="Name of this run; the same name starts once.")] = None,
    by: Annotated[
        str, typer.Option("--by", envvar="BILLWEAVE_BY", help="Who asks; may not approve what it drafts.")
    ] = "cli",
    contract: Annotated[str | None, typer.Option(help="This contract alone; bills it on demand.")] = None,
    interim: Annotated[
        bool, typer.Option("--interim", help="Work through the date, though its period goes on.")
    ] = False,
    json_: Json = False,
) -> None:
    """Starts a billing run: drafts, claims, seals and posts what is due."""
    asked = {"legal_entity_id": legal_entity, "through": through, "contract_id": contract, "interim": interim}
    reading.bill(fabric(), asked | {"requested_by": by}, run, json_)


@connected
def preview(
    fabric: Fabric,
    contract: Annotated[str, typer.Option("--contract", help="Our id, the deal's or the project's.")],
    through: Annotated[str, typer.Option("--through", help="Work on or before this date, YYYY-MM-DD.")],
    json_: Json = False,
) -> None:
    """What a billing run would bill of a contract, line by line, and why the rest would stay. Writes nothing."""
    path = f"/contracts/{quote(contract, safe='')}/preview"
    foresight.preview(fabric().read(path, through=through), json_)


@connected
def whatif(
    fabric: Fabric,
    amendment: Annotated[Path, typer.Argument(help="The amendment's JSON file; docs/billing.md, Amendments.")],
    json_: Json = False,
) -> None:
    """What an amendment would do to open work, invoices, schedules, backlog and caps. Writes nothing."""
    paper = read_amendment(amendment)
    foresight.effect(fabric().ask(f"/contracts/{quote(paper['contract_id'], safe='')}/what-if", paper), json_)


@connected
def amend(
    fabric: Fabric,
    amendment: Annotated[Path, typer.Argument(help="The amendment's JSON file; docs/billing.md, Amendments.")],
    by: Annotated[str, typer.Option(help="Who brings it; kept with it.")],
    approver: Annotated[str, typer.Option(help="Who approved it: somebody else.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="As whatif, by the function that would write.")] = False,
    json_: Json = False,
) -> None:
    """Applies a signed amendment, once: the contract changes, open work follows, billed work gets a plan for review."""
    paper = read_amendment(amendment)
    payload = {"amendment": paper, "by": by, "approver": approver, "dry_run": dry_run}
    foresight.amended(fabric().act("amend-contract", payload), json_)


@connected
def credit(
    fabric: Fabric,
    invoice: Annotated[str, typer.Argument(help="Our id, the ERP's id or its number.")],
    reason: Annotated[str, typer.Option(help="Why; printed on the memo.")],
    line: Annotated[str | None, typer.Option(help="One line of it; else all.")] = None,
    amount: Annotated[str | None, typer.Option(help="So much of it, net of tax.")] = None,
    percent: Annotated[str | None, typer.Option(help="So much of what was invoiced.")] = None,
    by: OptionalBy = None,
    rebill: Annotated[bool, typer.Option("--rebill", help="The work is billed again. So it is unless told.")] = False,
    concession: Annotated[bool, typer.Option("--concession", help="The work is written off.")] = False,
    price: Annotated[str | None, typer.Option(help="Rebill the line at this unit price.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Rebill the line with this quantity, in its unit.")] = None,
    request: Annotated[str | None, typer.Option(help="Name of this request; the same is credited once.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Shows lines and totals, writes nothing.")] = False,
    json_: Json = False,
) -> None:
    """Credits a posted invoice, a line of it or a part; the memo goes to the ERP as invoices do."""
    asked = crediting.request_of(
        invoice,
        line=line,
        amount=amount,
        percent=percent,
        price=price,
        quantity=quantity,
        reason=reason,
        rebill=rebill,
        concession=concession,
        request=request,
        dry_run=dry_run,
    )
    crediting.credit(fabric(), asked, by, json_)
