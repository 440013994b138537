"""Worked examples: prepaid work, month by month."""

CHAPTER = "Contract lines"
TITLE = "Prepaid work"
RULE = (
    "The deposit is invoiced, with tax, on its date. Later invoices show the work and a negative line, with tax, for what "
    "the deposit pays: work first, then expenses, until it is used up; the rest is billed. When less than the agreed amount "
    "is left, the next run asks for the deposit again. It never appears as a prepaid amount (BT-113) as well."
)
COLUMNS = (
    "story",
    "month",
    "deposit",
    "refill_below",
    "work",
    "expenses",
    "deposit_line",
    "paid_from_deposit",
    "invoice_net",
    "left",
)


def _story(name: str, deposit: str, refill: str, *months: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    names = ("month", "work", "expenses", "deposit_line", "paid_from_deposit", "invoice_net", "left")
    shared = {"story": name, "deposit": deposit, "refill_below": refill}
    return tuple(shared | dict(zip(names, each, strict=True)) for each in months)


ROWS = (
    *_story(
        "used up once",
        "10000.00",
        "",
        ("2026-01", "3000.00", "0.00", "10000.00", "-3000.00", "10000.00", "7000.00"),
        ("2026-02", "4250.75", "0.00", "0.00", "-4250.75", "0.00", "2749.25"),
        ("2026-03", "2000.00", "1000.00", "0.00", "-2749.25", "250.75", "0.00"),
        ("2026-04", "500.00", "0.00", "0.00", "0.00", "500.00", "0.00"),
    ),
    *_story(
        "refilled below 2000.00",
        "5000.00",
        "2000.00",
        ("2026-01", "2500.00", "0.00", "5000.00", "-2500.00", "5000.00", "2500.00"),
        ("2026-02", "1000.00", "0.00", "0.00", "-1000.00", "0.00", "1500.00"),
        ("2026-03", "2000.00", "0.00", "5000.00", "-2000.00", "5000.00", "4500.00"),
    ),
    *_story(
        "a correction goes back to the deposit",
        "5000.00",
        "",
        ("2026-01", "3000.00", "0.00", "5000.00", "-3000.00", "5000.00", "2000.00"),
        ("2026-02", "-450.00; 300.00", "0.00", "0.00", "150.00", "0.00", "2150.00"),
    ),
)
