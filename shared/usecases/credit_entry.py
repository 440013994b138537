"""What a credit memo gives back to the clauses of its contract: the ledger entry of the memo, all amounts negative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract
from shared.domain.invoice import InvoiceLine, LineOrigin
from shared.domain.ledger import Covered, LedgerEntry, LedgerLine
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.usecases.clause_items import RETAINER_FEE, is_work, minutes_of
from shared.usecases.clause_period import period_of
from shared.usecases.hold_over_cap import used_by

ZERO = Decimal(0)


def credit_entry(
    memo_id: str,
    contract: Contract,
    *,
    work: Sequence[tuple[WipItem, Money]] = (),
    clauses: Sequence[tuple[InvoiceLine, Money]] = (),
    of: Sequence[LedgerEntry],
    conceded: bool = False,
) -> LedgerEntry:
    """work: credited items of the invoice and how much of each, positive for what the customer gets back. clauses:
    credited lines that are no work and how much of their net, with its sign. of: the entries of the invoice and of its
    earlier memos; a clause line gives back no more than they used up, youngest period first. conceded: nothing of it is
    billed again, so that a retainer fee covers less, by the part that was given up.

    Source: docs/billing.md, "The ledger of a contract".
    """
    found: dict[tuple[str, date], LedgerLine] = {}
    for item, amount in work:
        key = (item.line_id, period_of(contract, item.worked_on))
        found[key] = _less_work(found.get(key) or _nothing(*key, contract.currency), item, amount, contract)
        if conceded and item.valuation.rule == RETAINER_FEE:
            found[key] = _conceded(found[key], item, amount, contract, _included(contract, key, of))
    for line, net in clauses:
        _give_back(found, line, net, _standing(of, line.contract_line_id), contract.currency)
    return LedgerEntry(memo_id, tuple(found[key] for key in sorted(found)))


def _less_work(line: LedgerLine, item: WipItem, amount: Money, contract: Contract) -> LedgerLine:
    """Minutes go with the part of the item that is credited; of a whole item all."""
    fee = item.valuation.rule == RETAINER_FEE
    counted = amount if not fee and used_by([item], contract, item.line_id)[0].amount else Money.zero(amount.currency)
    part = amount.amount / item.value.amount if item.value.amount else Decimal(1)
    worked = amount if is_work(item) else Money.zero(amount.currency)
    return replace(
        line,
        counted=line.counted - counted,
        minutes=line.minutes - minutes_of(item) * part,
        work=line.work - worked,
        brought_in=line.brought_in - (amount if fee else worked),
    )


def _conceded(line: LedgerLine, item: WipItem, amount: Money, contract: Contract, included: Money) -> LedgerLine:
    """The item may be a part of the fee that was billed again."""
    signed = contract.line(line.line_id)
    retainer = signed.terms.retainer if signed else None
    whole = max(item.value.amount, retainer.fee.amount) if retainer else item.value.amount
    part = included.times(amount.amount, whole).rounded()
    return replace(line, conceded=(line.conceded or Money.zero(amount.currency)) + part)


def _included(contract: Contract, key: tuple[str, date], of: Sequence[LedgerEntry]) -> Money:
    """What the fee of the line and period lets be covered: as it was invoiced."""
    lines = [line for entry in of for line in entry.lines if (line.line_id, line.period) == key and line.included]
    if lines and lines[-1].included:
        return lines[-1].included
    signed = contract.line(key[0])
    retainer = signed.terms.retainer if signed else None
    return (retainer.included or retainer.fee) if retainer else Money.zero(contract.currency)


def _give_back(
    found: dict[tuple[str, date], LedgerLine],
    line: InvoiceLine,
    net: Money,
    standing: Sequence[LedgerLine],
    currency: str,
) -> None:
    """net: negative for a discount, cover or payment that is taken back, positive for a top-up."""
    left = abs(net.amount)
    for each in sorted(standing, key=lambda one: one.period, reverse=True):
        key = (each.line_id, each.period)
        now = found.get(key) or _nothing(*key, currency)
        if line.origin is LineOrigin.DISCOUNT:
            part = min(left, each.discount.amount)
            now = replace(now, discount=now.discount - _m(part, currency), discount_terms=each.discount_terms)
            now = replace(now, brought_in=now.brought_in + _m(part, currency))
        elif line.origin is LineOrigin.MINIMUM:
            part = min(left, each.top_up.amount)
            top_up = _m(part, currency)
            now = replace(now, top_up=now.top_up - top_up, counted=now.counted - top_up)
            now = replace(now, brought_in=now.brought_in - top_up)
        elif line.description.startswith("Paid from deposit"):
            part = min(left, each.drawn.amount)
            now = replace(now, drawn=now.drawn - _m(part, currency))
        else:
            part, covers = _uncover(each.covered, left, currency)
            now = replace(now, covered=(*now.covered, *covers), brought_in=now.brought_in + _m(part, currency))
        if part > 0:
            found[key] = now
            left -= part


def _uncover(covered: Sequence[Covered], left: Decimal, currency: str) -> tuple[Decimal, tuple[Covered, ...]]:
    parts = []
    for cover in sorted(covered, key=lambda one: one.fee_period, reverse=True):
        part = min(left, cover.value.amount)
        if part > 0:
            parts.append(Covered(cover.fee_period, _m(-part, currency)))
            left -= part
    return -sum((each.value.amount for each in parts), ZERO), tuple(parts)


def _standing(of: Sequence[LedgerEntry], line_id: str) -> list[LedgerLine]:
    """Per period of the line, what the entries together used up."""
    sums: dict[date, LedgerLine] = {}
    for each in (line for entry in of for line in entry.lines if line.line_id == line_id):
        if (now := sums.get(each.period)) is None:
            sums[each.period] = each
            continue
        covers: dict[date, Money] = {}
        for cover in (*now.covered, *each.covered):
            covers[cover.fee_period] = covers.get(cover.fee_period, Money.zero(cover.value.currency)) + cover.value
        sums[each.period] = replace(
            now,
            discount=now.discount + each.discount,
            drawn=now.drawn + each.drawn,
            top_up=now.top_up + each.top_up,
            covered=tuple(Covered(period, value) for period, value in covers.items()),
        )
    return list(sums.values())


def _nothing(line_id: str, period: date, currency: str) -> LedgerLine:
    zero = Money.zero(currency)
    return LedgerLine(
        line_id, period, counted=zero, minutes=ZERO, work=zero, discount=zero, drawn=zero, top_up=zero, brought_in=zero
    )


def _m(amount: Decimal, currency: str) -> Money:
    return Money(amount, currency)
