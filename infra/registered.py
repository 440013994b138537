"""The connectors of this tree, by their connector.yaml; a file that cannot be used is refused with the place in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from infra.registration import Registration, Role

DIRECTORY = Path(__file__).resolve().parent.parent / "functions/connectors"
FILE = "connector.yaml"
FLOW = ("crm", "psa", "erp")


class RegistrationError(Exception):
    """A connector.yaml that cannot be used; the message names the file, the place in it and what is wrong there."""


def read(path: Path) -> Registration:
    """One file. Raises RegistrationError."""
    where = f"{path.parent.name}/{path.name}"
    try:
        parsed = yaml.safe_load(path.read_text())
        found = Registration.model_validate({"system": path.parent.name, **parsed})
    except yaml.YAMLError as error:
        raise RegistrationError(f"{where}: no YAML: {error}") from error
    except TypeError:
        raise RegistrationError(f"{where}: must be a mapping of names to values") from None
    except ValidationError as error:
        raise RegistrationError("\n".join(_said(where, error))) from error
    if found.system != path.parent.name:
        raise RegistrationError(f"{where}: system: is {found.system!r} in the folder {path.parent.name!r}")
    return found


def _said(where: str, error: ValidationError) -> Iterator[str]:
    for each in error.errors():
        place = ".".join(str(part) for part in each["loc"])
        yield f"{where}: {place + ': ' if place else ''}{each['msg'].removeprefix('Value error, ')}"


def read_all(directory: Path = DIRECTORY) -> dict[str, Registration]:
    """By system: roles in the order of the flow (crm, psa, erp), each by name. Raises RegistrationError."""
    found = [read(path) for path in sorted(directory.glob(f"*/{FILE}"))]
    return {each.system: each for each in sorted(found, key=lambda each: (FLOW.index(each.role), each.system))}


@cache
def registered() -> Mapping[str, Registration]:
    """Of this tree."""
    return read_all()


def systems_of(role: Role, among: Mapping[str, Registration] | None = None) -> list[str]:
    return [name for name, each in (among or registered()).items() if each.role == role]
