"""Time, lines, tax and totals in currencies with 0, 2 and 3 decimals."""

CHAPTER = "Currency"
TITLE = "Currencies without decimals, with two and with three"
RULE = """
Every amount is rounded to the smallest unit of its currency: none of the yen's is smaller than 1, the euro has two decimals,
the Kuwaiti dinar three. Each line is minutes / 60 x the rate per hour, rounded once, half away from zero. Tax is computed
on the sum of the lines and rounded to the same unit, never summed from lines.
"""
COLUMNS = {
    "currency": "currency",
    "rate": "rate per hour",
    "minutes": "minutes of each line",
    "lines": "lines",
    "net": "net",
    "tax_rate": "tax %",
    "tax": "tax",
    "gross": "gross",
    "why": "why",
}
ROWS = [
    {
        "currency": "JPY",
        "rate": "15000",
        "minutes": "50, 100",
        "lines": "12500, 25000",
        "net": "37500",
        "tax_rate": "10",
        "tax": "3750",
        "gross": "41250",
        "why": "nothing to round",
    },
    {
        "currency": "JPY",
        "rate": "14999",
        "minutes": "50, 7",
        "lines": "12499, 1750",
        "net": "14249",
        "tax_rate": "10",
        "tax": "1425",
        "gross": "15674",
        "why": "12499.16.. and 1749.88..; tax 1424.9",
    },
    {
        "currency": "JPY",
        "rate": "300",
        "minutes": "1, 1, 1",
        "lines": "5, 5, 5",
        "net": "15",
        "tax_rate": "10",
        "tax": "2",
        "gross": "17",
        "why": "1.5 rounds away from zero; by line it would be 1 + 1 + 1 = 3",
    },
    {
        "currency": "EUR",
        "rate": "142.50",
        "minutes": "435, 50",
        "lines": "1033.13, 118.75",
        "net": "1151.88",
        "tax_rate": "19",
        "tax": "218.86",
        "gross": "1370.74",
        "why": "1033.125 rounds away from zero; tax 218.8572",
    },
    {
        "currency": "KWD",
        "rate": "45.250",
        "minutes": "50, 20",
        "lines": "37.708, 15.083",
        "net": "52.791",
        "tax_rate": "5",
        "tax": "2.640",
        "gross": "55.431",
        "why": "37.7083.. and 15.0833..; tax 2.63955",
    },
    {
        "currency": "KWD",
        "rate": "0.030",
        "minutes": "1, 1, 1",
        "lines": "0.001, 0.001, 0.001",
        "net": "0.003",
        "tax_rate": "5",
        "tax": "0.000",
        "gross": "0.003",
        "why": "0.0005 rounds away from zero; tax 0.00015 to nothing",
    },
]
