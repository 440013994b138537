"""CreateProject: the project stands in Certinia once, with its account, our key and its milestones.

Account, project and milestones are one composite call, all of them or none, each an upsert by our key: whoever repeats it,
or makes it at the same time, gets the same records. A project that stands is left as people have it since; milestones
that it has not are added.
"""

from __future__ import annotations

from typing import Any

from events.commands import CreateProject, CreateProjectResult, PlannedMilestone
from events.values import Party
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.reading import Row, ref
from functions.connectors.certinia.settings import CertiniaSettings
from functions.connectors.certinia.write_many import raise_worst
from functions.platforms.salesforce.client import MOST_RECORDS, is_taken
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import quoted
from shared.domain.identity import derived_id
from shared.faults import BusinessException, Transient

LANE = "reference"
NAME, ACCOUNT_NAME, CITY, POSTAL_CODE, REGION = 80, 255, 40, 20, 80
"""The longest texts that the fields take; ours are cut at them."""
MOST_AT_ONCE = 20
"""Milestones of one composite: it takes 25 calls."""
PROJECT, MILESTONE = "pse__Proj__c", "pse__Milestone__c"


def create_project(command: CreateProject, ports: CertiniaPorts) -> CreateProjectResult:
    project_id = _find(command.project_id, ports)
    if project_id is None:
        project_id = _make(command, ports)
        _add_milestones(command, project_id, command.milestones[MOST_AT_ONCE:], ports)
    elif command.milestones:
        _add_milestones(command, project_id, _missing(command, project_id, ports), ports)
    return CreateProjectResult(ref=ref("project", project_id))


def _find(our_id: str, ports: CertiniaPorts) -> str | None:
    soql = f"SELECT Id FROM {PROJECT} WHERE {ports.psa.fields.key} = {quoted(our_id)}"
    rows = ports.org.query(soql, lane=LANE)
    return record_id(rows[0]["Id"]) if rows else None


def _make(command: CreateProject, ports: CertiniaPorts) -> str:
    """Who finds the key taken was overtaken, and finds the project with the next try."""
    steps = project_steps(command, ports)
    try:
        answers = ports.org.composite(steps, lane=LANE)
    except BusinessException as refusal:
        if is_taken(refusal):
            raise Transient("psa_project_made_meanwhile", project_id=command.project_id) from refusal
        raise
    told = answers["project"]
    made = told.get("id") if isinstance(told, dict) else None
    if not made:
        raise Transient("unknown_outcome", project_id=command.project_id)
    return record_id(str(made))


def project_steps(command: CreateProject, ports: CertiniaPorts) -> list[dict[str, Any]]:
    own, key, org = ports.psa, ports.psa.fields.key, ports.org
    steps, account = [], command.customer.ref.id
    if own.accounts == "own":
        customer = command.customer
        steps.append(org.step("account", "Account", key, customer.customer_id, account_fields(customer, own)))
        account = "@{account.id}"
    steps.append(org.step("project", PROJECT, key, command.project_id, project_fields(command, account, own)))
    for at, planned in enumerate(command.milestones[:MOST_AT_ONCE]):
        fields = milestone_fields(planned, "@{project.id}", own)
        steps.append(org.step(f"milestone{at}", MILESTONE, key, milestone_key(command, planned), fields))
    return steps


def account_fields(customer: Party, own: CertiniaSettings) -> dict[str, Any]:
    """As the CRM knows the customer; an address part that it has not is left alone."""
    address = customer.address
    fields = {
        "BillingStreet": address.street[:ACCOUNT_NAME],
        "BillingCity": address.city[:CITY],
        "BillingPostalCode": address.postal_code[:POSTAL_CODE],
        "BillingState": address.region[:REGION],
        "BillingCountry": own.countries.get(address.country, address.country),
    }
    currency = {"CurrencyIsoCode": customer.currency} if own.multi_currency else {}
    return (
        {"Name": customer.name[:ACCOUNT_NAME].strip()}
        | currency
        | {name: text for name, text in fields.items() if text}
    )


def project_fields(command: CreateProject, account: str, own: CertiniaSettings) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "Name": command.name[:NAME].strip(),
        "pse__Account__c": account,
        "pse__Start_Date__c": command.starts_on.isoformat(),
        "pse__Is_Active__c": True,
        "pse__Is_Billable__c": True,
    }
    if own.multi_currency:
        fields["CurrencyIsoCode"] = command.currency
    if command.ends_on:
        fields["pse__End_Date__c"] = command.ends_on.isoformat()
    return fields | own.new_project.get(command.legal_entity_id, {})


def milestone_fields(planned: PlannedMilestone, project: str, own: CertiniaSettings) -> dict[str, Any]:
    currency = {"CurrencyIsoCode": planned.value.currency} if own.multi_currency else {}
    return {
        "Name": planned.milestone[:NAME].strip(),
        "pse__Project__c": project,
        "pse__Milestone_Amount__c": planned.value.amount,
        "pse__Status__c": "Planned",
    } | currency


def milestone_key(command: CreateProject, planned: PlannedMilestone) -> str:
    return derived_id("milestone", command.project_id, planned.milestone)


def _missing(command: CreateProject, project_id: str, ports: CertiniaPorts) -> tuple[PlannedMilestone, ...]:
    """By name: the name under which delivery reports it is what the contract line is found by."""
    rows = ports.org.query(f"SELECT Name FROM {MILESTONE} WHERE pse__Project__c = {quoted(project_id)}", lane=LANE)
    there = {str(row["Name"]) for row in rows}
    return tuple(each for each in command.milestones if each.milestone[:NAME].strip() not in there)


def _add_milestones(
    command: CreateProject, project_id: str, wanted: tuple[PlannedMilestone, ...], ports: CertiniaPorts
) -> None:
    key = ports.psa.fields.key
    records: list[Row] = [
        {
            "attributes": {"type": MILESTONE},
            key: milestone_key(command, each),
            **milestone_fields(each, project_id, ports.psa),
        }
        for each in wanted
    ]
    for start in range(0, len(records), MOST_RECORDS):
        raise_worst(ports.org.upsert_all(MILESTONE, key, records[start : start + MOST_RECORDS], lane=LANE))
