"""The package: objects of schema.json, its triggers and formulas, and who sees what."""

from __future__ import annotations

import json
from pathlib import Path

from sandbox.certinia import events, expenses, fixed_price, governor, grants, projects, splits, timecards
from sandbox.certinia.formulas import FORMULAS
from sandbox.certinia.seed import plant_psa
from sandbox.salesforce_platform.package import Package

_WRITTEN_DOWN = ("pse__Milestone__c", "pse__Miscellaneous_Adjustment__c", "pse__Budget__c")

PSA = Package(
    json.loads(Path(__file__).with_name("schema.json").read_text()),
    before_save=governor.watched(
        {
            "pse__Proj__c": projects.project,
            "pse__Assignment__c": projects.assignment,
            "pse__Schedule__c": projects.schedule,
            "pse__Schedule_Exception__c": projects.exception,
            "pse__Resource_Request__c": projects.request,
            "pse__Rate_Card__c": projects.rate_card,
            "pse__Permission_Control__c": projects.control,
            "pse__Timecard_Header__c": timecards.timecard,
            "pse__Timecard__c": splits.split,
            "pse__Time_Date__c": splits.time_date,
            "pse__Expense__c": expenses.expense,
            "pse__Expense_Report__c": expenses.report,
            **dict.fromkeys(_WRITTEN_DOWN, fixed_price.source),
            "pse__Billing_Event__c": events.event,
            "pse__Billing_Event_Item__c": events.item,
            "pse__Billing_Event_Batch__c": events.batch,
        }
    ),
    after_save={
        "pse__Schedule__c": projects.schedule_saved,
        "pse__Schedule_Exception__c": projects.exception_saved,
        "pse__Timecard_Header__c": timecards.timecard_saved,
        "pse__Expense__c": expenses.expense_saved,
        "pse__Expense_Report__c": expenses.report_saved,
        "pse__Billing_Event__c": events.event_saved,
    },
    before_delete={
        "pse__Proj__c": projects.project_goes,
        "pse__Timecard_Header__c": timecards.timecard_goes,
        "pse__Timecard__c": splits.split_goes,
        "pse__Expense__c": expenses.expense_goes,
        "pse__Expense_Report__c": expenses.report_goes,
        **dict.fromkeys(_WRITTEN_DOWN, fixed_price.source_goes),
        "pse__Billing_Event__c": events.event_goes,
    },
    formulas=FORMULAS,
    sight=grants.sight,
    seed=plant_psa,
)
