"""The core's bench bills what the database sums up."""

from __future__ import annotations

import pytest

from bench import report
from bench.core import bill
from bench.core_database import in_database
from bench.core_firm import entries_of


def test_what_is_billed_is_what_a_database_sums_to_the_cent() -> None:
    sums, _ = in_database(3, 200)
    assert bill(3, 200) == sums and sums.invoices == 3


def test_the_entries_are_the_same_in_every_run() -> None:
    assert list(entries_of(7, 50)) == list(entries_of(7, 50))
    assert {entry.role for entry in entries_of(7, 50)} == {"Senior", "Consultant", "Analyst", None}


@pytest.mark.parametrize(("seconds", "met"), [(59.0, "yes"), (61.0, "no")])
def test_the_bar_is_told_with_the_figure(seconds: float, met: str) -> None:
    core = {"entries": 10, "contracts": 2, "few": 5, "seconds": seconds, "cpu_seconds": 1.0, "peak_mb": 20.0}
    core |= {"growth": 1.0, "times_the_database": 9.0, "database_cpu_seconds": 0.1}
    core |= {"bar_s": 60, "bar_mb": 1024, "bar_growth": 1.2}
    first, *_ = report.headline({"core": core})
    assert (first[1], first[2], first[3]) == (f"{seconds} s (1.0 s of the processor)", "<= 60 s", met)
