"""Commands that answer: which invoices there are, where a cent comes from, what happened to a thing, whether it all adds up."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

import typer

from cli import reading
from cli.options import Fabric, Json, connected


class AuditOf(StrEnum):
    WIP = "wip"
    VERIFY = "verify"


_AUDITS = {AuditOf.WIP: ("/audit", reading.audit), AuditOf.VERIFY: ("/audit-log", reading.audit_log)}


@connected
def invoices(
    fabric: Fabric,
    legal_entity: Annotated[str | None, typer.Option("--legal-entity")] = None,
    invoice_status: Annotated[str | None, typer.Option("--status")] = None,
    json_: Json = False,
) -> None:
    """Every invoice with its amounts and state."""
    found = fabric().read("/invoices", legal_entity=legal_entity, status=invoice_status)
    reading.invoices(found, json_)


@connected
def explain(
    fabric: Fabric,
    invoice: Annotated[str, typer.Argument(help="Our id, the ERP's id or its number.")],
    line: Annotated[str | None, typer.Argument(help="One line of it.")] = None,
    json_: Json = False,
) -> None:
    """Where every cent of an invoice comes from."""
    reading.explain(
        fabric().read(f"/invoices/{quote(invoice, safe='')}/explain", line=line),
        json_,
    )


@connected
def trace(
    fabric: Fabric,
    any_id: Annotated[
        str,
        typer.Argument(
            help="Any id of any system: deal, project, time entry, invoice number; system:kind:id where several have it."
        ),
    ],
    json_: Json = False,
) -> None:
    """The timeline of a thing."""
    reading.trace(fabric().read(f"/trace/{quote(any_id, safe='')}"), json_)


@connected
def audit(
    fabric: Fabric,
    what: Annotated[AuditOf, typer.Argument(help="The money, or `verify`: the audit log instead.")] = AuditOf.WIP,
    legal_entity: Annotated[str | None, typer.Option("--legal-entity")] = None,
    json_: Json = False,
) -> None:
    """Approved = open + claimed + invoiced - credited + written off, on live data. `verify`: no entry of the audit log is changed,
    missing or reordered. Ends 1 if it does not hold."""
    path, shown = _AUDITS[what]
    found = fabric().read(path, legal_entity=legal_entity)
    shown(found, json_)
    raise typer.Exit(0 if found["holds"] else 1)
