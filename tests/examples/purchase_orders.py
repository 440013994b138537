"""Which purchase order pays for what; run by tests/unit/shared/usecases/test_purchase_orders.py."""

TITLE = "Purchase orders"

RULE = """
Work goes, oldest day first, on the first purchase order, by expiry, that is valid on its day and has room for the whole of
it. Room is the limit less what earlier invoices drew. What no order has room for is held whole: nothing is billed above a
limit, nothing is dropped. A smaller piece behind it may still fit. Work done after every order's last day is held as expired.
"""

COLUMNS = ("case", "orders", "drawn", "work", "placed")
"""orders: number limit last_day; "-" is none. drawn: number amount. work: id day amount. placed: id order, or the reason."""

ROWS = (
    {
        "case": "room for all",
        "orders": "A 1000.00 -",
        "drawn": "",
        "work": "w1 2026-10-01 600.00; w2 2026-10-02 400.00",
        "placed": "w1 A; w2 A",
    },
    {
        "case": "one cent too much waits whole",
        "orders": "A 1000.00 -",
        "drawn": "",
        "work": "w1 2026-10-01 600.00; w2 2026-10-02 400.01",
        "placed": "w1 A; w2 purchase_order_exceeded",
    },
    {
        "case": "earlier invoices count",
        "orders": "A 1000.00 -",
        "drawn": "A 950.00",
        "work": "w1 2026-10-01 50.00; w2 2026-10-02 0.01",
        "placed": "w1 A; w2 purchase_order_exceeded",
    },
    {
        "case": "a smaller piece behind still fits",
        "orders": "A 1000.00 -",
        "drawn": "A 900.00",
        "work": "w1 2026-10-01 150.00; w2 2026-10-02 100.00",
        "placed": "w1 purchase_order_exceeded; w2 A",
    },
    {
        "case": "the order that expires first is used first",
        "orders": "B - -; A 500.00 2026-10-15",
        "drawn": "",
        "work": "w1 2026-10-01 400.00; w2 2026-10-02 200.00; w3 2026-10-03 100.00",
        "placed": "w1 A; w2 B; w3 A",
    },
    {
        "case": "the last day is inside, the next is not",
        "orders": "A 1000.00 2026-10-15",
        "drawn": "",
        "work": "w1 2026-10-15 100.00; w2 2026-10-16 100.00",
        "placed": "w1 A; w2 purchase_order_expired",
    },
    {
        "case": "after the first order ran out the second pays",
        "orders": "A 1000.00 2026-10-15; B 1000.00 2026-12-31",
        "drawn": "",
        "work": "w1 2026-10-15 100.00; w2 2026-10-16 100.00",
        "placed": "w1 A; w2 B",
    },
    {
        "case": "a correction downwards always fits",
        "orders": "A 1000.00 -",
        "drawn": "A 1000.00",
        "work": "w1 2026-10-01 -150.00; w2 2026-10-02 150.00",
        "placed": "w1 A; w2 A",
    },
    {
        "case": "no order at all",
        "orders": "",
        "drawn": "",
        "work": "w1 2026-10-01 100.00",
        "placed": "w1 none",
    },
)
