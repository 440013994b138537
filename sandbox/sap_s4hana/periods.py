"""Posting periods: a month of a company code is open until somebody closes it."""

from __future__ import annotations

import re

from sandbox.sap_s4hana.book import Book

TABLE = "_period"


def is_closed(book: Book, company: str, month: str) -> bool:
    """month: `2026-10`."""
    return book.store.get(TABLE, f"{company}/{month}") is not None or book.store.get(TABLE, f"*/{month}") is not None


def set_closed(book: Book, month: str, company: str, *, closed: bool) -> None:
    """company: a code, or `*` for all. Raises ValueError for what is no month."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise ValueError(f"period: a month such as 2026-10 is due, not {month!r}")
    if closed:
        book.store.put(TABLE, f"{company}/{month}", {"company": company, "month": month})
    else:
        book.store.delete(TABLE, f"{company}/{month}")
