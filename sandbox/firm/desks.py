"""What the firm's people do in their systems, and what they can read there, in the firm's words and for any vendor.

The firm needs three desks: sellers at a CRM, consultants and project managers at a PSA, finance at an ERP. Each vendor's
`sandbox/<system>/desk.py` has `open_desk(told)`, which answers the one of its role; `told` is the system's part of
estate.json (base_url, control_url, credentials ...). A desk works by the vendor's own API with a person's credentials. The
simulator's control API serves what no API can show or do: what goes wrong, customers who pay at their bank, and a look
at all records at once.

A deal's `name` is the title of its project in every system; that is how people find it again. What systems hold is told
whole: no paging, no filter, nothing rounded. Raises Refused (vendor_calls.py) when a system says no to a person.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from sandbox.firm.shape import Client, Consultant, Cost, Deal, Entry, Office
from sandbox.firm.vendor_calls import Control

Told = Mapping[str, Any]
"""One system's part of estate.json."""


@dataclass(frozen=True)
class ShownInvoice:
    """What sales sees of an invoice on a deal. reference: our id. status: as the CRM's field has it, in lower case."""

    reference: str
    number: str
    status: str
    gross: Decimal
    paid: Decimal


class CrmDesk(Protocol):
    control: Control
    deals: dict[str, str]
    """Of every deal closed here: name -> the CRM's id."""

    def open_catalogue(self, currencies: Sequence[str]) -> None:
        """One product per kind of work, priced in each currency."""

    def win_account(self, client: Client) -> None: ...

    def close(self, deal: Deal, currency: str, signed_on: date, starts_on: date) -> None:
        """The deal with its products and, unless its twist is that it is missing, its signed contract; then it is won."""

    def attach_contract(self, deal: Deal, starts_on: date) -> None:
        """The signed contract of a deal that was closed without one."""

    def tell_again(self, copies: int) -> None:
        """From now on the CRM tells of each deal so many more times."""

    def tell_once(self) -> None:
        """The storm is over."""

    def shown_invoices(self, deal: str) -> list[ShownInvoice]: ...


@dataclass(frozen=True)
class ApprovedTime:
    """A billable entry that stands approved: one per thing the PSA bills by itself.

    entry_id: as `log_time` answered it. project: its title. consultant: e-mail address. minutes: as the PSA holds it; one
    that keeps hundredths of an hour means the nearest minute. invoiced: the PSA shows it as billed.
    """

    entry_id: str
    project: str
    consultant: str
    day: date
    minutes: int
    invoiced: bool


@dataclass(frozen=True)
class ApprovedCost:
    """A billable expense that stands approved. cost: in the project's currency."""

    cost_id: str
    project: str
    day: date
    category: str
    cost: Decimal
    invoiced: bool


@dataclass(frozen=True)
class Mark:
    """What delivery sees of one of our invoices. entries: ids of what the PSA shows as billed on it."""

    number: str
    status: str
    entries: frozenset[str]


class PsaDesk(Protocol):
    control: Control
    projects: dict[str, str]
    """Title -> id, as of the last `find_projects`."""

    def hire(self, consultants: Sequence[Consultant]) -> None: ...

    def price(self, office: Office, without: str = "") -> None:
        """The office's rates by role, from before the month; `without`: a role that nobody has priced yet."""

    def raise_rates(self, office: Office, on: date) -> None:
        """Every priced role costs `office.raised` for work from that day on, and what it did for work before."""

    def price_role(self, office: Office, role: str) -> None:
        """A role that had no price gets both its rates, each from its day."""

    def find_projects(self) -> Mapping[str, str]:
        """`projects` anew, as a project manager sees them in the list."""

    def staff(self, project: str, office: Office, team: Iterable[str]) -> None:
        """The project runs, at the office's rates, with these people on it (e-mail addresses)."""

    def log_time(self, entries: Sequence[Entry]) -> dict[int, str]:
        """Ids of the entries made, by their number in the plan."""

    def submit_time(self, sheets: Iterable[tuple[str, str]], start: date, end: date) -> list[str]:
        """Everything entered and not yet submitted, by (project, person), worked in the period. What is to be approved."""

    def approve_time(self, sheets: Sequence[str]) -> None:
        """sheets: what `submit_time` answered."""

    def spend(self, costs: Sequence[Cost], currency: Mapping[str, str]) -> None:
        """currency: of each deal, by name."""

    def submit_expenses(self, reports: Iterable[tuple[str, str]], start: date, end: date) -> list[str]: ...

    def approve_expenses(self, reports: Sequence[str]) -> None: ...

    def correct(self, entry_id: str, minutes: int) -> None:
        """An approved entry, not billed yet, was wrong: it is taken back, changed and approved again under its id."""

    def hold(self, project: str, held: bool) -> None:
        """Nothing of the project is to be billed until it is released."""

    def complete_milestone(self, project: str, name: str) -> str:
        """Done, not accepted; its id."""

    def accept_milestone(self, milestone: str, by: str) -> None: ...

    def project_titles(self) -> list[str]:
        """Of every project there is; one that comes twice is one too many."""

    def approved_count(self) -> int:
        """Of entries and expenses that stand approved and billable; cheaper than reading them."""

    def approved_time(self) -> list[ApprovedTime]: ...

    def approved_costs(self) -> list[ApprovedCost]: ...

    def marks(self, reference: str) -> list[Mark]:
        """What stands here of the invoice that has this id with us; more than one is one too many."""


@dataclass(frozen=True)
class ErpProject:
    """names: whatever people call it by; the deal's name is one of them."""

    project_id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class ErpInvoice:
    """reference: our id, as it stands in the ERP. net, gross, unpaid: in `currency`. lines: (text, net amount)."""

    invoice_id: str
    number: str
    reference: str
    customer_id: str
    project_id: str
    currency: str
    net: Decimal
    gross: Decimal
    unpaid: Decimal
    lines: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class ErpMemo:
    """A credit memo. net, gross: positive. taken: of which invoice how much, gross, by its invoice_id."""

    memo_id: str
    number: str
    project_id: str
    currency: str
    net: Decimal
    gross: Decimal
    taken: Mapping[str, Decimal]


class ErpDesk(Protocol):
    control: Control

    def project_count(self) -> int:
        """Cheaper than reading them; asked again and again."""

    def invoice_count(self) -> int: ...

    def projects(self) -> list[ErpProject]: ...

    def invoices(self) -> list[ErpInvoice]:
        """Posted ones; drafts are not in the books."""

    def credit_memos(self) -> list[ErpMemo]: ...

    def take_payment(self, invoice_id: str, amount: Decimal | None = None) -> None:
        """A customer pays at the bank; None: all that is open."""

    def refuse_projects(self) -> None:
        """From now on every new project is refused, in the vendor's own words for something that a person must repair."""

    def month_end_weather(self) -> None:
        """The ERP is busy (the next 15 invoices asked for are throttled), and once it writes an invoice (the fourth) and
        its answer is lost."""

    def repair(self) -> None:
        """Nothing goes wrong any more."""


def crm_desk(system: str, told: Told) -> CrmDesk:
    desk: CrmDesk = _open(system, told)
    return desk


def psa_desk(system: str, told: Told) -> PsaDesk:
    desk: PsaDesk = _open(system, told)
    return desk


def erp_desk(system: str, told: Told) -> ErpDesk:
    desk: ErpDesk = _open(system, told)
    return desk


def _open(system: str, told: Told) -> Any:
    return importlib.import_module(f"sandbox.{system}.desk").open_desk(told)
