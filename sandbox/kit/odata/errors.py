"""Why a query was refused; the simulator dresses it in its vendor's error body."""

from __future__ import annotations


class ODataError(Exception):
    """`text`: what a service says of it. `name`: the property or option concerned, when there is one."""

    def __init__(self, text: str, name: str = "") -> None:
        super().__init__(text)
        self.text, self.name = text, name


class SyntaxRefused(ODataError):
    """The option's text cannot be parsed."""


class UnknownName(ODataError):
    """A property, function or query option that does not exist."""


class TypeRefused(ODataError):
    """Operands that do not go together, or a literal out of range."""
