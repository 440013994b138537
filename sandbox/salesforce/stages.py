"""What a fresh org with the sales package has: opportunity stages and the standard price book."""

from __future__ import annotations

from decimal import Decimal

from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.system_writes import plant

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


def plant_sales(org: Org, user_id: str) -> None:
    for order, (name, chance, closed, won, category) in enumerate(_STAGES, 1):
        stage_row(org, user_id, name, chance, closed, won, category, order)
    plant(org, "Pricebook2", {"Name": "Standard Price Book", "IsActive": True, "IsStandard": True}, user_id)


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
