"""The three kinds of sales documents that are billed, and what each becomes."""

from __future__ import annotations

from typing import NamedTuple


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


DEBIT = Kind(
    "A_DebitMemoRequest", "DebitMemoRequest", "A_DebitMemoRequestItem", "A_DebitMemoReqItemPrcgElmnt",
    "A_DebitMemoReqPrcgElmnt", "A_DebitMemoReqPartner", "L", frozenset({"DR", "DMR", "GA2"}), "L2N", ("L2", "F2"), "P", 70000001,
)  # fmt: skip
CREDIT = Kind(
    "A_CreditMemoRequest", "CreditMemoRequest", "A_CreditMemoRequestItem", "A_CreditMemoReqItemPrcgElmnt",
    "A_CreditMemoReqPrcgElmnt", "A_CreditMemoReqPartner", "K", frozenset({"CR", "CMR", "GA1"}), "G2N", ("G2",), "O", 60000001,
)  # fmt: skip
ORDER = Kind(
    "A_SalesOrder", "SalesOrder", "A_SalesOrderItem", "A_SalesOrderItemPrElement",
    "A_SalesOrderHeaderPrElement", "A_SalesOrderHeaderPartner", "C", frozenset({"OR", "TA", "SRVO"}), "TAD", ("F2",), "M", 1,
)  # fmt: skip
KINDS = (DEBIT, CREDIT, ORDER)
BY_HEAD = {kind.head: kind for kind in KINDS}
BY_ITEM = {kind.item: kind for kind in KINDS}
BY_CATEGORY = {kind.category: kind for kind in KINDS}
