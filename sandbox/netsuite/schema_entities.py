"""Customers, projects and employees; time and charges on them."""

from __future__ import annotations

from sandbox.netsuite.choices import (
    CHARGE_STAGE,
    CHARGE_USE,
    JOB_BILLING,
    PROJECT_TIME_APPROVAL,
    TIME_APPROVAL,
    TIME_TYPE,
)
from sandbox.netsuite.fields import RecordType, block, choice, plain, sublist
from sandbox.netsuite.schema_lists import ITEMS

CLASSED = plain("department@department class@classification location@location")
ADDRESS = block(plain("addr1 addr2 addr3 addressee attention addrPhone city state zip country:choice override:flag"))
STAMPS = plain("externalId lastModifiedDate:instant!")

_ANY_ITEM = "|".join(ITEMS)
_ADDRESS_BOOK = sublist(
    plain("internalId label defaultBilling:flag defaultShipping:flag isResidential:flag")
    | {"addressBookAddress": ADDRESS},
    key=("internalId",),
)
_ENTITY = STAMPS | plain(
    "dateCreated:instant! entityId companyName email phone comments isInactive:flag subsidiary@subsidiary currency@currency"
)
_CUSTOMER = (
    _ENTITY
    | plain(
        "isPerson:flag firstName lastName terms@term vatRegNumber defaultTaxReg taxItem@salesTaxItem parent@customer "
        "entityStatus:choice category:choice creditLimit:number accountNumber url altName! balance:number!"
    )
    | {
        "addressBook": _ADDRESS_BOOK,
        "currencyList": sublist(plain("currency@currency balance:number!"), key=("currency",)),
    }
)
_JOB = (
    _ENTITY
    | plain(
        "parent@customer startDate:day projectedEndDate:day calculatedEndDate:day endDate:day billingSchedule "
        f"jobItem@{_ANY_ITEM} jobPrice:number estimatedRevenue:number estimatedCost:number percentComplete:number "
        "percentCompleteOverride:number projectExpenseType allowTime:flag allowExpenses:flag projectManager@employee "
        "entityStatus:choice jobType:choice"
    )
    | {"jobBillingType": choice(JOB_BILLING), "timeApproval": choice(PROJECT_TIME_APPROVAL)}
)
_EMPLOYEE = (
    _ENTITY
    | plain("firstName lastName title laborCost:number isJobResource:flag supervisor@employee hireDate:day")
    | CLASSED
)
_TIME = (
    STAMPS
    | plain(
        f"createdDate:instant! employee@employee customer@customer|job caseTaskEvent item@{_ANY_ITEM} tranDate:day hours "
        "isBillable:flag rate:number price:choice overrideRate:flag memo billingClass:choice subsidiary@subsidiary "
        "posted:flag!"
    )
    | {"approvalStatus": choice(TIME_APPROVAL), "timeType": choice(TIME_TYPE)}
)
_CHARGE = (
    STAMPS
    | plain(
        "createdDate:instant! billTo@customer|job chargeDate:day chargeType:choice "
        f"billingItem@{_ANY_ITEM} rate:number quantity:number amount:number currency@currency projectTask "
        "timeRecord@timeBill rule salesOrder@salesOrder description serviceStartDate:day serviceEndDate:day "
        "invoice@invoice! invoiceLine:whole!"
    )
    | {"stage": choice(CHARGE_STAGE), "use": choice(CHARGE_USE)}
)

ENTITIES = [
    RecordType("customer", "entity", "entityId", _CUSTOMER, ("subsidiary",)),
    RecordType("job", "entity", "entityId", _JOB, ("companyName", "parent")),
    RecordType("employee", "entity", "entityId", _EMPLOYEE, ("subsidiary",)),
    RecordType("timeBill", "timeBill", "id", _TIME, ("employee", "hours")),
    RecordType("charge", "charge", "id", _CHARGE, ("billTo", "stage")),
]
