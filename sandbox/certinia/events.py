"""Billing events as people and the ERP's integration change them: release, and the invoice written back.

Source: vendors/certinia.md, sections 3.11, 4 and 5.6.
"""

from __future__ import annotations

from sandbox.certinia import generation, grants, settings, sources
from sandbox.certinia.refusals import broken, invalid, package_made
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.system_writes import system_write

_WRITTEN_BACK = ("pse__Invoiced__c", "pse__Invoice_Number__c", "pse__Invoice_Date__c")


def event(org: Org, row: Row, before: Row | None, given: Row) -> None:
    if before is None:
        raise package_made("BillingEventTrigger", "Billing Event")
    project = org.get("pse__Proj__c", row["pse__Project__c"]) or {}
    if row["pse__Is_Released__c"] != before["pse__Is_Released__c"]:
        _release(org, row, before, project)
    row["pse__Skip_Sync_Check__c"] = False
    changed = [name for name in _WRITTEN_BACK if row[name] != before[name]]
    if changed:
        grants.demand(org, project, "Invoicing", "mark billing events as invoiced")
        _invoice(org, row, before, changed)


def _release(org: Org, row: Row, before: Row, project: Row) -> None:
    grants.demand(org, project, "Billing", "release billing events")
    if not row["pse__Is_Released__c"]:
        if before["pse__Invoiced__c"]:
            raise invalid("An invoiced billing event cannot be taken back.", "pse__Is_Released__c")
        row["pse__Status__c"] = "Draft"
        return
    if not row["pse__Skip_Sync_Check__c"] and generation.out_of_sync(org, row["Id"]):
        text = f"The billing event {row['Name']} is out of sync with its business records. Recalculate it first."
        raise broken("BillingEventTrigger", "BeforeUpdate", text)
    row["pse__Status__c"] = "Released"


def _invoice(org: Org, row: Row, before: Row, changed: list[str]) -> None:
    if not row["pse__Is_Released__c"]:
        raise invalid(f"The billing event {row['Name']} is not released.", *changed)
    if before["pse__Invoiced__c"] and not row["pse__Invoiced__c"] and not settings.of(org).invoice_reversal_allowed:
        raise invalid("An invoiced billing event cannot be marked as not invoiced.", "pse__Invoiced__c")
    row["pse__Status__c"] = "Invoiced" if row["pse__Invoiced__c"] else "Released"


def event_saved(org: Org, row: Row, before: Row | None) -> None:
    if before is None:
        return
    generation.sum_batch(org, row["pse__Billing_Event_Batch__c"])
    told = {name: row[name] for name in _WRITTEN_BACK}
    if settings.of(org).invoice_copied_to_sources and told != {name: before[name] for name in _WRITTEN_BACK}:
        for item in generation.items(org, row["Id"]):
            kind, source = sources.of_item(org, item)
            system_write(org, kind.name, source, source | told)
            generation.roll_up(org, kind, source)


def event_goes(org: Org, row: Row) -> None:
    raise invalid("A billing event is taken back with Clear Billing Data.")


def item(org: Org, row: Row, before: Row | None, given: Row) -> None:
    if before is None:
        raise package_made("BillingEventItemTrigger", "Billing Event Item")


def batch(org: Org, row: Row, before: Row | None, given: Row) -> None:
    if before is None:
        raise package_made("BillingEventBatchTrigger", "Billing Event Batch")
