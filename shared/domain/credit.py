"""Credit: what of a posted invoice is taken back, by one request, once; it becomes a credit memo of the same lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.tax import TaxCategory
from shared.domain.wip import Valuation, WipItem

WRITE_OFF = "writeoff:"
"""An item that is given up is claimed by this and the id of what gave it up."""


class Remedy(StrEnum):
    """What becomes of the value taken back. REBILL: open again, for a later invoice. CONCESSION: given up, written off.
    CORRECTION: nothing, the source took it back itself and its reversal stands already.
    """

    REBILL = "rebill"
    CONCESSION = "concession"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class CreditLine:
    """line_id, wip_id: of the invoice's line; wip_id "" for a line without WIP. net: taken back of it, with its sign.
    whole: the line's whole net by this one credit.
    """

    line_id: str
    wip_id: str
    net: Money
    whole: bool


@dataclass(frozen=True, slots=True)
class CreditTax:
    """Per category and rate of the invoice's breakdown: base and tax taken back."""

    category: TaxCategory
    rate: Decimal
    taxable: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class CreditPlan:
    """What a credit would take back: lines with an amount, and their tax as the invoice decided it."""

    invoice_id: str
    lines: tuple[CreditLine, ...]
    taxes: tuple[CreditTax, ...]
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class Credit:
    """A request that was granted. memo_id: the credit memo's invoice id, derived from invoice and request.

    released: the memo ended without being posted, and what it took may be credited again.
    """

    memo_id: str
    request_id: str
    plan: CreditPlan
    remedy: Remedy
    reason: str
    submitter: str
    requested_at: datetime
    valued: dict[str, Valuation] = field(default_factory=dict)
    """By line id: what the restored item is worth instead, where quantity or price changed."""
    reversals: dict[str, str] = field(default_factory=dict)
    """Of a correction: by line id, the reversal that stands already."""
    released: bool = False

    @property
    def invoice_id(self) -> str:
        return self.plan.invoice_id


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One line of a plan of credit and rebill. value: of the item as it was billed. becomes: how it is valued from then on;
    None: it is open again as it was, and what governs open work decides. given_up: the contract no longer asks for it.
    """

    invoice_id: str
    wip_id: str
    value: Money
    becomes: Valuation | None = None
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Credited:
    """All credits of one invoice so far that are granted and not released. version: moves with each change; 0: none yet."""

    invoice_id: str
    version: int
    lines: dict[str, Money]
    taxes: tuple[CreditTax, ...]
    memos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditItems:
    """What one credited line changes, all or nothing.

    reversal: claimed by the memo; `stands`: it is there already, open, and only claimed. restored: the other side, open
    or claimed by a write-off; None where the source took the value back. source: as it stands afterwards, where the
    restored item stands for it from now on; previous: the record that was reckoned from.
    """

    reversal: WipItem
    restored: WipItem | None = None
    stands: bool = False
    source: SourceRecord | None = None
    previous: SourceRecord | None = None


@dataclass(frozen=True, slots=True)
class CreditUndone:
    """What becomes of one line's items when their memo ends without being posted.

    buried: the restored item goes with its reversal, both stay with the ended memo and sum to nothing; None: the reversal
    is open again. source: back to what stood for it before.
    """

    reversal_id: str
    buried: str | None = None
    source: SourceRecord | None = None
    previous: SourceRecord | None = None
