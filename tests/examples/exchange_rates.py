"""Conversion by published rates: A to euro to B, one rounding, and when there is no rate."""

CHAPTER = "Currency"
TITLE = "Exchange rates"
RULE = """
An amount is divided by the rate of its currency and multiplied by the rate of the other, both units per 1 EUR as the
European Central Bank published them on one day, and rounded once at the end, half away from zero. No inverse rate and no
rounded cross rate is used. A day without publication (a weekend, a TARGET holiday) takes the last publication before it,
if that is at most seven days old. A currency that this publication leaves out has no rate: it was suspended or withdrawn,
and an older rate is never taken in its place. The table's rates: on Wednesday 2025-12-24 USD 1.1787, GBP 0.87275,
JPY 183.81; no publication from 25 to 28 December; on Monday 2025-12-29 USD 1.1766, GBP 0.87175, JPY 184.05, and no rate
of BGN from then on, which stood at 1.9558 on the 24th; on 2026-04-13 USD 1.1684, GBP 0.87058, JPY 186.10, KWD 0.35981.
"""
COLUMNS = {
    "amount": "amount",
    "to": "to",
    "on": "day",
    "published": "rates of",
    "converted": "converted, or why not",
    "why": "why",
}
ROWS = [
    {
        "amount": "1000.00 GBP",
        "to": "EUR",
        "on": "2026-04-13",
        "published": "2026-04-13",
        "converted": "1148.66 EUR",
        "why": "1000 / 0.87058 = 1148.6595..; an inverse rounded to 1.1487 would give 1148.70",
    },
    {
        "amount": "1000.00 GBP",
        "to": "USD",
        "on": "2026-04-13",
        "published": "2026-04-13",
        "converted": "1342.09 USD",
        "why": "1000 / 0.87058 x 1.1684 = 1342.0938..; by a cross rate of 1.3421 it would be 1342.10",
    },
    {
        "amount": "-1000.00 GBP",
        "to": "USD",
        "on": "2026-04-13",
        "published": "2026-04-13",
        "converted": "-1342.09 USD",
        "why": "a credit converts as its invoice does, with the sign turned",
    },
    {
        "amount": "5000.00 EUR",
        "to": "JPY",
        "on": "2026-04-13",
        "published": "2026-04-13",
        "converted": "930500 JPY",
        "why": "5000 x 186.10; the yen has no decimals",
    },
    {
        "amount": "99999 JPY",
        "to": "EUR",
        "on": "2026-04-13",
        "published": "2026-04-13",
        "converted": "537.34 EUR",
        "why": "99999 / 186.10 = 537.3401..",
    },
    {
        "amount": "1000.00 USD",
        "to": "KWD",
        "on": "2026-04-13",
        "published": "2026-04-13",
        "converted": "307.951 KWD",
        "why": "1000 / 1.1684 x 0.35981 = 307.9510..; three decimals",
    },
    {
        "amount": "250.00 USD",
        "to": "USD",
        "on": "2026-04-13",
        "published": "",
        "converted": "250.00 USD",
        "why": "nothing to convert, no rate is used",
    },
    {
        "amount": "1000.00 USD",
        "to": "EUR",
        "on": "2025-12-28",
        "published": "2025-12-24",
        "converted": "848.39 EUR",
        "why": "Sunday after Christmas: the 24th is four days old; 1000 / 1.1787",
    },
    {
        "amount": "1000.00 USD",
        "to": "EUR",
        "on": "2025-12-29",
        "published": "2025-12-29",
        "converted": "849.91 EUR",
        "why": "the day has its own rate: 1000 / 1.1766",
    },
    {
        "amount": "1000.00 USD",
        "to": "EUR",
        "on": "2026-01-05",
        "published": "2025-12-29",
        "converted": "849.91 EUR",
        "why": "seven days old, the oldest allowed",
    },
    {
        "amount": "1000.00 USD",
        "to": "EUR",
        "on": "2026-01-06",
        "published": "",
        "converted": "fx_rate_missing",
        "why": "eight days old: load the missing days, nothing is guessed",
    },
    {
        "amount": "1000.00 USD",
        "to": "EUR",
        "on": "2025-12-23",
        "published": "",
        "converted": "fx_rate_missing",
        "why": "before the first day; a later rate is never used",
    },
    {
        "amount": "1955.80 BGN",
        "to": "EUR",
        "on": "2025-12-26",
        "published": "2025-12-24",
        "converted": "1000.00 EUR",
        "why": "a holiday: the last publication still had the currency",
    },
    {
        "amount": "1955.80 BGN",
        "to": "EUR",
        "on": "2025-12-29",
        "published": "",
        "converted": "fx_currency_not_quoted",
        "why": "the day was published without it (N/A): the rate of the 24th is not used",
    },
    {
        "amount": "100.00 XYZ",
        "to": "EUR",
        "on": "2026-04-13",
        "published": "",
        "converted": "fx_currency_not_quoted",
        "why": "no such column",
    },
]
