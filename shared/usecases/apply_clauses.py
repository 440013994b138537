"""The lines of an invoice that come from clauses, and what it uses up of them. One order for all: value, round, cap,
discount, retainer cover, prepaid, minimum, tax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine
from shared.domain.invoice import LineOrigin
from shared.domain.ledger import Covered, Ledger, LedgerEntry, LedgerLine
from shared.domain.money import Money
from shared.domain.terms import Discount, Retainer, TierBasis
from shared.domain.wip import WipItem
from shared.usecases.clause_items import RETAINER_FEE, is_expense, is_work, sum_of
from shared.usecases.clause_period import last_day, next_period, period_of, periods_between
from shared.usecases.due_fees import fee_periods
from shared.usecases.group_wip import invoice_order
from shared.usecases.hold_over_cap import used_by
from shared.usecases.retainer_cover import fee_left, retainer_cover
from shared.usecases.tiered_discount import terms_key, tiered_discount


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """like: the item whose project and tax it shares. clause: the figures it was reckoned from, in words."""

    contract_line_id: str
    origin: LineOrigin
    description: str
    clause: str
    net: Money
    like: WipItem


@dataclass(frozen=True, slots=True)
class Clauses:
    lines: tuple[ClauseLine, ...]
    entry: LedgerEntry


def apply_clauses(
    invoice_id: str,
    items: Sequence[WipItem],
    contract: Contract,
    ledger: Ledger,
    *,
    period_end: date,
    deposits: Mapping[str, Money],
    elsewhere: Sequence[WipItem] = (),
) -> Clauses:
    """From all the invoice claimed, any order, and the ledger of the contract's other priced invoices.

    deposits: per contract line, what was asked for as prepaid so far. elsewhere: items of invoices not priced yet; the
    minimum of a period waits for the last of them. Source: docs/billing.md, "The order of clauses".
    """
    mine = ledger.without(invoice_id)
    done: list[LedgerLine] = []
    shown: list[ClauseLine] = []
    for line_id in sorted({item.line_id for item in items}):
        on_line = sorted((item for item in items if item.line_id == line_id), key=invoice_order)
        line = next((each for each in contract.lines if each.line_id == line_id), None)
        sums = _Reckoning(contract, line, line_id, on_line, mine, period_end, deposits.get(line_id), elsewhere)
        sums.run()
        done += sums.done
        shown += sums.shown
    return Clauses(tuple(shown), LedgerEntry(invoice_id, tuple(done)))


@dataclass
class _Reckoning:
    """One contract line of one invoice; `done` grows period by period, in rising order."""

    contract: Contract
    line: ContractLine | None
    line_id: str
    items: Sequence[WipItem]
    ledger: Ledger
    period_end: date
    deposited: Money | None
    elsewhere: Sequence[WipItem]
    done: list[LedgerLine] = field(default_factory=list)
    shown: list[ClauseLine] = field(default_factory=list)

    def run(self) -> None:
        by_period: dict[date, list[WipItem]] = {}
        for item in self.items:
            by_period.setdefault(period_of(self.contract, item.worked_on), []).append(item)
        for period in sorted(by_period):
            self._period(period, by_period[period])
        if self.line and self.line.terms.minimum and any(not is_expense(item) for item in self.items):
            self._minimums(self.line.terms.minimum, by_period)

    def _period(self, period: date, items: Sequence[WipItem]) -> None:
        terms = self.line.terms if self.line else None
        work = [item for item in items if is_work(item)]
        net = sum_of(work, self._currency)
        discount, key = self._zero, ""
        if terms and terms.discount and work:
            discount, key = self._discount(terms.discount, period, net, work[0]), terms_key(terms.discount)
        covers: tuple[Covered, ...] = ()
        if terms and terms.retainer and work:
            covers = self._cover(terms.retainer, period, net - discount, work[0])
        covered = sum((each.value for each in covers), self._zero)
        drawn = self._draw(net - discount - covered, work, [item for item in items if is_expense(item)])
        fees = [item for item in items if item.valuation.rule == RETAINER_FEE]
        counted, minutes = used_by([item for item in items if item not in fees], self.contract, self.line_id)
        self.done.append(
            LedgerLine(
                line_id=self.line_id,
                period=period,
                counted=counted,
                minutes=minutes,
                work=net,
                discount=discount,
                drawn=drawn,
                top_up=self._zero,
                brought_in=net - discount - covered + sum_of(fees, self._currency),
                discount_terms=key,
                covered=covers,
                included=self._included(terms.retainer if terms else None, fees),
            )
        )

    def _discount(self, discount: Discount, period: date, work: Money, like: WipItem) -> Money:
        """The whole scope's discount by these terms, less what it was given already: no order of invoices changes it."""
        scope = [each for each in self._lines() if discount.basis is TierBasis.TO_DATE or each.period == period]
        key = terms_key(discount)
        before = sum((each.work for each in scope if each.discount_terms != key), self._zero)
        mine = [each for each in scope if each.discount_terms == key]
        volume = sum((each.work for each in mine), before) + work
        given = sum((each.discount for each in mine), self._zero)
        whole = tiered_discount(discount, volume) - tiered_discount(discount, before)
        value = whole - given
        when = "to date" if discount.basis is TierBasis.TO_DATE else f"in {period:%Y-%m}"
        words = f"{volume.amount} {when}: discount {whole.amount}, of which {given.amount} on earlier invoices"
        self._show(LineOrigin.DISCOUNT, f"Discount, work of {period:%Y-%m}", words, -value, like)
        return value

    def _cover(self, retainer: Retainer, period: date, work: Money, like: WipItem) -> tuple[Covered, ...]:
        lines = self._lines()
        of_period = [each for each in lines if each.period == period]
        before = sum((each.work - each.discount for each in of_period), self._zero)
        included = {each.period: each.included for each in lines if each.included}
        due = fee_periods(self.contract, retainer, max(self.period_end, last_day(self.contract, period)))
        covers = [cover for each in lines for cover in (*each.covered, *_conceded(each))]
        left = fee_left(due, retainer, covers, included)
        parts = retainer_cover(
            self.contract,
            retainer,
            work_period=period,
            new=work,
            before=before,
            left=left,
            covered=[cover for each in of_period for cover in each.covered],
        )
        for part in parts:
            words = f"of {left[part.fee_period].amount} left of the fee" if part.value.amount > 0 else "given back"
            words = f"retainer of {part.fee_period:%Y-%m}: {part.value.amount} {words}"
            self._show(LineOrigin.COVERED, f"Covered by retainer, work of {period:%Y-%m}", words, -part.value, like)
        return parts

    def _draw(self, work: Money, of_work: Sequence[WipItem], expenses: Sequence[WipItem]) -> Money:
        """Work first, then expenses: each is a line taxed like what it pays for."""
        drawn = self._zero
        if self.deposited is None:
            return drawn
        for payable, like in ((work, of_work), (sum_of(expenses, self._currency), expenses)):
            if not like or payable.amount == 0:
                continue
            used = sum((each.drawn for each in self._lines()), self._zero) + drawn
            left = self.deposited - used
            value = min(payable.amount, max(left.amount, Decimal(0)))
            if payable.amount < 0:
                value = max(payable.amount, -max(used.amount, Decimal(0)))
            words = f"prepaid {self.deposited.amount}, used before {used.amount}, left before this line {left.amount}"
            self._show(LineOrigin.COVERED, "Paid from deposit", words, Money(-value, self._currency), like[0])
            drawn += Money(value, self._currency)
        return drawn

    def _minimums(self, minimum: Money, by_period: Mapping[date, Sequence[WipItem]]) -> None:
        like = next(item for item in self.items if not is_expense(item))
        for period in self._to_close(by_period):
            lines = self._lines()
            brought = sum((each.brought_in for each in lines if each.period == period), self._zero)
            value = max((minimum - brought).amount, Decimal(0))
            value = min(value, self._room(lines)) if self._capped else value
            words = f"minimum {minimum.amount} in {period:%Y-%m}, brought in {brought.amount}"
            top_up = Money(value, self._currency)
            self._show(LineOrigin.MINIMUM, f"Minimum of {period:%Y-%m}", words, top_up, like)
            self._close(period, top_up)

    def _to_close(self, by_period: Mapping[date, Sequence[WipItem]]) -> list[date]:
        """Ended periods after the last one looked at, or from the first on this invoice; none that another still bills."""
        closed = [each.period for each in self.ledger.of_line(self.line_id) if each.closed]
        first = next_period(self.contract, max(closed)) if closed else min(by_period)
        waiting = {period_of(self.contract, item.worked_on) for item in self.elsewhere if item.line_id == self.line_id}
        found = []
        for period in periods_between(self.contract, first, self.period_end):
            if period in waiting or last_day(self.contract, period) > self.period_end:
                break
            found.append(period)
        return found

    def _close(self, period: date, top_up: Money) -> None:
        for place, each in enumerate(self.done):
            if each.period == period:
                self.done[place] = replace(
                    each,
                    top_up=top_up,
                    closed=True,
                    counted=each.counted + top_up,
                    brought_in=each.brought_in + top_up,
                )
                return
        nothing = self._zero
        self.done.append(
            LedgerLine(
                self.line_id,
                period,
                counted=top_up,
                minutes=Decimal(0),
                work=nothing,
                discount=nothing,
                drawn=nothing,
                top_up=top_up,
                brought_in=top_up,
                closed=True,
            )
        )

    def _room(self, lines: Sequence[LedgerLine]) -> Decimal:
        """What a cap in money leaves for a top-up."""
        cap = self.line.terms.cap if self.line else None
        if cap is None or cap.value is None:
            return Decimal(0)
        allowed, _ = self.ledger.allowed(self.line_id, self._currency)
        counted = sum((each.counted for each in lines), self._zero)
        return max((cap.value + allowed - counted).amount, Decimal(0))

    @property
    def _capped(self) -> bool:
        return bool(self.line and self.line.terms.cap and self.line.terms.cap.value)

    def _included(self, retainer: Retainer | None, fees: Sequence[WipItem]) -> Money | None:
        return (retainer.included or retainer.fee) if retainer and fees else None

    def _lines(self) -> list[LedgerLine]:
        return [*self.ledger.of_line(self.line_id), *self.done]

    def _show(self, origin: LineOrigin, description: str, clause: str, net: Money, like: WipItem) -> None:
        if net.amount != 0:
            self.shown.append(ClauseLine(self.line_id, origin, description, clause, net, like))

    @property
    def _currency(self) -> str:
        return self.contract.currency

    @property
    def _zero(self) -> Money:
        return Money.zero(self.contract.currency)


def _conceded(line: LedgerLine) -> tuple[Covered, ...]:
    """A fee that was given up pays for nothing: as if so much of it were used."""
    return (Covered(line.period, line.conceded),) if line.conceded else ()
