"""`billweave`: runs the local estate, bills, and answers what happened to any invoice, entry or deal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli import estate, foresight, reading
from cli.amendment_file import AmendmentUnreadable, read_amendment
from cli.connection import Connection, ConnectionFailed, of_deployment, of_estate
from cli.settle import NotSettled
from cli.show import as_json, console

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
exceptions_app = typer.Typer(no_args_is_help=True, help="What stopped, whose it is, and deciding about it.")
app.add_typer(exceptions_app, name="exceptions")

Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
StateDir = Annotated[Path, typer.Option("--state-dir", envvar="BILLWEAVE_STATE_DIR", help="Of the local estate.")]
Deployment = Annotated[
    str | None, typer.Option("--deployment", envvar="BILLWEAVE_DEPLOYMENT_NAME", help="On AWS instead of local.")
]
Profile = Annotated[str | None, typer.Option("--profile", envvar="AWS_PROFILE", help="AWS profile, with --deployment.")]
Region = Annotated[str | None, typer.Option("--region", envvar="AWS_REGION", help="AWS region, with --deployment.")]
HERE = Path(".billweave")


def connect(state_dir: Path, deployment: str | None, profile: str | None, region: str | None) -> Connection:
    return of_deployment(deployment, profile, region) if deployment else of_estate(state_dir)


@app.command()
def up(state_dir: StateDir = HERE, fresh: Annotated[bool, typer.Option(help="Vendors start empty.")] = False) -> None:
    """Starts the local estate and leaves it running."""
    estate.up(state_dir, fresh=fresh)


@app.command()
def down(state_dir: StateDir = HERE) -> None:
    """Stops the local estate; the vendors keep their records."""
    estate.down(state_dir)


@app.command()
def demo(
    state_dir: StateDir = HERE,
    seed: Annotated[int, typer.Option(help="Of the firm: the same seed is the same month.")] = 1,
    keep: Annotated[bool, typer.Option(help="Leave the estate running afterwards.")] = False,
    json_: Json = False,
) -> None:
    """Plays a firm's month on the local estate, from signed deal to payment, and reports it."""
    from cli.demo import play

    raise typer.Exit(play(state_dir, seed=seed, keep=keep, json_=json_))


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
    through: Annotated[str, typer.Option("--through", help="Work on or before this date, YYYY-MM-DD.")],
    run: Annotated[str | None, typer.Option(help="Name of this run; the same name starts once.")] = None,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Starts a billing run: drafts, claims, seals and posts what is due."""
    reading.bill(connect(state_dir, deployment, profile, region), legal_entity, through, run, json_)


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
    legal_entity: Annotated[str | None, typer.Option("--legal-entity")] = None,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Approved = open + claimed + invoiced - credited + written off, on live data. Ends 1 if it does not hold."""
    found = connect(state_dir, deployment, profile, region).read("/audit", legal_entity=legal_entity)
    reading.audit(found, json_)
    raise typer.Exit(0 if found["holds"] else 1)


@exceptions_app.command("list")
def exceptions_list(
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Open exceptions, oldest first."""
    wanted = None if everything else "open"
    reading.exceptions(connect(state_dir, deployment, profile, region).read("/exceptions", status=wanted), json_)


@exceptions_app.command("show")
def exceptions_show(
    exception_id: str,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """One exception whole."""
    reading.exception(connect(state_dir, deployment, profile, region), exception_id, json_)


@exceptions_app.command("act")
def exceptions_act(
    exception_id: str,
    action: Annotated[str, typer.Argument(help="One of its allowed actions, such as retry.")],
    by: Annotated[str, typer.Option(help="Who decides; kept with the record.")],
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Decides; the saga that waits goes on with the decision."""
    connection = connect(state_dir, deployment, profile, region)
    done = connection.act("act-on-exception", {"exception_id": exception_id, "action": action, "by": by})
    as_json(done) if json_ else console().print(f"{done['status']}: {done['resolution']}")


@app.command()
def redrive(
    queue: Annotated[str, typer.Argument(help="Whose dead letters, such as netsuite-posting.")],
    most: Annotated[int, typer.Option(help="At most so many now.")] = 500,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell how many wait.")] = False,
    json_: Json = False,
    state_dir: StateDir = HERE,
    deployment: Deployment = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Gives a queue its dead letters back, once what stopped them is repaired."""
    connection = connect(state_dir, deployment, profile, region)
    done = connection.act("redrive", {"queue": queue, "most": most, "dry_run": dry_run})
    as_json(done) if json_ else console().print(f"{done['redriven']} given back to {queue}, {done['waiting']} wait")


def run() -> None:
    """The entry point: what goes wrong in the world is one line on stderr and exit 2, not a traceback."""
    try:
        app()
    except AmendmentUnreadable as exc:
        for fault in exc.faults:
            typer.echo(f"billweave: {exc.file}: {fault}", err=True)
        raise SystemExit(2) from None
    except (ConnectionFailed, NotSettled, estate.EstateError) as exc:
        typer.echo(f"billweave: {exc}", err=True)
        raise SystemExit(2) from None
