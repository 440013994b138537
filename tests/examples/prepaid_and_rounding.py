"""What is paid before, and rounding for cash."""

CHAPTER = "Arithmetic"
TITLE = "Prepaid amounts and cash rounding"
RULE = """
Payable is gross less prepaid plus the rounding amount. The rounding amount brings a total to what can be paid in coins
and changes neither net nor tax. It is an input: which total is rounded, and to what, is the practice of the country.
"""
COLUMNS = {
    "currency": "currency",
    "net": "net",
    "rate": "rate, %",
    "tax": "tax",
    "gross": "gross",
    "prepaid": "prepaid",
    "rounding": "rounding",
    "payable": "payable",
    "why": "why",
}
ROWS = [
    {
        "currency": "CHF",
        "net": "99.99",
        "rate": "8.1",
        "tax": "8.10",
        "gross": "108.09",
        "prepaid": "",
        "rounding": "0.01",
        "payable": "108.10",
        "why": "to 0.05",
    },
    {
        "currency": "SEK",
        "net": "1234.50",
        "rate": "25",
        "tax": "308.63",
        "gross": "1543.13",
        "prepaid": "",
        "rounding": "-0.13",
        "payable": "1543.00",
        "why": "to the krona; tax 308.625",
    },
    {
        "currency": "HUF",
        "net": "1002.00",
        "rate": "27",
        "tax": "270.54",
        "gross": "1272.54",
        "prepaid": "",
        "rounding": "2.46",
        "payable": "1275.00",
        "why": "to 5 forint",
    },
    {
        "currency": "EUR",
        "net": "1000.00",
        "rate": "19",
        "tax": "190.00",
        "gross": "1190.00",
        "prepaid": "500.00",
        "rounding": "",
        "payable": "690.00",
        "why": "a deposit was paid",
    },
    {
        "currency": "EUR",
        "net": "1000.00",
        "rate": "19",
        "tax": "190.00",
        "gross": "1190.00",
        "prepaid": "1190.00",
        "rounding": "",
        "payable": "0.00",
        "why": "all was paid before",
    },
]
