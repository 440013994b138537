"""Who sells, who buys, who works."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.identity import ExternalRef


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    city: str
    postal_code: str
    region: str
    country: str
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """Issues invoices; has books, a currency, a calendar. From the deployment file, not from a vendor."""

    legal_entity_id: str
    name: str
    country: str
    currency: str
    time_zone: str
    tax_number: str
    address: Address | None = None
    iban: str | None = None
    """Where customers pay to; bic: of that account's bank, where they need it."""
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    customer_id: str
    ref: ExternalRef
    name: str
    address: Address
    tax_number: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A person who works on projects."""

    resource_id: str
    ref: ExternalRef
    name: str
