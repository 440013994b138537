"""What a fresh org already has: itself, its users, stages, currencies and the standard price book."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.salesforce.identity import MY_DOMAIN, Identity
from sandbox.salesforce.org import Actor, Org

# name, probability, closed, won, forecast category
_STAGES: tuple[tuple[str, int, bool, bool, str], ...] = (
    ("Prospecting", 10, False, False, "Pipeline"),
    ("Qualification", 10, False, False, "Pipeline"),
    ("Needs Analysis", 20, False, False, "Pipeline"),
    ("Value Proposition", 50, False, False, "Pipeline"),
    ("Id. Decision Makers", 60, False, False, "Pipeline"),
    ("Perception Analysis", 70, False, False, "Pipeline"),
    ("Proposal/Price Quote", 75, False, False, "Pipeline"),
    ("Negotiation/Review", 90, False, False, "Pipeline"),
    ("Closed Won", 100, True, True, "Closed"),
    ("Closed Lost", 0, True, False, "Omitted"),
)
_CURRENCIES: tuple[tuple[str, str], ...] = (
    ("USD", "1"),
    ("EUR", "0.92"),
    ("GBP", "0.79"),
    ("CHF", "0.88"),
    ("JPY", "149.5"),
)


def seed(org: Org, identity: Identity) -> None:
    """Does nothing when the org has its Organization row."""
    if org.tables["Organization"].rows:
        return
    first = Actor(user_id="")
    with org.transaction(first):
        users = [org.new_id("005") for _ in identity.people]
        for user_id, person in zip(users, identity.people, strict=True):
            name = {"FirstName": person.first, "LastName": person.last, "Name": f"{person.first} {person.last}"}
            rest = {"Username": person.username, "Email": person.username, "IsActive": True, "UserType": "Standard"}
            plant(org, "User", name | rest | {"Id": user_id, "Alias": person.last[:5].lower()}, users[1])
        _organization(org, identity, users[1])
        for order, (name_, chance, closed, won, category) in enumerate(_STAGES, 1):
            stage_row(org, users[1], name_, chance, closed, won, category, order)
        for code, rate in _CURRENCIES:
            row = {"IsoCode": code, "ConversionRate": Decimal(rate), "DecimalPlaces": 2, "IsActive": True}
            plant(org, "CurrencyType", row | {"IsCorporate": code == org.settings.default_currency}, users[1])
        book = {"Name": "Standard Price Book", "IsActive": True, "IsStandard": True}
        plant(org, "Pricebook2", book, users[1])


def _organization(org: Org, identity: Identity, user_id: str) -> None:
    row = {
        "Id": identity.org_id,
        "Name": MY_DOMAIN.capitalize(),
        "OrganizationType": "Enterprise Edition",
        "InstanceName": "DEU42",
        "IsSandbox": False,
        "TimeZoneSidKey": "GMT",
        "LanguageLocaleKey": "en_US",
        "DefaultLocaleSidKey": "en_US",
        "FiscalYearStartMonth": 1,
    }
    plant(org, "Organization", row, user_id)


def stage_row(
    org: Org, user_id: str, name: str, probability: int, closed: bool, won: bool, category: str, order: int
) -> None:
    row = {
        "MasterLabel": name,
        "ApiName": name,
        "IsActive": True,
        "SortOrder": order,
        "IsClosed": closed,
        "IsWon": won,
        "ForecastCategory": category,
        "ForecastCategoryName": category,
        "DefaultProbability": Decimal(probability),
    }
    plant(org, "OpportunityStage", row, user_id)


def plant(org: Org, name: str, values: dict[str, Any], user_id: str) -> str:
    """A row put past the rules of the API, for what no API can create. Inside a transaction; returns its id."""
    sobject, now = org.schema.objects[name], org.open_transaction().now
    row: dict[str, Any] = {one.name: False if one.type == "boolean" else None for one in sobject.fields.values()}
    row |= {"CreatedDate": now, "LastModifiedDate": now, "SystemModstamp": now}
    row |= {"CreatedById": user_id, "LastModifiedById": user_id} | values
    row["Id"] = row["Id"] or org.new_id(sobject.prefix)
    org.write(name, row)
    return str(row["Id"])
