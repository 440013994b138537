"""What invoices and credit memos have in common, and where they differ."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """`what`: in messages. `caption`: in dimension set lines. `draft`, `posted`: prefix and first number of the series."""

    heads: str
    lines: str
    dated: str
    what: str
    caption: str
    draft: tuple[str, int]
    posted: tuple[str, int]
    entry: str


INVOICE = Kind(
    "salesInvoices", "salesInvoiceLines", "invoiceDate", "invoice", "Sales Invoice", ("", 1001), ("PS-INV", 103001),
    "Invoice",
)  # fmt: skip
MEMO = Kind(
    "salesCreditMemos", "salesCreditMemoLines", "creditMemoDate", "credit memo", "Sales Credit Memo", ("", 1001),
    ("PS-CR", 104001), "Credit Memo",
)  # fmt: skip
BY_HEADS = {kind.heads: kind for kind in (INVOICE, MEMO)}
BY_LINES = {kind.lines: kind for kind in (INVOICE, MEMO)}
DRAFTS = frozenset({"Draft", "In Review"})
POSTED = frozenset({"Open", "Paid", "Canceled", "Corrective"})
