"""Many in one: a 200 that carries failures is no success, the guilty one is named, an odd answer is an unknown outcome."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from functions.connectors.certinia.faults import fault_of
from functions.connectors.certinia.write_many import change_all, raise_worst
from functions.platforms.salesforce.client import Org
from shared.adapters.vendor_http import VendorHttp
from shared.faults import BusinessException, Fault, Poison, Transient
from tests.fakes.ports import FakePorts

DONE: dict[str, Any] = {"success": True, "errors": []}


def failed(code: str, message: str = "No.") -> dict[str, Any]:
    return {"success": False, "errors": [{"statusCode": code, "message": message}]}


class Vendor:
    """Answers in turn; `sent` holds the bodies."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.sent = list(answers), []  # type: ignore[var-annotated]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(json.loads(request.content) if request.content else None)
        return httpx.Response(200, content=json.dumps(self.answers.pop(0)).encode())

    @property
    def ports(self) -> Any:
        ports: Any = FakePorts()
        http = VendorHttp("certinia", "https://org.example", fault_of, transport=httpx.MockTransport(self))
        ports.org = Org(http, fault_of, ports.slots, account="certinia", api_version="66.0", page_size=500)
        return ports


def records(count: int) -> list[dict[str, Any]]:
    return [{"attributes": {"type": "pse__Timecard__c"}, "id": f"{n}"} for n in range(count)]


def test_a_person_must_see_a_refused_row_even_if_others_only_met_a_lock() -> None:
    vendor = Vendor([failed("UNABLE_TO_LOCK_ROW"), failed("STRING_TOO_LONG"), DONE], [failed("UNABLE_TO_LOCK_ROW")])
    with pytest.raises(BusinessException, match="psa_text_too_long") as refused:
        change_all(records(3), vendor.ports, lane="status")
    assert refused.value.facts["records"] == "2"


def test_rows_that_met_a_lock_or_a_limit_go_again_in_small_calls() -> None:
    limit = failed("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "System.LimitException: CPU")
    vendor = Vendor([DONE] * 30 + [limit] * 40, [DONE] * 25, [DONE] * 15)
    change_all(records(70), vendor.ports, lane="status")
    assert [len(body["records"]) for body in vendor.sent] == [70, 25, 15]
    assert vendor.sent[1]["records"][0]["id"] == "30"


def test_a_lock_that_stays_is_for_a_later_try() -> None:
    vendor = Vendor([failed("UNABLE_TO_LOCK_ROW")], [failed("UNABLE_TO_LOCK_ROW")])
    with pytest.raises(Transient, match="psa_row_locked"):
        change_all(records(1), vendor.ports, lane="status")


def test_more_than_a_call_takes_goes_in_several() -> None:
    vendor = Vendor([DONE] * 200, [DONE] * 50)
    change_all(records(250), vendor.ports, lane="status")
    assert [len(body["records"]) for body in vendor.sent] == [200, 50]


@pytest.mark.parametrize("answer", [{}, [], [DONE, DONE], [{"id": "x"}], ["text"], None])
def test_results_that_are_not_one_per_record_are_an_unknown_outcome(answer: Any) -> None:
    with pytest.raises(Transient, match="unknown_outcome"):
        change_all(records(1), Vendor(answer).ports, lane="status")


def part(reference: str, status: int, body: Any) -> dict[str, Any]:
    return {"referenceId": reference, "httpStatusCode": status, "body": body, "httpHeaders": {}}


def halted(code: str) -> list[dict[str, str]]:
    return [{"errorCode": code, "message": "No."}]


STEPS = [{"method": "PATCH", "url": "/x", "referenceId": name, "body": {}} for name in ("account", "project")]


def test_a_composite_taken_back_raises_the_fault_of_the_one_that_failed() -> None:
    vendor = Vendor(
        {
            "compositeResponse": [
                part("account", 400, halted("PROCESSING_HALTED")),
                part("project", 400, halted("INVALID_FIELD")),
            ]
        }
    )
    with pytest.raises(BusinessException, match="psa_field_unknown"):
        vendor.ports.org.composite(STEPS, lane="reference")
    assert vendor.sent[0]["allOrNone"] is True


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"compositeResponse": []},
        {"compositeResponse": [part("project", 200, {}), part("account", 200, {})]},
        {"compositeResponse": [part(name, 400, halted("PROCESSING_HALTED")) for name in ("account", "project")]},
    ],
    ids=["empty", "none", "other order", "nobody guilty"],
)
def test_a_composite_that_cannot_be_read_is_an_unknown_outcome(answer: Any) -> None:
    with pytest.raises(Transient, match="unknown_outcome"):
        Vendor(answer).ports.org.composite(STEPS, lane="reference")


def test_pages_of_a_query_within_a_composite_are_read_to_their_end() -> None:
    page = {"records": [{"Id": "1"}], "done": False, "nextRecordsUrl": "/services/data/v66.0/query/01g-1"}
    vendor = Vendor({"compositeResponse": [part("sets", 200, page)]}, {"records": [{"Id": "2"}], "done": True})
    assert vendor.ports.org.read_many({"sets": "SELECT Id FROM X"}, lane="poll") == {"sets": [{"Id": "1"}, {"Id": "2"}]}


def test_a_query_that_says_there_is_more_and_not_where_is_poison() -> None:
    with pytest.raises(Poison, match="vendor_rows_unreadable"):
        Vendor({"records": [], "done": False}).ports.org.query("SELECT Id FROM X", lane="poll")


def test_nothing_refused_raises_nothing() -> None:
    outcomes: list[Fault | None] = [None, None]
    raise_worst(outcomes)
