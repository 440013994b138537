"""The words in which a contract says when it is billed -> BillingSchedule, and the one spelling we keep of them."""

from __future__ import annotations

import re
from datetime import date

from shared.domain.billing_schedule import BillingSchedule, Cadence
from shared.faults import BusinessException

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALLOWED = (
    "weekly, weekly_<weekday>, biweekly, biweekly_<weekday>, semi_monthly, semi_monthly_<day 1-27>_<later day>, monthly, "
    "monthly_<day 1-31>, quarterly, on_completion, on_milestone, on_demand"
)
_ALIASES = {"semimonthly": "semi_monthly", "bi_weekly": "biweekly", "fortnightly": "biweekly"}
_LAST_FIRST_CUT_OFF = 27
"""In the shortest month two cut-offs must still be two days."""


def parse_schedule(words: str, *, starts_on: date | None = None) -> BillingSchedule:
    """Case, blanks, hyphens and commas do not matter: "Semi-Monthly", "monthly, 25", "Weekly (Friday)".

    starts_on: of the contract; biweekly periods are counted from its week. Raises
    BusinessException("contract_mismatch") naming what is allowed.
    Source: docs/billing.md, "Billing schedules".
    """
    spelt = canonical_words(words)
    found = _by_week(spelt, starts_on) or _by_month(spelt) or _without_periods(spelt)
    if found is None:
        raise BusinessException("contract_mismatch", why=f"billing schedule {words!r}", allowed=ALLOWED)
    return found


def canonical_words(words: str) -> str:
    """Lower case, one underscore between words, aliases resolved; what stands in the contract and in invoice ids."""
    spelt = "_".join(re.findall(r"[a-z0-9]+", words.lower()))
    for alias, word in _ALIASES.items():
        if spelt == alias or spelt.startswith(f"{alias}_"):
            return word + spelt[len(alias) :]
    return spelt


def _by_week(spelt: str, starts_on: date | None) -> BillingSchedule | None:
    cadence, _, day = spelt.partition("_")
    if cadence not in (Cadence.WEEKLY, Cadence.BIWEEKLY):
        return None
    named = [number for number, name in enumerate(WEEKDAYS, start=1) if day and name in (day, f"{day}day")]
    named = named or [number for number, name in enumerate(WEEKDAYS, start=1) if len(day) == 3 and name[:3] == day]
    if day and not named:
        return None
    anchor = (starts_on or date(2001, 1, 1)) if cadence == Cadence.BIWEEKLY else None
    return BillingSchedule(Cadence(cadence), weekday=named[0] if named else 7, anchor=anchor)


def _by_month(spelt: str) -> BillingSchedule | None:
    if spelt == Cadence.QUARTERLY:
        return BillingSchedule(Cadence.QUARTERLY)
    fits = re.fullmatch(r"(?:semi_monthly(?:_(\d{1,2})_(\d{1,2}))?)|(?:monthly(?:_(\d{1,2}))?)", spelt)
    if fits is None:
        return None
    first, second, only = (int(day) if day else None for day in fits.groups())
    if spelt.startswith(Cadence.SEMI_MONTHLY):
        first, second = first or 15, second or 31
        good = 1 <= first <= _LAST_FIRST_CUT_OFF and first < second <= 31
        return BillingSchedule(Cadence.SEMI_MONTHLY, cut_offs=(first, second)) if good else None
    day = 31 if only is None else only
    return BillingSchedule(Cadence.MONTHLY, cut_offs=(day,)) if 1 <= day <= 31 else None


def _without_periods(spelt: str) -> BillingSchedule | None:
    """A contract billed on milestones: each milestone by itself once accepted, all else when the project is done."""
    if spelt in (Cadence.ON_COMPLETION, "on_milestone"):
        return BillingSchedule(Cadence.ON_COMPLETION)
    return BillingSchedule(Cadence.ON_DEMAND) if spelt == Cadence.ON_DEMAND else None
