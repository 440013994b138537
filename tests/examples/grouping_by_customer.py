"""Several contracts of one customer on one invoice; run by tests/unit/functions/processes/time_to_bill/test_billed_together.py."""

TITLE = "Contracts of one customer on one invoice"

RULE = """
Contracts that are invoiced by customer stand on one invoice where they share legal entity, customer, currency, billing
schedule, days to pay and ship-to; each purchase order has its own invoices in any case. Every clause stays its contract's
own: a discount, a cap or a retainer of one never touches work of the other, a hold on one leaves the other billed, and
what one takes back is set off against what the other brings. An hour costs 150.00 USD; North was signed first, South has
the terms that the row names, and a run is made after March.
"""

COLUMNS = ("case", "terms of South", "North", "South", "invoices")
"""North, South: minutes approved; "held": billing is held. invoices: what of each is North's and South's, net; "|" parts
invoices."""

ROWS = tuple(
    dict(zip(COLUMNS, row, strict=True))
    for row in (
        ("both have work", "as North's", "60", "120", "North 150.00 + South 300.00 = 450.00"),
        ("one has none", "as North's", "60", "0", "North 150.00 = 150.00"),
        ("one is held", "as North's", "60 held", "120", "South 300.00 = 300.00"),
        ("other days to pay", "14 days", "60", "120", "North 150.00 = 150.00 | South 300.00 = 300.00"),
        ("other schedule", "semi_monthly", "60", "120", "North 150.00 = 150.00 | South 300.00 = 300.00"),
        ("by contract", "grouping contract", "60", "120", "North 150.00 = 150.00 | South 300.00 = 300.00"),
        ("a discount of one", "10 % discount", "60", "120", "North 150.00 + South 270.00 = 420.00"),
        ("a cap of one", "cap 200.00", "60", "120", "North 150.00 + South 200.00 = 350.00"),
        ("a minimum of one", "minimum 500.00", "60", "120", "North 150.00 + South 500.00 = 650.00"),
        ("two orders", "order PO-8", "60", "120", "North 150.00 = 150.00 | South 300.00 = 300.00"),
    )
)
