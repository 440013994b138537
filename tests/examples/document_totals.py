"""Net, tax, gross and payable of a whole document."""

CHAPTER = "Arithmetic"
TITLE = "The totals of a document"
RULE = """
Net is the sum of the line nets, less the document's allowances, plus its charges. Tax is the sum of the taxes by category
and rate. Gross is net plus tax; payable is gross less what was prepaid. Sums of rounded amounts need no rounding: only
the tax is rounded, once per category and rate.
"""
COLUMNS = {
    "lines": "line nets",
    "rate": "rate, %",
    "allowances": "allowances",
    "charges": "charges",
    "prepaid": "prepaid",
    "net": "net",
    "tax": "tax",
    "gross": "gross",
    "payable": "payable",
    "why": "why",
}
ROWS = [
    {
        "lines": "2000.00, 1033.13, 310.40",
        "rate": "19",
        "allowances": "100.00",
        "charges": "",
        "prepaid": "1000.00",
        "net": "3243.53",
        "tax": "616.27",
        "gross": "3859.80",
        "payable": "2859.80",
        "why": "3343.53 - 100.00; tax 616.2707",
    },
    {
        "lines": "1000.00",
        "rate": "20",
        "allowances": "",
        "charges": "",
        "prepaid": "",
        "net": "1000.00",
        "tax": "200.00",
        "gross": "1200.00",
        "payable": "1200.00",
        "why": "the plain case",
    },
    {
        "lines": "500.00, -120.00",
        "rate": "25",
        "allowances": "",
        "charges": "15.50",
        "prepaid": "",
        "net": "395.50",
        "tax": "98.88",
        "gross": "494.38",
        "payable": "494.38",
        "why": "a credited line among others; tax 98.875",
    },
    {
        "lines": "-200.00",
        "rate": "19",
        "allowances": "",
        "charges": "",
        "prepaid": "",
        "net": "-200.00",
        "tax": "-38.00",
        "gross": "-238.00",
        "payable": "-238.00",
        "why": "nothing but a credit",
    },
    {
        "lines": "100.00",
        "rate": "19",
        "allowances": "",
        "charges": "",
        "prepaid": "150.00",
        "net": "100.00",
        "tax": "19.00",
        "gross": "119.00",
        "payable": "-31.00",
        "why": "prepaid more than is due: the rest is owed back",
    },
]
