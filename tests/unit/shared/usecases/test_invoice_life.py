from itertools import pairwise

import pytest

from shared.domain.invoice import InvoiceStatus
from shared.faults import BusinessException
from shared.usecases.invoice_life import CLAIMING, ENDED, IN_THE_BOOKS, NEXT, advance
from tests.build import an_invoice

Status = InvoiceStatus


@pytest.mark.parametrize(
    "life",
    [
        ["draft", "sealed", "priced", "submitted", "posted", "paid"],
        ["draft", "sealed", "priced", "approved", "submitted", "posted", "paid", "posted", "paid"],
        ["draft", "cancelled"],
        ["sealed", "rejected"],
        ["priced", "cancelled"],
        ["approved", "rejected"],
        ["submitted", "rejected"],
    ],
)
def test_these_lives_are_lived(life: list[str]) -> None:
    invoice = an_invoice(status=Status(life[0]))
    for _, to in pairwise(life):
        invoice = advance(invoice, Status(to))
    assert invoice.status == life[-1]


@pytest.mark.parametrize(
    ("status", "to"),
    [
        ("draft", "posted"),
        ("sealed", "draft"),
        ("sealed", "submitted"),
        ("submitted", "cancelled"),
        ("posted", "cancelled"),
        ("posted", "rejected"),
        ("posted", "posted"),
        ("paid", "cancelled"),
        ("rejected", "draft"),
        ("cancelled", "sealed"),
    ],
)
def test_these_steps_are_never_taken(status: str, to: str) -> None:
    with pytest.raises(BusinessException, match="invoice_state") as refusal:
        advance(an_invoice(status=Status(status)), Status(to))
    assert refusal.value.facts == {"invoice_id": "inv-1", "status": status, "wanted": to}


def test_every_state_is_in_one_of_three_camps_and_ended_ones_stay_ended() -> None:
    assert CLAIMING | IN_THE_BOOKS | ENDED == set(Status) == set(NEXT)
    assert not CLAIMING & IN_THE_BOOKS and not CLAIMING & ENDED and not IN_THE_BOOKS & ENDED
    assert all(not NEXT[status] for status in ENDED)


def test_what_is_in_the_books_stays_there() -> None:
    assert all(NEXT[status] <= IN_THE_BOOKS for status in IN_THE_BOOKS)
