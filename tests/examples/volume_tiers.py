"""Worked examples: volume tiers."""

CHAPTER = "Contract lines"
TITLE = "Volume tiers"
RULE = (
    "Each percent applies to the part of the volume between the start of its tier and that of the next (marginal). The "
    "volume is the work of the period, or all work to date. An invoice gets the discount of the whole volume, rounded once "
    "half away from zero, less what earlier invoices were given: the sum over the invoices is the discount of the whole, "
    "however the work was spread."
)
TIERS = "0:0; 10000.00:5; 20000.00:10"
COLUMNS = ("case", "tiers", "invoices", "discounts", "sum")
ROWS = (
    {"case": "inside the first tier", "tiers": TIERS, "invoices": "8000.00", "discounts": "0.00", "sum": "0.00"},
    {"case": "on the edge of a tier", "tiers": TIERS, "invoices": "10000.00", "discounts": "0.00", "sum": "0.00"},
    {
        "case": "a cent above, too little for a cent",
        "tiers": TIERS,
        "invoices": "10000.01",
        "discounts": "0.00",
        "sum": "0.00",
    },
    {
        "case": "ten cents above, half a cent rounds up",
        "tiers": TIERS,
        "invoices": "10000.10",
        "discounts": "0.01",
        "sum": "0.01",
    },
    {"case": "in the third tier", "tiers": TIERS, "invoices": "25000.00", "discounts": "1000.00", "sum": "1000.00"},
    {
        "case": "the same on three invoices",
        "tiers": TIERS,
        "invoices": "8000.00; 7000.00; 10000.00",
        "discounts": "0.00; 250.00; 750.00",
        "sum": "1000.00",
    },
    {
        "case": "the same in another order",
        "tiers": TIERS,
        "invoices": "10000.00; 8000.00; 7000.00",
        "discounts": "0.00; 400.00; 600.00",
        "sum": "1000.00",
    },
    {
        "case": "a correction takes discount back",
        "tiers": TIERS,
        "invoices": "25000.00; -10000.00",
        "discounts": "1000.00; -750.00",
        "sum": "250.00",
    },
    {
        "case": "thirds of a cent never add up to one too many",
        "tiers": "0:3.33",
        "invoices": "33.33; 33.33; 33.34",
        "discounts": "1.11; 1.11; 1.11",
        "sum": "3.33",
    },
)
