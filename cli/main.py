"""`billweave`: runs the local estate, bills, and answers what happened to any invoice, entry or deal."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli import (
    connector,
    crediting,
    dlq,
    drill,
    estate,
    exceptions,
    foresight,
    fx,
    hold,
    invoice,
    mapping,
    reading,
    replay,
    write_off,
)
from cli.amendment_file import AmendmentUnreadable, read_amendment
from cli.connection import ConnectionFailed
from cli.options import HERE, Crm, Deployment, Erp, Json, Profile, Psa, Region, StateDir, connect
from cli.settle import NotSettled
from cli.show import as_json, console

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(exceptions.app, name="exceptions")
app.add_typer(invoice.app, name="invoice")
fx_app = typer.Typer(no_args_is_help=True, help="Exchange rates, as published by their source.")
app.add_typer(fx_app, name="fx")
period_app = typer.Typer(
    no_args_is_help=True, help="Accounting periods of a legal entity: no invoice is dated into a closed one."
)
app.add_typer(period_app, name="period")
project_app = typer.Typer(no_args_is_help=True, help="What delivery decides about a project.")
app.add_typer(project_app, name="project")

app.add_typer(connector.app, name="connector")
app.add_typer(mapping.app, name="mapping")
app.add_typer(dlq.app, name="dlq")
app.add_typer(hold.app, name="hold")
app.add_typer(write_off.app, name="write-off")
app.command()(drill.drill)


class AuditOf(StrEnum):
    WIP = "wip"
    VERIFY = "verify"


_AUDITS = {AuditOf.WIP: ("/audit", reading.audit), AuditOf.VERIFY: ("/audit-log", reading.audit_log)}


@app.command()
def up(
    state_dir: StateDir = HERE,
    fresh: Annotated[bool, typer.Option(help="Vendors start empty.")] = False,
    crm: Crm = None,
    psa: Psa = None,
    erp: Erp = None,
) -> None:
    """Starts the local estate and leaves it running."""
    estate.up(state_dir, fresh=fresh, asked={"crm": crm, "psa": psa, "erp": erp})


@app.command()
def down(state_dir: StateDir = HERE) -> None:
    """Stops the local estate; the vendors keep their records."""
    estate.down(state_dir)


@app.command()
def demo(
    state_dir: StateDir = HERE,
    seed: Annotated[int, typer.Option(help="Of the firm: the same seed is the same month.")] = 1,
    keep: Annotated[bool, typer.Option(help="Leave the estate running afterwards.")] = False,
    crm: Crm = None,
    psa: Psa = None,
    erp: Erp = None,
    json_: Json = False,
) -> None:
    """Plays a firm's month on the local estate, from signed deal to payment, and reports it."""
    from cli.demo import play

    asked = {"crm": crm, "psa": psa, "erp": erp}
    raise typer.Exit(play(state_dir, asked, seed=seed, keep=keep, json_=json_))


