"""Worked examples: retainers, month by month."""

CHAPTER = "Contract lines"
TITLE = "Retainers"
RULE = (
    "Each period has a whole fee that covers work of that period up to what is included. What is not used carries over for "
    "as many later periods as was agreed (none, some, or forever), then expires; the oldest fee pays first. Work above is "
    "billed. For every fee: included = used + carried + expired."
)
COLUMNS = ("story", "month", "fee", "carry", "work", "covered", "invoice_net", "carried", "expired")


def _story(name: str, fee: str, carry: str, *months: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    names = ("month", "work", "covered", "invoice_net", "carried", "expired")
    return tuple({"story": name, "fee": fee, "carry": carry, **dict(zip(names, each, strict=True))} for each in months)


ROWS = (
    *_story(
        "expires with its month",
        "5000.00",
        "0",
        ("2026-01", "3200.00", "3200.00", "5000.00", "0.00", "1800.00"),
        ("2026-02", "6100.50", "5000.00", "6100.50", "0.00", "1800.00"),
        ("2026-03", "0.00", "0.00", "5000.00", "0.00", "6800.00"),
    ),
    *_story(
        "carries over one month",
        "5000.00",
        "1",
        ("2026-01", "3200.00", "3200.00", "5000.00", "1800.00", "0.00"),
        ("2026-02", "6100.50", "6100.50", "5000.00", "699.50", "0.00"),
        ("2026-03", "2000.00", "2000.00", "5000.00", "3699.50", "0.00"),
        ("2026-04", "0.00", "0.00", "5000.00", "5000.00", "3699.50"),
    ),
    *_story(
        "carries over one month, the oldest fee is used up first and the rest of it expires",
        "1000.00",
        "1",
        ("2026-01", "0.00", "0.00", "1000.00", "1000.00", "0.00"),
        ("2026-02", "400.00", "400.00", "1000.00", "1000.00", "600.00"),
        ("2026-03", "1500.00", "1500.00", "1000.00", "500.00", "600.00"),
    ),
    *_story(
        "never expires",
        "1000.00",
        "forever",
        ("2026-01", "0.00", "0.00", "1000.00", "1000.00", "0.00"),
        ("2026-02", "0.00", "0.00", "1000.00", "2000.00", "0.00"),
        ("2026-03", "3500.00", "3000.00", "1500.00", "0.00", "0.00"),
    ),
)
