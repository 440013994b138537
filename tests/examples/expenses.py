"""Worked examples: expenses."""

CHAPTER = "Contract lines"
TITLE = "Expenses"
RULE = (
    "The first rule that names the category decides, then the one for all others, then at cost. Mark-up is a percent on cost, "
    "rounded once. Per diem is a rate per day instead of cost. Above a limit, the limit is billed and the rest is held for "
    "delivery: never billed silently, never dropped. A refund takes away what the expense would have been billed at."
)
COLUMNS = ("case", "category", "rule", "cost", "value", "billed", "held")
ROWS = (
    {
        "case": "at cost",
        "category": "Hotel",
        "rule": "at_cost",
        "cost": "123.45",
        "value": "123.45",
        "billed": "123.45",
        "held": "0.00",
    },
    {
        "case": "no rule for it",
        "category": "Taxi",
        "rule": "Hotel: at_cost, limit 100.00",
        "cost": "41.10",
        "value": "41.10",
        "billed": "41.10",
        "held": "0.00",
    },
    {
        "case": "with mark-up",
        "category": "Hotel",
        "rule": "mark_up 10",
        "cost": "123.45",
        "value": "135.80",
        "billed": "135.80",
        "held": "0.00",
    },
    {
        "case": "half a cent of mark-up",
        "category": "Hotel",
        "rule": "mark_up 5",
        "cost": "0.10",
        "value": "0.11",
        "billed": "0.11",
        "held": "0.00",
    },
    {
        "case": "per diem instead of cost",
        "category": "Meals",
        "rule": "per_diem 28.00",
        "cost": "61.20",
        "value": "28.00",
        "billed": "28.00",
        "held": "0.00",
    },
    {
        "case": "above the limit",
        "category": "Hotel",
        "rule": "at_cost, limit 100.00",
        "cost": "123.45",
        "value": "123.45",
        "billed": "100.00",
        "held": "23.45",
    },
    {
        "case": "the limit counts after mark-up",
        "category": "Hotel",
        "rule": "mark_up 10, limit 130.00",
        "cost": "123.45",
        "value": "135.80",
        "billed": "130.00",
        "held": "5.80",
    },
    {
        "case": "exactly the limit",
        "category": "Hotel",
        "rule": "at_cost, limit 123.45",
        "cost": "123.45",
        "value": "123.45",
        "billed": "123.45",
        "held": "0.00",
    },
    {
        "case": "a refund with mark-up",
        "category": "Hotel",
        "rule": "mark_up 10",
        "cost": "-123.45",
        "value": "-135.80",
        "billed": "-135.80",
        "held": "0.00",
    },
    {
        "case": "the category's own rule goes first",
        "category": " hotel ",
        "rule": "mark_up 10; Hotel: at_cost",
        "cost": "80.00",
        "value": "80.00",
        "billed": "80.00",
        "held": "0.00",
    },
)
