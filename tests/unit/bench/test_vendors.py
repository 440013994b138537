"""What the bench says of vendors: which requests are alike, what a ceiling is, what is within a budget."""

from __future__ import annotations

from typing import Any

import pytest

from bench import report_vendors
from bench.counted import Counted
from bench.erp_ceilings import LIMITS
from bench.kinds import by_kind, kind_of
from bench.requests import summed
from bench.saturated import Ceiling, Look, share
from infra.registered import systems_of


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("PUT /services/rest/record/v1/invoice/eid:9a-US", "PUT /record/v1/invoice/eid:*"),
        (
            "POST /v2.0/ceb7238c-ab9d-5b91-b2e4-5f50f92c4888/sandbox/api/v2.0/companies(c1)/salesInvoices(i1)/Microsoft.NAV.post",
            "POST /companies(*)/salesInvoices(*)/Microsoft.NAV.post",
        ),
        (
            "GET /sap/opu/odata/sap/API_BILLING_DOCUMENT_SRV/A_BillingDocument('90000001')",
            "GET /API_BILLING_DOCUMENT_SRV/A_BillingDocument(*)",
        ),
        ("PUT /api/v1/workspaces/4711", "PUT /workspaces/*"),
        ("POST /services/data/v66.0/composite", "POST /composite"),
    ],
)
def test_a_kind_names_no_record(call: str, kind: str) -> None:
    assert kind_of(call) == kind


def test_requests_of_one_kind_add_up_most_frequent_first() -> None:
    calls = {"GET /api/v1/x/1": 1, "POST /api/v1/y": 3, "GET /api/v1/x/2": 1}
    assert list(by_kind(calls).items()) == [("POST /y", 3), ("GET /x/*", 2)]


def test_the_lower_of_two_limits_is_the_ceiling() -> None:
    assert Ceiling(slots=5, call_ms=400).calls_per_s == 12.5
    assert Ceiling(slots=5, call_ms=400, per_s=20).calls_per_s == 12.5
    assert Ceiling(slots=5, call_ms=100, per_s=20).calls_per_s == 20


def test_a_window_of_requests_used_up_is_the_whole_ceiling() -> None:
    looks = [Look(float(at), 20 * at, 30, 5) for at in range(11)]
    found = share(looks, Ceiling(5, 100, 20), calls_each=4)
    assert (found["share"], found["invoices_per_s"]) == (1.0, 5.0)


def test_every_erp_that_can_be_chosen_has_its_limits_here() -> None:
    assert set(LIMITS) == set(systems_of("erp"))


def test_requests_of_a_record_are_shared_by_all_of_it() -> None:
    found = [Counted("invoice", 2, {"PUT /a/eid:1": 2, "PUT /a/eid:2": 2}, 1), Counted("invoice", 2, {"GET /b": 3}, 0)]
    [row] = summed("netsuite", "erp", found, {"invoice": 2})
    assert (row["things"], row["requests"], row["requests_each"], row["tokens"]) == (4, 7, 1.75, 1)
    assert row["met"] and row["calls"] == {"PUT /a/eid:*": 4, "GET /b": 3}


def test_one_request_too_many_is_over_the_budget() -> None:
    [row] = summed("netsuite", "erp", [Counted("invoice", 2, {"GET /b": 5}, 0)], {"invoice": 2})
    assert not row["met"]


def test_what_has_no_budget_breaks_none() -> None:
    [row] = summed("netsuite", "erp", [Counted("start", 1, {"GET /b": 50}, 2)], {})
    assert row["met"] and row["budget"] is None


def ceiling_row(**changes: Any) -> dict[str, Any]:
    row = {"system": "sap_s4hana", "limits": "none told", "slots": 4, "call_ms": 400, "calls_per_s_allowed": 10.0}
    row |= {"requests_an_invoice": 4, "invoices": 320, "invoices_per_s": 2.3, "share": 0.91, "bar": 0.85, "met": True}
    return row | {"throttled": 0, "most_in_flight": 4, "saturated_s": 140.0, "load_at_start": 0.3} | changes


def test_refused_calls_are_told_and_missed() -> None:
    found = {"erp_ceilings": [ceiling_row(throttled=3)]}
    share_row, refused = report_vendors.headline(found)
    assert share_row[1:] == ("0.91", ">= 0.85", "yes")
    assert refused[1:] == ("3", "0", "no")


def test_the_page_has_a_row_for_each_system_and_record() -> None:
    asked = summed(
        "kantata", "psa", [Counted("time_entry", 2000, {"GET /api/v1/time_entries": 34}, 0)], {"time_entry": 0.02}
    )
    found = {"vendor_requests": asked, "erp_ceilings": [ceiling_row()]}
    page = report_vendors.sections(found)
    assert "| Kantata OX | time entry read | 2,000 | 0.017 | 0.02 | yes | 0 |" in page
    assert "| SAP S/4HANA Cloud, Public Edition | 4 | 400 | 10.0 | 4 | 2.3 | 0.91 | 0 | 4 | 140.0 | 0.3 |" in page


def test_a_result_without_vendors_has_no_section_of_them() -> None:
    assert report_vendors.sections({}) == [] and report_vendors.headline({}) == []
