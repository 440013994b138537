"""Currencies of no, three and four decimals."""

CHAPTER = "Arithmetic"
TITLE = "Currencies of no, three and four decimals"
RULE = """
Every amount has the decimals of its currency by ISO 4217: the yen none, the Kuwaiti dinar three, the Chilean unidad de
fomento four, most others two. Line net and tax are rounded there, half away from zero. Electronic invoices by EN 16931
have at most two decimals: a dinar invoice is refused there, never cut.
"""
COLUMNS = {
    "currency": "currency",
    "quantity": "quantity",
    "unit_price": "price",
    "rate": "rate, %",
    "net": "net",
    "tax": "tax",
    "gross": "gross",
    "why": "why",
}
ROWS = [
    {
        "currency": "JPY",
        "quantity": "7.25",
        "unit_price": "9999",
        "rate": "10",
        "net": "72493",
        "tax": "7249",
        "gross": "79742",
        "why": "72492.75; tax 7249.3",
    },
    {
        "currency": "JPY",
        "quantity": "1",
        "unit_price": "1235",
        "rate": "10",
        "net": "1235",
        "tax": "124",
        "gross": "1359",
        "why": "tax 123.5",
    },
    {
        "currency": "KWD",
        "quantity": "3",
        "unit_price": "12.3456",
        "rate": "5",
        "net": "37.037",
        "tax": "1.852",
        "gross": "38.889",
        "why": "37.0368; tax 1.85185",
    },
    {
        "currency": "KWD",
        "quantity": "0.5",
        "unit_price": "0.001",
        "rate": "5",
        "net": "0.001",
        "tax": "0.000",
        "gross": "0.001",
        "why": "half a fils is one; its tax is none",
    },
    {
        "currency": "CLF",
        "quantity": "2.5",
        "unit_price": "37.12345",
        "rate": "19",
        "net": "92.8086",
        "tax": "17.6336",
        "gross": "110.4422",
        "why": "92.808625; tax 17.633634",
    },
    {
        "currency": "EUR",
        "quantity": "7.25",
        "unit_price": "142.50",
        "rate": "19",
        "net": "1033.13",
        "tax": "196.29",
        "gross": "1229.42",
        "why": "tax 196.2947",
    },
    {
        "currency": "EUR",
        "quantity": "-7.25",
        "unit_price": "142.50",
        "rate": "19",
        "net": "-1033.13",
        "tax": "-196.29",
        "gross": "-1229.42",
        "why": "and its credit",
    },
]
