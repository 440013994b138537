"""What stands on one invoice together; run by tests/unit/shared/usecases/test_grouping.py."""

TITLE = "What stands on one invoice"

RULE = """
Work of one contract stands on one invoice, or on one per project where the contract says so; expenses stand on invoices of
their own where it says that. Each purchase order has its own invoices in any case. All invoices together sum to the work.
"""

COLUMNS = ("grouping", "expenses", "work", "invoices")
"""work: id project kind amount. invoices: the ids on each with their sum; "|" parts invoices."""

WORK = "w1 north time 150.00; w2 south time 300.00; w3 north expense 80.00; w4 south expense 20.00"

ROWS = tuple(
    dict(zip(COLUMNS, row, strict=True))
    for row in (
        ("contract", "together", WORK, "w1 w2 w3 w4 = 550.00"),
        ("contract", "apart", WORK, "w1 w2 = 450.00 | w3 w4 = 100.00"),
        ("project", "together", WORK, "w1 w3 = 230.00 | w2 w4 = 320.00"),
        ("project", "apart", WORK, "w1 = 150.00 | w3 = 80.00 | w2 = 300.00 | w4 = 20.00"),
        ("customer", "together", WORK, "w1 w2 w3 w4 = 550.00"),
    )
)
