"""An invoice in one currency, the books in another."""

CHAPTER = "Currency"
TITLE = "Totals in the currency of the books"
RULE = """
An invoice in another currency than its legal entity's books carries its net, tax and gross in the currency of the books
too, by the rate of the invoice date. Net and tax are converted and rounded each; gross is their sum, so that the books
add up to the cent, even where the converted gross would round otherwise. The tax in the books' currency is what EU law
wants on an invoice in a foreign currency (BT-111). Rates per 1 EUR: USD 1.1684, GBP 0.87058, JPY 186.10.
"""
COLUMNS = {
    "net": "net",
    "tax": "tax",
    "currency": "of the invoice",
    "books": "books",
    "book_net": "net in the books",
    "book_tax": "tax in the books",
    "book_gross": "gross in the books",
    "why": "why",
}
ROWS = [
    {
        "net": "10000.00",
        "tax": "1900.00",
        "currency": "USD",
        "books": "EUR",
        "book_net": "8558.71",
        "book_tax": "1626.16",
        "book_gross": "10184.87",
        "why": "8558.7127.. and 1626.1554..; 11900 / 1.1684 = 10184.8681.. agrees",
    },
    {
        "net": "100.30",
        "tax": "19.06",
        "currency": "USD",
        "books": "EUR",
        "book_net": "85.84",
        "book_tax": "16.31",
        "book_gross": "102.15",
        "why": "85.8439.. and 16.3129..; their sum 102.15, where 119.36 / 1.1684 = 102.1568.. would be 102.16",
    },
    {
        "net": "1000.00",
        "tax": "0.00",
        "currency": "GBP",
        "books": "USD",
        "book_net": "1342.09",
        "book_tax": "0.00",
        "book_gross": "1342.09",
        "why": "through the euro, no tax",
    },
    {
        "net": "2500.00",
        "tax": "250.00",
        "currency": "USD",
        "books": "JPY",
        "book_net": "398194",
        "book_tax": "39819",
        "book_gross": "438013",
        "why": "398194.11.. and 39819.41..; the yen has no decimals",
    },
    {
        "net": "100000",
        "tax": "10000",
        "currency": "JPY",
        "books": "EUR",
        "book_net": "537.35",
        "book_tax": "53.73",
        "book_gross": "591.08",
        "why": "537.3455.. and 53.7345..",
    },
    {
        "net": "10000.00",
        "tax": "1900.00",
        "currency": "EUR",
        "books": "EUR",
        "book_net": "",
        "book_tax": "",
        "book_gross": "",
        "why": "the invoice is in the currency of the books",
    },
]
