"""Rates by date of invoice: Germany's half year of 16 and 5 per cent."""

CHAPTER = "Tax"
TITLE = "Tax rates by date"
RULE = """
A row of the tax table is valid from its first day until the day before its end, in invoice dates. A temporary rate stands
above the rate it interrupts. In the second half of 2020 the German rates were 16 % and 5 %. The tax of an invoice is
decided once, for its date; a credit memo repeats the decision of its invoice.
"""
COLUMNS = {
    "on": "invoice date",
    "service": "service",
    "net": "net",
    "rate": "%",
    "tax": "tax",
    "gross": "gross",
    "why": "why",
}


def _row(on: str, service: str, net: str, rate: str, tax: str, gross: str, why: str) -> dict[str, str]:
    return {"on": on, "service": service, "net": net, "rate": rate, "tax": tax, "gross": gross, "why": why}


ROWS = [
    _row("2006-12-31", "services", "1000.00", "16", "160.00", "1160.00", "the last day of the former rate"),
    _row("2007-01-01", "services", "1000.00", "19", "190.00", "1190.00", "the first of 19 %"),
    _row("2020-06-30", "services", "1000.00", "19", "190.00", "1190.00", "the day before"),
    _row("2020-07-01", "services", "1000.00", "16", "160.00", "1160.00", "the first day"),
    _row("2020-12-31", "services", "1000.00", "16", "160.00", "1160.00", "the last day"),
    _row("2021-01-01", "services", "1000.00", "19", "190.00", "1190.00", "back again"),
    _row("2020-06-30", "printed matter", "99.99", "7", "7.00", "106.99", "6.9993"),
    _row("2020-07-01", "printed matter", "99.99", "5", "5.00", "104.99", "4.9995 rounds away from zero"),
    _row("2021-01-01", "printed matter", "99.99", "7", "7.00", "106.99", "and back"),
    _row("1999-12-31", "services", "1000.00", "", "", "", "before the table begins: tax_undetermined"),
]
