"""What the month must bring in by its papers alone: the plan, the price list, the terms. No system is asked."""

from __future__ import annotations

from decimal import Decimal

from sandbox.firm.desks import ApprovedTime
from sandbox.firm.month import FirmMonth
from sandbox.firm.reckoning import Outlay, Work, reckon
from sandbox.firm.shape import Deal, Entry
from sandbox.firm.truth import Price, entry_value, given_up, parts_due, price_list


def invoiced(firm: FirmMonth) -> dict[str, Decimal]:
    """Net by contract, once all of it is billed."""
    return {deal.name: of_contract(firm, deal) for deal in firm.month.deals}


def of_contract(firm: FirmMonth, deal: Deal) -> Decimal:
    currency, price = firm.month.offices[deal.office].currency, price_list(firm)
    work = [as_work(firm, deal, entry, price, currency) for entry in firm.month.entries if entry.deal == deal.name]
    costs = [cost for cost in firm.month.costs if cost.deal == deal.name]
    outlays = [Outlay(cost.category, cost.amount, given_up(firm, deal, cost.day)) for cost in costs]
    return reckon(deal.clauses, currency, work, outlays, parts_due(firm, deal)).invoiced


def as_work(firm: FirmMonth, deal: Deal, entry: Entry, price: Price, currency: str) -> Work:
    minutes = entry.corrected_to or entry.minutes
    told = ApprovedTime(str(entry.number), deal.name, entry.consultant, entry.day, minutes, invoiced=True)
    free = not entry.late and given_up(firm, deal, entry.day)
    return Work(told.entry_id, entry_value(told, price, currency), on_time=not entry.late, given_up=free)
