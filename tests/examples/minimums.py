"""Worked examples: minimums, month by month."""

CHAPTER = "Contract lines"
TITLE = "Minimums"
RULE = (
    "A period that is over and brought in less than the minimum is topped up, once, on the first invoice of the line after "
    "its end. What counts is work less discount and cover, and retainer fees; expenses do not. Months without work are topped "
    "up on the next invoice. Late work of a closed period is billed and lowers nothing that was posted. A top-up never goes "
    "above a cap."
)
COLUMNS = ("story", "invoice_to", "minimum", "cap", "work", "top_ups", "invoice_net")


def _story(name: str, minimum: str, cap: str, *invoices: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    shared = {"story": name, "minimum": minimum, "cap": cap}
    return tuple(
        shared | dict(zip(("invoice_to", "work", "top_ups", "invoice_net"), each, strict=True)) for each in invoices
    )


ROWS = (
    *_story(
        "above and below",
        "2000.00",
        "",
        ("2026-01-31", "2026-01: 2400.00", "", "2400.00"),
        ("2026-02-28", "2026-02: 1350.50", "2026-02: 649.50", "2000.00"),
    ),
    *_story(
        "a month without work is topped up with the next",
        "2000.00",
        "",
        ("2026-01-31", "2026-01: 2000.00", "", "2000.00"),
        ("2026-03-31", "2026-03: 500.00", "2026-02: 2000.00; 2026-03: 1500.00", "4000.00"),
    ),
    *_story(
        "late work lowers nothing",
        "2000.00",
        "",
        ("2026-01-31", "2026-01: 1500.00", "2026-01: 500.00", "2000.00"),
        ("2026-02-28", "2026-01: 300.00; 2026-02: 2000.00", "", "2300.00"),
    ),
    *_story(
        "the month is not over yet",
        "2000.00",
        "",
        ("2026-01-15", "2026-01: 700.00", "", "700.00"),
        ("2026-01-31", "2026-01: 800.00", "2026-01: 500.00", "1300.00"),
    ),
    *_story(
        "never above the cap",
        "2000.00",
        "3000.00",
        ("2026-01-31", "2026-01: 1800.00", "2026-01: 200.00", "2000.00"),
        ("2026-02-28", "2026-02: 600.00", "2026-02: 400.00", "1000.00"),
    ),
)
