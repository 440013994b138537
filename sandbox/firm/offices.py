"""The firm's offices with their price lists, and its customers."""

from __future__ import annotations

from decimal import Decimal

from sandbox.firm.shape import ROLES, SPECIALIST, Client, Office

DECIMALS = {"USD": 2, "EUR": 2, "JPY": 0}
"""Of each currency's smallest unit: there is nothing below a yen."""


def _rates(*amounts: str) -> dict[str, Decimal]:
    return dict(zip((*ROLES, SPECIALIST), map(Decimal, amounts), strict=True))


OFFICES = {
    "US": Office("US", "US", "USD", _rates("395", "310", "245.50", "187.25", "142.50", "265"),
                 _rates("410", "322", "255", "195.75", "148", "275")),
    "DE": Office("DE", "DE", "EUR", _rates("340", "275", "212.50", "165.80", "121.90", "230"),
                 _rates("352", "284", "220", "171.30", "126", "238.50")),
    "JP": Office("JP", "JP", "JPY", _rates("52000", "41000", "31500", "24800", "18250", "35000"),
                 _rates("54000", "42500", "32750", "25700", "18900", "36400")),
}  # fmt: skip

CLIENTS = (
    Client("Harbor Freightways Inc", "1200 Dock St", "Seattle", "WA", "98101", "US", "US", "USD", None),
    Client("Cedar Valley Health", "88 Orchard Ave", "Portland", "OR", "97205", "US", "US", "USD", None),
    Client("Bluestone Energy LLC", "410 Canyon Rd", "Denver", "CO", "80202", "US", "US", "USD", None),
    Client("Lakeshore Insurance Group", "77 Wacker Dr", "Chicago", "IL", "60601", "US", "US", "USD", None),
    Client("Prairie Foods Cooperative", "5 Elevator Row", "Omaha", "NE", "68102", "US", "US", "USD", None),
    Client("Atlas Aerospace Corp", "9 Hangar Way", "Wichita", "KS", "67202", "US", "US", "USD", None),
    Client("Maple Transit Ltd", "31 King St W", "Toronto", "ON", "M5H 1J9", "CA", "US", "USD", None),
    Client("Nordhafen Logistik GmbH", "Am Kai 4", "Hamburg", "", "20457", "DE", "DE", "EUR", "DE811569869"),
    Client("Rheintal Chemie AG", "Werkstraße 12", "Ludwigshafen", "", "67059", "DE", "DE", "EUR", "DE136695976"),
    Client("Stadtwerke Auenfeld", "Marktplatz 1", "Auenfeld", "", "09111", "DE", "DE", "EUR", "DE129273398"),
    Client("Lumière Optique SA", "8 rue des Ateliers", "Lyon", "", "69002", "FR", "DE", "EUR", "FR40303265045"),
    Client("Alpenblick Banque AG", "Seestrasse 20", "Zürich", "", "8002", "CH", "DE", "EUR", None),
    Client("Sakura Seimitsu KK", "2-7-1 Marunouchi", "Tokyo", "", "100-0005", "JP", "JP", "JPY", "T4010001008772"),
    Client("Minato Kaiun KK", "1-3-8 Kaigandori", "Kobe", "", "650-0024", "JP", "JP", "JPY", "T6140001012345"),
)
