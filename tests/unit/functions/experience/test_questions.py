"""What portals ask: is this billable, what would be billed, where does an invoice stand, what is the rate, what if."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from functions.experience import routes
from functions.experience.eligibility import eligibility
from functions.experience.rates import rate
from functions.operations import money_routes, operate_replay_routes, operate_routes
from shared.faults import BusinessException
from tests.fakes.flow import NOON
from tests.stories import CONTRACT, PROJECT, THROUGH, Fabric, a_card, a_contract, an_entry, time_and_materials
from tests.unit.functions.experience.test_api import CONTEXT, get
from tests.unit.functions.operations.test_amend_contract import NEW_RATE, amend, work, written
from tools import openapi_page

PAPER: dict[str, Any] = {
    "amendment_id": "A-1",
    "contract_id": CONTRACT,
    "effective_on": "2026-03-10",
    "words": "new prices",
    "changes": [NEW_RATE],
}


@pytest.fixture
def fabric(monkeypatch: pytest.MonkeyPatch) -> Fabric:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    monkeypatch.setattr(routes, "ports", lambda: fabric.ports)
    return fabric


def post(path: str, body: Any) -> tuple[int, Any]:
    import json

    event = {
        "version": "2.0",
        "routeKey": "POST /{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "application/json", "content-type": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": path}, "stage": "$default", "requestId": "r-1"},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
    from functions.experience import api

    answer = api.handler(event, CONTEXT)
    return int(answer["statusCode"]), json.loads(answer["body"])


def test_an_entry_is_billable_until_an_invoice_has_it(fabric: Fabric) -> None:
    work(fabric, 2)
    code, told = get("/eligibility/t-1", through="2026-03-31")
    assert (code, told["billable"], told["state"], told["value"]) == (200, True, "open", "150.00")
    (invoice,) = fabric.bill()
    told = eligibility(fabric.ports, "t-1", THROUGH)
    assert (told.billable, told.state, told.invoice_id) == (False, "invoiced", invoice.invoice_id)
    assert (told.invoice_status, told.erp_number) == ("posted", invoice.erp_number)


def test_an_entry_of_a_later_period_says_so(fabric: Fabric) -> None:
    work(fabric, 28)
    told = eligibility(fabric.ports, "t-1", date(2026, 3, 15))
    assert (told.billable, told.reason) == (False, "later_period")


def test_a_project_on_hold_and_what_stands_on_it_are_not_billable(fabric: Fabric) -> None:
    from tests.unit.functions.operations.test_amend_contract import _held

    work(fabric, 2)
    fabric.ports.projects.update(PROJECT, _held)
    assert eligibility(fabric.ports, "77", THROUGH).reason == "billing_hold"
    assert eligibility(fabric.ports, "t-1", THROUGH).reason == "billing_hold"


def test_what_was_delivered_and_waits_says_for_what() -> None:
    fabric = Fabric().ready(a_contract(lines=()))
    fabric.approve(an_entry())
    told = eligibility(fabric.ports, "t-1", THROUGH)
    assert (told.state, told.reason) == ("waiting", "line_missing")


def test_what_never_reached_us_is_unknown(fabric: Fabric) -> None:
    assert get("/eligibility/nobody") == (404, {"title": "id_unknown", "status": 404, "id": "nobody"})


def test_a_rate_is_that_of_its_day_and_of_what_was_known(fabric: Fabric) -> None:
    fabric.ports.clock.at = NOON + timedelta(days=2)
    amend(fabric)
    ask = {"worked_on": date(2026, 3, 12), "role": "Consultant"}
    now = rate(fabric.ports, CONTRACT, **ask)
    assert (now.unit_price, now.level, now.card_version) == ("180.00", "signed_role", "A-1")
    then = rate(fabric.ports, CONTRACT, **ask, known_at=NOON + timedelta(days=1))
    assert (then.unit_price, then.level) == ("150.00", "role")
    before = rate(fabric.ports, "77", worked_on=date(2026, 3, 9), role="Consultant")
    assert before.unit_price == "150.00"
    with pytest.raises(BusinessException, match="contract_not_known_yet"):
        rate(fabric.ports, CONTRACT, **ask, known_at=NOON - timedelta(days=1))


def test_a_rate_nobody_agreed_is_refused_by_its_code(fabric: Fabric) -> None:
    code, told = get(f"/contracts/{CONTRACT}/rate", worked_on="2026-03-12", role="Driver")
    assert (code, told["title"]) == (409, "rate_missing")


def test_an_invoice_tells_its_status_and_what_is_outstanding(fabric: Fabric) -> None:
    work(fabric, 2)
    (invoice,) = fabric.bill()
    code, told = get(f"/invoices/{invoice.erp_number}/status")
    assert (code, told["status"], told["gross"], told["outstanding"]) == (200, "posted", "150.00", "150.00")


def test_a_preview_is_asked_by_its_route(fabric: Fabric) -> None:
    work(fabric, 2, 9)
    code, told = get(f"/contracts/{CONTRACT}/preview", through="2026-03-31")
    assert (code, [each["net"] for each in told["invoices"]]) == (200, ["300.00"])
    assert get("/contracts/nobody/preview", through="2026-03-31")[0] == 404


def test_a_what_if_shows_the_effect_and_writes_nothing(fabric: Fabric) -> None:
    work(fabric, 9, 12)
    before = written(fabric)
    code, told = post(f"/contracts/{CONTRACT}/what-if", PAPER)
    assert code == 200 and [each["value_after"] for each in told["open_items"]] == ["180.00"]
    assert written(fabric) == before
    assert told == amend(fabric)["effect"]


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"changes": [{"change": "set_cap", "line_id": "l-9", "cap": None}]}, "changes.0.line_id"),
        ({"changes": [{"change": "end_line", "line_id": "l-time", "ends": "now"}]}, "changes.0.ends"),
        ({"contract_id": "contract-2"}, "contract_id"),
    ],
)
def test_a_paper_that_does_not_fit_names_the_place(fabric: Fabric, wrong: Any, at: str) -> None:
    code, told = post(f"/contracts/{CONTRACT}/what-if", PAPER | wrong)
    assert (code, told["title"], told["at"]) == (422, "amendment_unfit", at)


def test_the_published_document_is_openapi_3_1() -> None:
    document = yaml.safe_load(openapi_page.PAGE.read_text())
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()
    assert document == openapi_page.document()


def test_every_route_is_in_the_document_by_its_handlers_name() -> None:
    document = openapi_page.document()
    names = [each["operationId"] for operations in document["paths"].values() for each in operations.values()]
    rooms = (routes, operate_routes, money_routes, operate_replay_routes)
    assert len(names) == len(set(names))
    assert [name for name in names if not any(callable(getattr(room, name, None)) for room in rooms)] == []


def test_what_acts_needs_the_token_that_may_act() -> None:
    document = openapi_page.document()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            scheme = "acting" if path.startswith("/operate/") else "token"
            assert operation.get("security", document["security"]) == [{scheme: []}], path


def test_the_routes_that_post_only_ask() -> None:
    paths = openapi_page.document()["paths"].items()
    posts = [path for path, each in paths if "post" in each and not path.startswith("/operate/")]
    assert posts == ["/contracts/{contract_id}/what-if"]


def test_a_rate_is_that_of_the_card_as_it_was_known(fabric: Fabric) -> None:
    fabric.ports.clock.at = NOON + timedelta(days=2)
    fabric.price(a_card(2, rate="160.00"))
    ask = {"worked_on": date(2026, 3, 12), "role": "Consultant"}
    now, then = (rate(fabric.ports, CONTRACT, **ask, known_at=at) for at in (None, NOON + timedelta(days=1)))
    assert [(each.unit_price, each.card_version) for each in (now, then)] == [("160.00", "2"), ("150.00", "1")]
