"""`billweave invoice`: the arithmetic of invoices alone, ours or others'; only `ubl` needs a deployment."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import quote

import typer

from cli.options import Fabric, Json, connected

app = typer.Typer(no_args_is_help=True, help="The arithmetic of invoices: compute, check, write as UBL.")

ToRead = Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")]


@app.command()
def compute(file: ToRead) -> None:
    """Reads one JSON invoice and writes its totals as JSON, after EN 16931. Bad input: exit 2, one line per fault."""
    from shared.einvoice.compute import compute as totals_of
    from shared.einvoice.faulty import Faulty
    from shared.einvoice.read_plain_invoice import read_plain_invoice

    try:
        with uncollected():
            found = totals_of(read_plain_invoice(read(file)))
    except Faulty as exc:
        refuse(exc.faults)
    as_json(found)


@app.command()
def check(file: ToRead, json_: Json = False) -> None:
    """Which rules of EN 16931's arithmetic a UBL 2.1 invoice or credit note breaks. Exit 0 none, 1 some, 2 unreadable.

    A note is no broken rule: a difference that the published validator tolerates, or a Peppol rule in a document that
    is not of Peppol.
    """
    from shared.einvoice.check_ubl import check_ubl
    from shared.einvoice.faulty import Faulty
    from shared.einvoice.read_ubl import read_ubl

    try:
        with uncollected():
            document = read_ubl(read(file))
            findings = check_ubl(document)
    except Faulty as exc:
        refuse(exc.faults)
    broken = [finding for finding in findings if finding.broken]
    if json_:
        rows = [
            {name: getattr(each, name) for name in ("rule", "place", "found", "expected", "words", "broken")}
            for each in findings
        ]
        as_json({"document": document.kind, "currency": document.currency, "clean": not broken, "findings": rows})
    else:
        sys.stdout.write("".join(f"{finding}\n" for finding in findings) or "")
        sys.stdout.write(
            f"{document.kind}: {len(broken)} broken\n" if broken else f"{document.kind}: no rule is broken\n"
        )
    raise typer.Exit(1 if broken else 0)


@app.command()
@connected
def ubl(
    fabric: Fabric,
    invoice: Annotated[str, typer.Argument(help="Our id, the ERP's id or its number; it is posted.")],
) -> None:
    """Writes a posted invoice or credit memo as UBL 2.1, in the shape of Peppol BIS Billing 3.0."""
    from pydantic import TypeAdapter

    from shared.einvoice.issued import Issued
    from shared.einvoice.write_ubl import write_ubl
    from shared.faults import BusinessException

    told = fabric().read(f"/invoices/{quote(invoice, safe='')}/issued")
    try:
        body = write_ubl(TypeAdapter(Issued).validate_python(told))
    except BusinessException as exc:
        refuse([f"{invoice}: {exc.code}: {', '.join(f'{name}={value}' for name, value in exc.facts.items())}"])
    sys.stdout.buffer.write(body)


@contextmanager
def uncollected() -> Iterator[None]:
    """One document without cycles: looking for garbage in it is half the time of 100,000 lines."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def read(file: str) -> bytes:
    """The bytes of a file or of standard input; what cannot be read ends the command."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as exc:
        refuse([f"{file}: {exc.strerror or exc}"])


def refuse(faults: Any) -> NoReturn:
    """One line each on stderr, nothing on stdout, exit 2."""
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    raise typer.Exit(2)


def as_json(found: object) -> None:
    """ASCII, so that a name in any script survives any terminal."""
    import json

    sys.stdout.write(json.dumps(found, indent=1) + "\n")
