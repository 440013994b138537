"""`billweave connector new`: the skeleton of a connector, its simulator, its registration and its place in the kit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

TOP = Path(__file__).resolve().parent.parent
SKELETON = Path(__file__).resolve().parent / "skeleton"
EXAMPLE = "ledgerly"
app = typer.Typer(no_args_is_help=True, help="Connectors to systems: docs/adding-a-connector.md.")


class Role(StrEnum):
    CRM = "crm"
    PSA = "psa"
    ERP = "erp"


CODES = {
    Role.ERP: {},
    Role.PSA: {
        "erp_unexpected_error": "psa_unavailable",
        "erp_rows_unreadable": "psa_answer_unreadable",
        "erp_": "psa_",
    },
    Role.CRM: {
        "erp_unexpected_error": "crm_unavailable",
        "erp_request_invalid": "crm_body_malformed",
        "erp_busy": "crm_limit_reached",
        "erp_": "crm_",
    },
}
"""The skeleton is written for an ERP; other roles have their own words for the same refusals."""

FEEDS = {
    Role.ERP: ("payments",),
    Role.PSA: ("time_entries", "expenses", "milestones", "projects", "rate_cards"),
    Role.CRM: ("opportunities",),
}


@app.callback()
def group() -> None:
    """Keeps `new` a command of its own."""


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Of the folder: lower case, digits, underscores.")],
    role: Annotated[Role, typer.Option(help="What the system is to the fabric.")],
    into: Annotated[
        Path, typer.Option(help="The top of the tree that it is written to.", show_default="this one")
    ] = TOP,
) -> None:
    """Writes a connector that talks to a simulator of its own, and holds it to the conformance kit."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise typer.BadParameter(f"{name!r}: lower-case words, digits and single underscores", param_hint="name")
    files = dict(skeleton(name, role))
    if there := [str(path) for path in files if (into / path).exists()]:
        raise typer.BadParameter(f"already there: {', '.join(there)}", param_hint="name")
    for path, text in files.items():
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_text(text)
        typer.echo(f"wrote {path}")
    typer.echo(
        f"next: docs/adding-a-connector.md; `pytest tests/conformance/test_without_vendor.py -k {name}` passes now"
    )


def skeleton(name: str, role: Role) -> Iterator[tuple[Path, str]]:
    """Every file of it, by its place in the tree."""
    connector, simulator = Path("functions/connectors") / name, Path("sandbox") / name
    places = {"connector": connector, role.value: connector, "simulator": simulator}
    yield connector / "__init__.py", ""
    yield simulator / "__init__.py", ""
    for part, place in places.items():
        for template in sorted((SKELETON / part).glob("*.txt")):
            yield place / template.stem, filled(template, name, role)
    yield Path(f"tests/conformance/{name}.py"), filled(SKELETON / "kit/conformance.py.txt", name, role)
    yield Path(f"docs/connectors/{name}.md"), filled(SKELETON / "notes/connector.md.txt", name, role)
    yield Path(f"docs/simulators/{name}.md"), filled(SKELETON / "notes/simulator.md.txt", name, role)


def filled(template: Path, name: str, role: Role) -> str:
    feeds = ", ".join(f'"{feed}"' for feed in FEEDS[role])
    words = {"(FEED_NAMES)": f"({feeds},)" if len(FEEDS[role]) == 1 else f"({feeds})", "ROLE": role.value}
    words |= CODES[role]
    words |= {EXAMPLE.upper(): name.upper(), EXAMPLE.capitalize(): camel(name), EXAMPLE: name}
    text = template.read_text()
    for word, said in words.items():
        text = text.replace(word, said)
    return text


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
