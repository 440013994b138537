"""Backlog before and after an amendment; run by tests/unit/shared/usecases/test_amendment_effect.py."""

TITLE = "Backlog: signed value not yet delivered"

CHAPTER = "Amendments"

RULE = """
Backlog of a line is its signed value less what was delivered of it, never below zero; what was delivered above the signed
value is shown as over. Delivered is approved work at its value, invoiced or not; expenses deliver nothing. The signed value of
a fixed fee is the sum of its instalments. A time-and-materials or milestone line that an amendment ended is worth what was
delivered of it, up to what was signed; a fixed fee that was ended is worth the instalments due before that day.
"""

COLUMNS = {
    "line": "line",
    "signed_before": "signed before",
    "delivered": "delivered",
    "change": "amendment",
    "signed_after": "signed after",
    "remaining_before": "backlog before",
    "remaining_after": "backlog after",
    "over_after": "over after",
}


def _row(*cells: str) -> dict[str, str]:
    return dict(zip(COLUMNS, cells, strict=True))


ROWS = (
    _row("time", "10000.00", "2500.00", "value 15000.00", "15000.00", "7500.00", "12500.00", "0.00"),
    _row("time", "10000.00", "2500.00", "value 2000.00", "2000.00", "7500.00", "0.00", "500.00"),
    _row("time", "10000.00", "12000.00", "value 15000.00", "15000.00", "0.00", "3000.00", "0.00"),
    _row("time", "10000.00", "2500.00", "end", "2500.00", "7500.00", "0.00", "0.00"),
    _row("time", "10000.00", "12000.00", "end", "10000.00", "0.00", "0.00", "2000.00"),
    _row("fee", "1000.00", "500.00", "add instalment 250.00", "1250.00", "500.00", "750.00", "0.00"),
    _row("fee", "1000.00", "500.00", "end", "500.00", "500.00", "0.00", "0.00"),
    _row("fee", "1000.00", "0.00", "end", "500.00", "1000.00", "500.00", "0.00"),
    _row("milestone", "2500.00", "0.00", "value 3000.00", "3000.00", "2500.00", "3000.00", "0.00"),
    _row("milestone", "2500.00", "0.00", "end", "0.00", "2500.00", "0.00", "0.00"),
)
