from decimal import Decimal

import pytest

from shared.domain.money import Money
from tests.examples import splitting_amounts


@pytest.mark.parametrize("row", splitting_amounts.ROWS, ids=lambda row: f"{row['amount']} {row['currency']}")
def test_an_amount_splits_as_the_table_says(row: dict[str, str]) -> None:
    whole = Money(Decimal(row["amount"]), row["currency"])
    parts = whole.split([Decimal(weight) for weight in row["weights"].split(", ")])
    assert ", ".join(str(part.amount) for part in parts) == row["parts"]
    assert sum(parts, Money.zero(whole.currency)) == whole
