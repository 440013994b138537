"""Values that travel in events: amounts are strings in JSON, never numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema


def _exact(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("a binary float is no exact number: send a string")
    return value


def _plain(number: Decimal) -> str:
    """Digits only: 100, never 1E+2, which the schema's pattern refuses and half of all readers misread."""
    return f"{number:f}"


DecimalText = Annotated[
    Decimal,
    BeforeValidator(_exact),
    PlainSerializer(_plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Amount(Value):
    amount: DecimalText
    currency: CurrencyCode


class Ref(Value):
    """The id that one system has for one thing."""

    system: str
    kind: str
    id: str


class PostalAddress(Value):
    street: str = ""
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = Field(description="ISO 3166-1 alpha-2", min_length=2, max_length=2)


class Party(Value):
    """A customer as the CRM knows it."""

    customer_id: str
    ref: Ref
    name: str
    address: PostalAddress
    tax_number: str | None = None
    currency: CurrencyCode


class Person(Value):
    """Someone who works or approves; `person_id` is canonical."""

    person_id: str
    ref: Ref
    name: str
