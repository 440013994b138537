"""Which fee pays for what: oldest first, never twice, never after the fact, and back to its fee when work is taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.domain.ledger import Covered
from shared.domain.money import Money
from shared.domain.terms import LineTerms, Retainer
from shared.usecases.retainer_cover import fee_left, retainer_cover
from tests.build import eur
from tests.clauses import contract_with

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
FOREVER = Retainer(eur("1000.00"), carry_periods=None)


def cover(
    new: str,
    *,
    before: str = "0",
    left: dict[date, Money],
    covered: tuple[Covered, ...] = (),
    retainer: Retainer = FOREVER,
    period: date = MAR,
) -> list[tuple[date, Decimal]]:
    parts = retainer_cover(
        contract_with(LineTerms(retainer=retainer)),
        retainer,
        work_period=period,
        new=eur(new),
        before=eur(before),
        left=left,
        covered=covered,
    )
    return [(part.fee_period, part.value.amount) for part in parts]


def test_the_oldest_fee_pays_first() -> None:
    left = {FEB: eur("300.00"), JAN: eur("200.00"), MAR: eur("1000.00")}
    assert cover("600.00", left=left) == [(JAN, Decimal("200.00")), (FEB, Decimal("300.00")), (MAR, Decimal("100.00"))]


def test_a_later_fee_never_pays_for_earlier_work() -> None:
    assert cover("600.00", left={MAR: eur("1000.00")}, period=FEB) == []


def test_a_fee_that_expired_pays_nothing() -> None:
    one = Retainer(eur("1000.00"), carry_periods=1)
    assert cover("600.00", left={JAN: eur("900.00"), FEB: eur("50.00")}, retainer=one) == [(FEB, Decimal("50.00"))]


def test_work_that_was_billed_is_not_covered_afterwards() -> None:
    """400.00 were billed when nothing was left; since then a correction elsewhere gave 700.00 back."""
    assert cover("100.00", before="400.00", left={MAR: eur("700.00")}) == [(MAR, Decimal("100.00"))]


def test_a_correction_first_takes_what_the_customer_paid_for() -> None:
    standing = (Covered(MAR, eur("1000.00")),)
    assert cover("-200.00", before="1200.00", left={MAR: eur("0")}, covered=standing) == []


def test_then_cover_goes_back_youngest_fee_first() -> None:
    standing = (Covered(FEB, eur("300.00")), Covered(MAR, eur("700.00")))
    assert cover("-900.00", before="1100.00", left={}, covered=standing) == [
        (MAR, Decimal("-700.00")),
        (FEB, Decimal("-100.00")),
    ]


def test_what_was_taken_back_is_not_covered_twice_when_it_comes_again() -> None:
    standing = (Covered(MAR, eur("500.00")), Covered(MAR, eur("-500.00")))
    assert cover("500.00", before="0", left={MAR: eur("1000.00")}, covered=standing) == [(MAR, Decimal("500.00"))]


def test_a_fee_invoiced_under_earlier_terms_covers_what_it_did_then() -> None:
    left = fee_left([JAN, FEB], FOREVER, [Covered(JAN, eur("100.00"))], {JAN: eur("800.00")})
    assert left == {JAN: eur("700.00"), FEB: eur("1000.00")}
