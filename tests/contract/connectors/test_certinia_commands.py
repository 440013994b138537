"""Commands to Certinia on the simulator: a project made once, an invoice shown where the package shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.commands import CreateProject, PlannedMilestone, ReportInvoice
from events.values import Amount, Party, PostalAddress, Ref
from functions.connectors.certinia.commands import reference, status
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException
from tests.contract.connectors.certinia_ports import CertiniaFakes, certinia_ports
from tests.contract.connectors.documents import OUTSIDE, as_json, document, line
from tests.contract.simulators.certinia_org import WEEK_OVER_MONTH_END, Psa

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
pytestmark = pytest.mark.estate
SPLIT, EVENT = "pse__Timecard__c", "pse__Billing_Event__c"


def billing(*splits: dict[str, Any], net: str = "100.00") -> InvoiceDocument:
    lines = [line(net, "USD", OUTSIDE, ExternalRef("certinia", "time_entry", split["Id"])) for split in splits]
    return document(lines, legal_entity="US")


def report(of: InvoiceDocument, ports: CertiniaFakes, **changes: Any) -> None:
    ports.documents.put(f"documents/{of.invoice_id}", as_json(of))
    values: dict[str, Any] = {
        "invoice_id": of.invoice_id,
        "document_key": f"documents/{of.invoice_id}",
        "number": "INV7",
        "status": "posted",
        "currency": "USD",
        "issued_on": date(2026, 3, 31),
        **dict.fromkeys(("net", "tax", "gross", "paid"), Decimal(0)),
    }
    status.step(ReportInvoice(**(values | changes)), ports)


def shown(psa: Psa, kind: str, id_: str) -> tuple[Any, ...]:
    row = psa.org.get(kind, id_)
    names = ("pse__Invoiced__c", "pse__Invoice_Number__c", "pse__Invoice_Date__c")
    return tuple(row[name] for name in (*names, "Fabric_Invoice_Status__c"))


POSTED, COPIED = (True, "INV7", "2026-03-31", "posted"), (True, "INV7", "2026-03-31", None)
FREE = (False, None, None)


def test_without_a_billing_event_the_lines_themselves_show_the_invoice(psa: Psa) -> None:
    [split] = psa.splits(psa.approved())
    ports = certinia_ports(psa)
    of = billing(split)
    report(of, ports)
    assert shown(psa, SPLIT, split["Id"]) == POSTED
    report(of, ports, status="paid")
    assert shown(psa, SPLIT, split["Id"])[3] == "paid"


@pytest.mark.parametrize("copied", [True, False])
def test_a_released_event_of_these_lines_alone_shows_it_and_so_do_they(psa: Psa, copied: bool) -> None:
    psa.org.settings(invoice_copied_to_sources=copied)
    splits = psa.splits(psa.approved(WEEK_OVER_MONTH_END, {"Monday": 8, "Friday": 4}))
    event, ports = psa.generate(release=True), certinia_ports(psa)
    report(billing(*splits), ports)
    assert shown(psa, EVENT, event) == POSTED
    assert {shown(psa, SPLIT, each["Id"]) for each in splits} == {COPIED if copied else POSTED}


def test_an_event_that_lists_other_work_too_is_left_alone(psa: Psa) -> None:
    one, other = psa.splits(psa.approved())[0], psa.splits(psa.approved("2026-03-16"))[0]
    event, ports = psa.generate(release=True), certinia_ports(psa)
    report(billing(one), ports)
    assert shown(psa, EVENT, event)[:3] == FREE
    assert (shown(psa, SPLIT, one["Id"]), shown(psa, SPLIT, other["Id"])[:3]) == (POSTED, FREE)


def test_an_event_that_is_not_released_is_left_alone(psa: Psa) -> None:
    [split] = psa.splits(psa.approved())
    event, ports = psa.generate(), certinia_ports(psa)
    report(billing(split), ports)
    assert (shown(psa, EVENT, event)[:3], shown(psa, SPLIT, split["Id"])) == (FREE, POSTED)


@pytest.mark.parametrize("released", [True, False])
def test_a_cancelled_invoice_is_taken_off_again(psa: Psa, released: bool) -> None:
    [split] = psa.splits(psa.approved())
    if released:
        psa.generate(release=True)
    of, ports = billing(split), certinia_ports(psa)
    report(of, ports)
    report(of, ports, status="cancelled")
    assert shown(psa, SPLIT, split["Id"])[:3] == FREE


def test_work_billed_anew_belongs_to_the_later_invoice(psa: Psa) -> None:
    [split] = psa.splits(psa.approved())
    first, second, ports = billing(split), billing(split), certinia_ports(psa)
    report(first, ports)
    report(second, ports, number="INV8")
    report(first, ports, status="credited")
    assert shown(psa, SPLIT, split["Id"])[1:] == ("INV8", "2026-03-31", "posted")


def test_what_an_invoice_takes_back_is_not_shown_as_billed(psa: Psa) -> None:
    [split] = psa.splits(psa.approved())
    ports = certinia_ports(psa)
    report(billing(split, net="-100.00"), ports)
    assert shown(psa, SPLIT, split["Id"])[:3] == FREE


def test_where_another_system_writes_the_packages_fields_only_ours_are_written(psa: Psa) -> None:
    [split] = psa.splits(psa.approved())
    report(billing(split), certinia_ports(psa, write_back="own_fields"))
    assert shown(psa, SPLIT, split["Id"]) == (*FREE, "posted")


def test_a_large_invoice_goes_in_smaller_calls_where_the_package_runs_out_of_time(psa: Psa) -> None:
    weeks = [psa.approved(hours={"Monday": 1}) for _ in range(40)]
    splits = [split for week in weeks for split in psa.splits(week)]
    ports = certinia_ports(psa)
    psa.org.settings(rows_per_transaction=30)
    report(billing(*splits, net="1.00"), ports)
    assert {shown(psa, SPLIT, split["Id"]) for split in splits} == {POSTED}


def test_billed_work_that_is_gone_is_a_persons_job_and_the_rest_shows_the_invoice(psa: Psa) -> None:
    gone = psa.approved()
    splits = [*psa.splits(gone), *psa.splits(psa.approved("2026-03-16"))]
    psa.org.change("pse__Timecard_Header__c", gone, pse__Status__c="Rejected")
    psa.org.ok("DELETE", f"sobjects/pse__Timecard_Header__c/{gone}")
    ports, of = certinia_ports(psa), billing(*splits)
    with pytest.raises(BusinessException, match="psa_record_missing") as refused:
        report(of, ports)
    assert refused.value.facts["ids"] == splits[0]["Id"]
    assert shown(psa, SPLIT, splits[1]["Id"]) == POSTED
    report(of, ports, status="paid")
    assert shown(psa, SPLIT, splits[1]["Id"])[3] == "paid"


def project(number: int = 1, **changes: Any) -> CreateProject:
    address = PostalAddress(street="Hauptstr. 1", city="Berlin", postal_code="10115", country="DE")
    ref = Ref(system="crm", kind="account", id="001A")
    customer = Party(customer_id=f"c-{number}", ref=ref, name="Müller & Söhne", address=address, currency="EUR")
    planned = tuple(
        PlannedMilestone(milestone=name, value=Amount(amount=Decimal("2000.50"), currency="EUR"))
        for name in ("Concept", "Pilot")
    )
    values: dict[str, Any] = {
        "project_id": f"p-{number}",
        "contract_id": "k",
        "contract_reference": "C-7",
        "legal_entity_id": "DE",
        "name": "Portal",
        "customer": customer,
        "currency": "EUR",
        "starts_on": date(2026, 3, 1),
        "milestones": planned,
    }
    return CreateProject(**(values | changes))


def test_a_project_stands_with_its_account_and_milestones(empty: Psa) -> None:
    ports = certinia_ports(empty, countries={"DE": "Germany"})
    made = reference.step(project(), ports).ref.id
    row = empty.org.get("pse__Proj__c", made)
    assert (row["Name"], row["CurrencyIsoCode"], row["Fabric_Key__c"]) == ("Portal", "EUR", "p-1")
    account = empty.org.get("Account", row["pse__Account__c"])
    assert (account["Name"], account["BillingCountry"], account["BillingCity"]) == (
        "Müller & Söhne",
        "Germany",
        "Berlin",
    )
    rows = empty.org.rows(
        f"SELECT Name, pse__Milestone_Amount__c FROM pse__Milestone__c WHERE pse__Project__c = '{made}'"
    )
    assert {(each["Name"], each["pse__Milestone_Amount__c"]) for each in rows} == {
        ("Concept", Decimal("2000.50")),
        ("Pilot", Decimal("2000.50")),
    }


def test_a_project_that_stands_keeps_what_people_made_of_it_and_gets_what_it_lacks(empty: Psa) -> None:
    ports = certinia_ports(empty)
    made = reference.step(project(), ports).ref.id
    empty.org.change("pse__Proj__c", made, Name="Customer portal")
    more = project().milestones + (PlannedMilestone(milestone="Go-live", value=project().milestones[0].value),)
    assert reference.step(project(milestones=more), ports).ref.id == made
    rows = empty.org.rows(f"SELECT Name FROM pse__Milestone__c WHERE pse__Project__c = '{made}' ORDER BY Name")
    assert [each["Name"] for each in rows] == ["Concept", "Go-live", "Pilot"]
    assert empty.org.get("pse__Proj__c", made)["Name"] == "Customer portal"


def test_more_milestones_than_one_composite_takes_all_stand(empty: Psa) -> None:
    value = Amount(amount=Decimal(10), currency="EUR")
    many = tuple(PlannedMilestone(milestone=f"Part {n:02d}", value=value) for n in range(31))
    ports = certinia_ports(empty)
    made = reference.step(project(milestones=many), ports).ref.id
    assert len(empty.org.rows(f"SELECT Id FROM pse__Milestone__c WHERE pse__Project__c = '{made}'")) == 31


def test_two_projects_of_one_customer_have_one_account(empty: Psa) -> None:
    ports = certinia_ports(empty)
    for number in (1, 2):
        reference.step(project(number, customer=project().customer), ports)
    assert len(empty.org.rows("SELECT Id FROM Account WHERE Fabric_Key__c = 'c-1'")) == 1


def test_where_the_crm_is_this_org_its_account_is_the_customer(empty: Psa) -> None:
    account = empty.org.create("Account", Name="Known to sales")
    customer = project().customer.model_copy(update={"ref": Ref(system="salesforce", kind="account", id=account)})
    made = reference.step(project(customer=customer), certinia_ports(empty, accounts="crm")).ref.id
    assert empty.org.get("pse__Proj__c", made)["pse__Account__c"] == account


def test_what_the_org_asks_of_a_new_project_is_set_up_by_legal_entity(empty: Psa) -> None:
    empty.org.settings(project_needs="pse__Account__c,pse__Stage__c")
    with pytest.raises(BusinessException) as refused:
        reference.step(project(), certinia_ports(empty))
    assert refused.value.code == "psa_field_missing"
    ports = certinia_ports(empty, new_project={"DE": {"pse__Stage__c": "Planned"}})
    made = reference.step(project(), ports).ref.id
    assert empty.org.get("pse__Proj__c", made)["pse__Stage__c"] == "Planned"
