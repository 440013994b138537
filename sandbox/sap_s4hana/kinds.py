"""The three kinds of sales documents that are billed, and what each becomes."""

from __future__ import annotations

from typing import Any, NamedTuple


class Kind(NamedTuple):
    """`key`: of the head; `category`: of the sales document; `types`: that may be created; `category_of_item`: where none is
    given; `bills`: billing types it may become, the usual one first; `billed_as`: category of that billing document.
    """

    head: str
    key: str
    item: str
    item_prices: str
    prices: str
    partners: str
    texts: str
    item_texts: str
    category: str
    types: frozenset[str]
    item_category: str
    bills: tuple[str, ...]
    billed_as: str
    numbers: int

    @property
    def item_key(self) -> str:
        return f"{self.key}Item"

    @property
    def type_field(self) -> str:
        return f"{self.key}Type"


def _kind(key: str, prefix: str, *rest: Any, item_prices: str = "", prices: str = "", partners: str = "") -> Kind:
    """prefix: of the sets beside head and items, where those are not named otherwise."""
    beside = (
        item_prices or f"{prefix}ItemPrcgElmnt",
        prices or f"{prefix}PrcgElmnt",
        partners or f"{prefix}Partner",
        f"{prefix}Text",
        f"{prefix}ItemText",
    )
    return Kind(f"A_{key}", key, f"A_{key}Item", *beside, *rest)


DEBIT = _kind(
    "DebitMemoRequest", "A_DebitMemoReq", "L", frozenset({"DR", "DMR", "GA2"}), "L2N", ("L2", "F2"), "P", 70000001
)
CREDIT = _kind(
    "CreditMemoRequest", "A_CreditMemoReq", "K", frozenset({"CR", "CMR", "GA1"}), "G2N", ("G2",), "O", 60000001
)
ORDER = _kind(
    "SalesOrder", "A_SalesOrder", "C", frozenset({"OR", "TA", "SRVO"}), "TAD", ("F2",), "M", 1,
    item_prices="A_SalesOrderItemPrElement", prices="A_SalesOrderHeaderPrElement", partners="A_SalesOrderHeaderPartner",
)  # fmt: skip
KINDS = (DEBIT, CREDIT, ORDER)
BY_HEAD = {kind.head: kind for kind in KINDS}
BY_ITEM = {kind.item: kind for kind in KINDS}
BY_CATEGORY = {kind.category: kind for kind in KINDS}
