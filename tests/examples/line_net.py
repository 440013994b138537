"""The net of one line."""

CHAPTER = "Arithmetic"
TITLE = "The net of a line"
RULE = """
The net of a line is price / base quantity x quantity, plus its charges, less its allowances. The three parts are rounded
apart, each half away from zero at the currency's smallest unit: first the work, then the sum of the charges, then the
sum of the allowances. Price and quantity may have any number of decimals. A credit has a negative quantity; no price is
ever negative.
"""
COLUMNS = {
    "quantity": "quantity",
    "unit_price": "price",
    "per": "per",
    "allowances": "allowances",
    "charges": "charges",
    "net": "net, EUR",
    "why": "why",
}
ROWS = [
    {
        "quantity": "7.25",
        "unit_price": "142.50",
        "per": "1",
        "allowances": "",
        "charges": "",
        "net": "1033.13",
        "why": "1033.125, half away from zero",
    },
    {
        "quantity": "435",
        "unit_price": "142.50",
        "per": "60",
        "allowances": "",
        "charges": "",
        "net": "1033.13",
        "why": "the same in minutes: never through rounded hours",
    },
    {
        "quantity": "50",
        "unit_price": "150.00",
        "per": "60",
        "allowances": "",
        "charges": "",
        "net": "125.00",
        "why": "0.83 h would be 124.50",
    },
    {
        "quantity": "-7.25",
        "unit_price": "142.50",
        "per": "1",
        "allowances": "",
        "charges": "",
        "net": "-1033.13",
        "why": "a credit mirrors what it credits",
    },
    {
        "quantity": "1000",
        "unit_price": "0.00355",
        "per": "1",
        "allowances": "",
        "charges": "",
        "net": "3.55",
        "why": "a price may be a fraction of a cent",
    },
    {
        "quantity": "12",
        "unit_price": "99.95",
        "per": "100",
        "allowances": "",
        "charges": "",
        "net": "11.99",
        "why": "11.994: priced per hundred",
    },
    {
        "quantity": "3",
        "unit_price": "10.00",
        "per": "7",
        "allowances": "",
        "charges": "",
        "net": "4.29",
        "why": "4.2857..., divided once, at the end",
    },
    {
        "quantity": "0.5",
        "unit_price": "0.25",
        "per": "1",
        "allowances": "0.125",
        "charges": "",
        "net": "0.00",
        "why": "0.125 - 0.125 as 0.13 - 0.13",
    },
    {
        "quantity": "1",
        "unit_price": "0.125",
        "per": "1",
        "allowances": "",
        "charges": "0.125",
        "net": "0.26",
        "why": "0.13 + 0.13; together it would be 0.25",
    },
    {
        "quantity": "1",
        "unit_price": "100.00",
        "per": "1",
        "allowances": "0.004, 0.004",
        "charges": "",
        "net": "99.99",
        "why": "allowances are summed, 0.008, then rounded to 0.01",
    },
    {
        "quantity": "10",
        "unit_price": "20.00",
        "per": "1",
        "allowances": "15.00, 5.00",
        "charges": "2.50",
        "net": "182.50",
        "why": "200.00 + 2.50 - 20.00",
    },
    {
        "quantity": "0",
        "unit_price": "50.00",
        "per": "1",
        "allowances": "",
        "charges": "",
        "net": "0.00",
        "why": "nothing done",
    },
]