@app.command()
def status(
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """What runs where, and what stands where in it."""
    processes: dict[str, Any] = {} if deployment else estate.status(state_dir)
    if processes and not processes["up"]:
        reading.processes(processes, json_)
        return
    found = connect(state_dir, deployment, profile, region).read("/status")
    if json_:
        as_json({"estate": processes, "status": found})
        return
    reading.processes(processes, json_)
    reading.status(found)


@app.command()
def bill(
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
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Starts a billing run: drafts, claims, seals and posts what is due."""
    asked = {"legal_entity_id": legal_entity, "through": through, "contract_id": contract, "interim": interim}
    reading.bill(connect(state_dir, deployment, profile, region), asked | {"requested_by": by}, run, json_)


@app.command()
def preview(
    contract: Annotated[str, typer.Option("--contract", help="Our id, the deal's or the project's.")],
    through: Annotated[str, typer.Option("--through", help="Work on or before this date, YYYY-MM-DD.")],
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """What a billing run would bill of a contract, line by line, and why the rest would stay. Writes nothing."""
    connection = connect(state_dir, deployment, profile, region)
    path = f"/contracts/{quote(contract, safe='')}/preview"
    foresight.preview(connection.read(path, through=through), json_)


@app.command()
def whatif(
    amendment: Annotated[Path, typer.Argument(help="The amendment's JSON file; docs/billing.md, Amendments.")],
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """What an amendment would do to open work, invoices, schedules, backlog and caps. Writes nothing."""
    paper = read_amendment(amendment)
    connection = connect(state_dir, deployment, profile, region)
    foresight.effect(connection.ask(f"/contracts/{quote(paper['contract_id'], safe='')}/what-if", paper), json_)


@app.command()
def amend(
    amendment: Annotated[Path, typer.Argument(help="The amendment's JSON file; docs/billing.md, Amendments.")],
    by: Annotated[str, typer.Option(help="Who brings it; kept with it.")],
    approver: Annotated[str, typer.Option(help="Who approved it: somebody else.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="As whatif, by the function that would write.")] = False,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Applies a signed amendment, once: the contract changes, open work follows, billed work gets a plan for review."""
    paper = read_amendment(amendment)
    connection = connect(state_dir, deployment, profile, region)
    payload = {"amendment": paper, "by": by, "approver": approver, "dry_run": dry_run}
    foresight.amended(connection.act("amend-contract", payload), json_)


@app.command()
def invoices(
    legal_entity: Annotated[str | None, typer.Option("--legal-entity")] = None,
    invoice_status: Annotated[str | None, typer.Option("--status")] = None,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Every invoice with its amounts and state."""
    found = connect(state_dir, deployment, profile, region).read(
        "/invoices", legal_entity=legal_entity, status=invoice_status
    )
    reading.invoices(found, json_)


@app.command()
def credit(
    invoice: Annotated[str, typer.Argument(help="Our id, the ERP's id or its number.")],
    reason: Annotated[str, typer.Option(help="Why; printed on the memo.")],
    line: Annotated[str | None, typer.Option(help="One line of it; else all.")] = None,
    amount: Annotated[str | None, typer.Option(help="So much of it, net of tax.")] = None,
    percent: Annotated[str | None, typer.Option(help="So much of what was invoiced.")] = None,
    by: Annotated[str | None, typer.Option(help="Who asks; somebody else approves. Else your login.")] = None,
    rebill: Annotated[bool, typer.Option("--rebill", help="The work is billed again. So it is unless told.")] = False,
    concession: Annotated[bool, typer.Option("--concession", help="The work is written off.")] = False,
    price: Annotated[str | None, typer.Option(help="Rebill the line at this unit price.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Rebill the line with this quantity, in its unit.")] = None,
    request: Annotated[str | None, typer.Option(help="Name of this request; the same is credited once.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Shows lines and totals, writes nothing.")] = False,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
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
        by=by,
        rebill=rebill,
        concession=concession,
        request=request,
        dry_run=dry_run,
    )
    crediting.credit(connect(state_dir, deployment, profile, region), asked, json_)


@app.command()
def explain(
    invoice: Annotated[str, typer.Argument(help="Our id, the ERP's id or its number.")],
    line: Annotated[str | None, typer.Argument(help="One line of it.")] = None,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Where every cent of an invoice comes from."""
    reading.explain(
        connect(state_dir, deployment, profile, region).read(f"/invoices/{quote(invoice, safe='')}/explain", line=line),
        json_,
    )


@app.command()
def trace(
    any_id: Annotated[str, typer.Argument(help="Any id of any system: deal, project, time entry, invoice number.")],
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """The timeline of a thing."""
    reading.trace(connect(state_dir, deployment, profile, region).read(f"/trace/{quote(any_id, safe='')}"), json_)


@app.command()
def audit(
    what: Annotated[AuditOf, typer.Argument(help="The money, or `verify`: the audit log instead.")] = AuditOf.WIP,
    legal_entity: Annotated[str | None, typer.Option("--legal-entity")] = None,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Approved = open + claimed + invoiced - credited + written off, on live data. `verify`: no entry of the audit log is changed,
    missing or reordered. Ends 1 if it does not hold."""
    path, shown = _AUDITS[what]
    found = connect(state_dir, deployment, profile, region).read(path, legal_entity=legal_entity)
    shown(found, json_)
    raise typer.Exit(0 if found["holds"] else 1)


@fx_app.command("load")
def fx_load(
    file: Annotated[Path, typer.Argument(help="Of the ECB: eurofxref csv, xml, or its zip.")],
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Loads published rates. A day that is there stays; one whose rate differs is refused."""
    fx.load(connect(state_dir, deployment, profile, region), file, json_)


@fx_app.command("rate")
def fx_rate(
    currency: Annotated[str, typer.Option("--from", help="Currency, three letters.")],
    to: Annotated[str, typer.Option("--to", help="Currency, three letters.")],
    on: Annotated[str, typer.Option("--on", help="The day, YYYY-MM-DD.")],
    amount: Annotated[str, typer.Option(help="How much to convert.")] = "1",
    use: Annotated[str, typer.Option(help="Whose rule: book or rate_card.")] = "book",
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """The rate that finance's rule gives for a day, and what an amount is by it."""
    asked = {"from_currency": currency, "to_currency": to, "on": on, "use": use, "amount": amount}
    fx.rate(connect(state_dir, deployment, profile, region), asked, json_)


def _period(
    action: str,
    month: str | None,
    by: str | None,
    legal_entity: str,
    json_: bool,
    state_dir: Path,
    deployment: str | None,
    profile: str | None,
    region: str | None,
) -> None:
    asked = {"action": action, "legal_entity_id": legal_entity, "month": month, "by": by}
    reading.periods(connect(state_dir, deployment, profile, region).act("accounting-period", asked), json_)


LegalEntity = Annotated[str, typer.Option("--legal-entity", help="Whose books.")]
Month = Annotated[str, typer.Argument(help="The calendar month, YYYY-MM.")]
By = Annotated[str, typer.Option(help="Who decides; kept with the record.")]


@period_app.command("close")
def period_close(
    month: Month,
    legal_entity: LegalEntity,
    by: By,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Closes a month that is over: what comes late is billed in the next open one."""
    _period("close", month, by, legal_entity, json_, state_dir, deployment, profile, region)


@period_app.command("open")
def period_open(
    month: Month,
    legal_entity: LegalEntity,
    by: By,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Opens a closed month again."""
    _period("open", month, by, legal_entity, json_, state_dir, deployment, profile, region)


@period_app.command("list")
def period_list(
    legal_entity: LegalEntity,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Closed months, who closed them, and every change before."""
    _period("list", None, None, legal_entity, json_, state_dir, deployment, profile, region)


@project_app.command("close")
def project_close(
    project: Annotated[str, typer.Argument(help="Our id of it.")],
    by: By,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Delivery is done: what is billed on completion is due once all projects of the contract are closed."""
    done = connect(state_dir, deployment, profile, region).act("close-project", {"project_id": project, "by": by})
    as_json(done) if json_ else console().print(f"{done['project_id']}: {done['status']} by {done['by']}")


app.command("redrive")(dlq.redrive)
app.command("replay")(replay.replay)


def run() -> None:
    """The entry point: what goes wrong in the world is one line on stderr and exit 2, not a traceback."""
    try:
        app()
    except AmendmentUnreadable as exc:
        for fault in exc.faults:
            typer.echo(f"billweave: {exc.file}: {fault}", err=True)
        raise SystemExit(2) from None
    except (ConnectionFailed, NotSettled, estate.trouble()) as exc:
        typer.echo(f"billweave: {exc}", err=True)
        raise SystemExit(2) from None
