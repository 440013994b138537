"""`billweave`: runs the local estate, bills, and answers what happened to any invoice, entry or deal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import (
    asking,
    billing,
    books,
    connector,
    dlq,
    drill,
    estate,
    exceptions,
    hold,
    invoice,
    mapping,
    options,
    reading,
    replay,
    write_off,
)
from cli.amendment_file import AmendmentUnreadable
from cli.connection import ConnectionFailed
from cli.options import HERE, Crm, Deployment, Erp, Json, Profile, Psa, Region, StateDir
from cli.settle import NotSettled
from cli.show import as_json

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(exceptions.app, name="exceptions")
app.add_typer(invoice.app, name="invoice")
app.add_typer(books.fx_app, name="fx")
app.add_typer(books.period_app, name="period")
app.add_typer(books.project_app, name="project")
app.add_typer(connector.app, name="connector")
app.add_typer(mapping.app, name="mapping")
app.add_typer(dlq.app, name="dlq")
app.add_typer(hold.app, name="hold")
app.add_typer(write_off.app, name="write-off")
app.command()(drill.drill)


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
    found = options.connect(state_dir, deployment, profile, region).read("/status")
    if json_:
        as_json({"estate": processes, "status": found})
        return
    reading.processes(processes, json_)
    reading.status(found)


for command in (
    billing.bill,
    billing.preview,
    billing.whatif,
    billing.amend,
    asking.invoices,
    billing.credit,
    asking.explain,
    asking.trace,
    asking.audit,
    dlq.redrive,
    replay.replay,
):
    app.command()(command)


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
