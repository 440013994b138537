"""Time periods: in which one a day falls.

Source: vendors/certinia.md, section 3.7.
"""

from __future__ import annotations

from bisect import bisect_right
from weakref import WeakKeyDictionary

from sandbox.certinia import settings
from sandbox.salesforce_platform.org import Org

_Periods = list[tuple[str, str, str]]
"""(first day, last day, id), in order."""
_known: WeakKeyDictionary[Org, tuple[tuple[int, str], _Periods]] = WeakKeyDictionary()


def period_of(org: Org, day: str) -> str | None:
    """The id of the period of the configured type; None where there is none."""
    state = (org.writes["pse__Time_Period__c"], settings.of(org).time_period_type)
    kept = _known.get(org)
    if kept is None or kept[0] != state:
        kept = _known[org] = (state, _read(org, state[1]))
    periods = kept[1]
    at = bisect_right(periods, (day, "~", "~")) - 1
    return periods[at][2] if at >= 0 and periods[at][1] >= day else None


def _read(org: Org, kind: str) -> _Periods:
    rows = (row for row in org.live("pse__Time_Period__c") if row["pse__Type__c"] == kind)
    return sorted((row["pse__Start_Date__c"], row["pse__End_Date__c"], row["Id"]) for row in rows)
