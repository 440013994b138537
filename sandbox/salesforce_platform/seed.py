"""What a fresh org already has: itself, its users, its currencies, and what its packages plant."""

from __future__ import annotations

from decimal import Decimal

from sandbox.salesforce_platform.identity import Identity
from sandbox.salesforce_platform.org import Actor, Org
from sandbox.salesforce_platform.system_writes import plant

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
        for code, rate in _CURRENCIES:
            row = {"IsoCode": code, "ConversionRate": Decimal(rate), "DecimalPlaces": 2, "IsActive": True}
            plant(org, "CurrencyType", row | {"IsCorporate": code == org.settings.default_currency}, users[1])
        for package in org.triggers.packages:
            if package.seed is not None:
                package.seed(org, users[1])


def _organization(org: Org, identity: Identity, user_id: str) -> None:
    row = {
        "Id": identity.org_id,
        "Name": identity.my_domain.capitalize(),
        "OrganizationType": "Enterprise Edition",
        "InstanceName": "DEU42",
        "IsSandbox": False,
        "TimeZoneSidKey": "GMT",
        "LanguageLocaleKey": "en_US",
        "DefaultLocaleSidKey": "en_US",
        "FiscalYearStartMonth": 1,
    }
    plant(org, "Organization", row, user_id)
