"""What exchange rates did to a line: the words and facts that `explain_line` shows. Words, then facts, per step."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.exchange import EURO, FxUsed
from shared.domain.invoice import BookTotals
from shared.domain.money import Money
from shared.domain.wip import Valuation

Told = tuple[str, dict[str, str]]
_SHOWN = Decimal("0.00000001")


def shown_price(price: Decimal) -> Decimal:
    """A converted price has digits without end: eight are shown, all are reckoned with."""
    return price if price == price.quantize(_SHOWN) else price.quantize(_SHOWN)


def of_price(valuation: Valuation) -> Told | None:
    """Why the price is in another currency than the card's, or the cost's."""
    fx, card = valuation.fx, valuation.card_price
    if fx is None or card is None:
        return None
    if valuation.rate_card_id is None:
        return f"paid as {card.amount} {card.currency}, billed in {fx.to_currency} {_by(fx)}", _facts(fx)
    given = f"{card.amount} {card.currency} is {shown_price(valuation.unit_price.amount)} {fx.to_currency}"
    return f"the card's {given}, {_by(fx)}", _facts(fx)


def of_books(book: BookTotals | None) -> Told | None:
    """What the invoice is in the books."""
    if book is None:
        return None
    net, tax, gross = (_amount(each) for each in (book.net, book.tax, book.gross))
    words = f"in the books net {net}, tax {tax}, gross {gross} {book.fx.to_currency}, {_by(book.fx)}"
    return words, {"book_net": net, "book_tax": tax, "book_gross": gross, **_facts(book.fx)}


def _by(fx: FxUsed) -> str:
    day = f"of {fx.published_on.isoformat()}"
    if fx.asked_on != fx.published_on:
        day += f", the last before {fx.asked_on.isoformat()}"
    sides = ((fx.from_per_euro, fx.from_currency), (fx.to_per_euro, fx.to_currency))
    rates = " = ".join(f"{rate} {currency}" for rate, currency in sides if currency != EURO)
    return f"by {fx.source} {day}: 1 {EURO} = {rates}"


def _facts(fx: FxUsed) -> dict[str, str]:
    return {
        "fx_rule": fx.rule,
        "fx_source": fx.source,
        "fx_asked_on": fx.asked_on.isoformat(),
        "fx_published_on": fx.published_on.isoformat(),
        "fx_direction": fx.direction,
        "fx_from_per_euro": str(fx.from_per_euro),
        "fx_to_per_euro": str(fx.to_per_euro),
    }


def _amount(money: Money) -> str:
    return format(money.amount, "f")
