"""Parts of an amount: they always sum to the whole."""

CHAPTER = "Arithmetic"
TITLE = "Splitting an amount"
RULE = """
An amount is split in proportion to weights. Each part is first cut toward zero at the currency's smallest unit. The
units left over go one each to the parts that lost most by the cut; where two lost the same, to the one named first.
The parts therefore always sum to the whole, and no part is a whole unit away from its exact share.
"""
COLUMNS = {"amount": "amount", "currency": "currency", "weights": "weights", "parts": "parts", "why": "why"}
ROWS = [
    {
        "amount": "100.00",
        "currency": "EUR",
        "weights": "1, 1, 1",
        "parts": "33.34, 33.33, 33.33",
        "why": "3 x 33.33 = 99.99; the cent left goes to the first of three equals",
    },
    {
        "amount": "0.05",
        "currency": "EUR",
        "weights": "1, 1",
        "parts": "0.03, 0.02",
        "why": "0.025 each is cut to 0.02; one cent is left",
    },
    {
        "amount": "100.00",
        "currency": "EUR",
        "weights": "50, 30, 20",
        "parts": "50.00, 30.00, 20.00",
        "why": "nothing is cut",
    },
    {
        "amount": "10.00",
        "currency": "EUR",
        "weights": "1, 2, 4",
        "parts": "1.43, 2.86, 5.71",
        "why": "exact 1.4285.., 2.8571.., 5.7142..: the first two lost most and get the two cents left",
    },
    {
        "amount": "-100.00",
        "currency": "EUR",
        "weights": "1, 1, 1",
        "parts": "-33.34, -33.33, -33.33",
        "why": "a credit splits as its invoice does, with the sign turned",
    },
    {
        "amount": "1000",
        "currency": "JPY",
        "weights": "1, 1, 1",
        "parts": "334, 333, 333",
        "why": "the yen has no decimals",
    },
    {
        "amount": "1.000",
        "currency": "KWD",
        "weights": "2, 1",
        "parts": "0.667, 0.333",
        "why": "the Kuwaiti dinar has three decimals",
    },
    {
        "amount": "0.01",
        "currency": "EUR",
        "weights": "1, 1, 1",
        "parts": "0.01, 0.00, 0.00",
        "why": "one cent cannot be shared",
    },
]
