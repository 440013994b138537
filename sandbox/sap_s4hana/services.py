"""The OData services of the tenant, by path. Source: vendor notes, section 1."""

from __future__ import annotations

from dataclasses import replace

from sandbox.sap_s4hana.fields import fields
from sandbox.sap_s4hana.schema import Entity, Function, Nav, Service
from sandbox.sap_s4hana.tables.billing import BILLING, JOURNAL
from sandbox.sap_s4hana.tables.partner import PARTNER
from sandbox.sap_s4hana.tables.project import PROJECT, TIME
from sandbox.sap_s4hana.tables.sales import CREDIT, DEBIT, ORDER

V2, V4 = "/sap/opu/odata/sap/", "/sap/opu/odata4/sap/"
_CREATE_FROM = "CreateFromSDDocument"


def _v2(name: str, entities: list[Entity], *functions: Function) -> Service:
    return Service(V2 + name, 2, {one.name: one for one in entities}, {one.name: one for one in functions})


def _function(name: str, method: str, text: str, returns: str = "", *, many: bool = False) -> Function:
    return Function(name, method, fields(text), returns, many)


def _v4_name(name: str) -> str:
    return name.removeprefix("A_")


def _v4(entity: Entity) -> Entity:
    """The same rows under the names of version 4: no `A_`, navigations `_Item` for `to_Item`."""
    navs = {
        f"_{nav.name.removeprefix('to_')}": Nav(
            f"_{nav.name.removeprefix('to_')}", _v4_name(nav.target), nav.by, nav.many, nav.deep
        )
        for nav in entity.navs.values()
    }
    return replace(entity, name=_v4_name(entity.name), navs=navs, source=entity.name, verbs="")


def _approval(key: str) -> tuple[Function, Function]:
    one, kind = f"{key}:id10", "FunctionResult"
    return _function("releaseApprovalRequest", "POST", one, kind), _function("rejectApprovalRequest", "POST", one, kind)


_STATUS = "ProcessingStatus:2"
_V4_BILLING = {one.name: one for one in map(_v4, BILLING)}
SERVICES = {
    one.path: one
    for one in (
        _v2("API_BUSINESS_PARTNER", PARTNER),
        _v2(
            "API_ENTERPRISE_PROJECT_SRV;v=0002",
            PROJECT,
            _function("ChangeEntProjProcgStatus", "POST", f"ProjectUUID:guid {_STATUS}", "A_EnterpriseProject"),
            _function(
                "ChangeEntProjElmntProcgStatus",
                "POST",
                f"ProjectElementUUID:guid {_STATUS}",
                "A_EnterpriseProjectElement",
            ),
        ),
        _v2("API_MANAGE_WORKFORCE_TIMESHEET", TIME),
        _v2("API_SALES_ORDER_SRV", ORDER, *_approval("SalesOrder")),
        _v2("API_DEBIT_MEMO_REQUEST_SRV", DEBIT, *_approval("DebitMemoRequest")),
        _v2("API_CREDIT_MEMO_REQUEST_SRV", CREDIT, *_approval("CreditMemoRequest")),
        _v2(
            "API_BILLING_DOCUMENT_SRV",
            BILLING,
            _function("Cancel", "POST", "BillingDocument:id10", "CancelBillingDocument", many=True),
            _function("GetPDF", "GET", "BillingDocument:id10", "GetPDFResult"),
        ),
        _v2("API_OPLACCTGDOCITEMCUBE_SRV", JOURNAL),
        Service(
            f"{V4}api_billingdocument/srvd_a2x/sap/billingdocument/0001",
            4,
            _V4_BILLING,
            {_CREATE_FROM: _function(_CREATE_FROM, "POST", "", "BillingDocument", many=True)},
        ),
    )
}
ENTITIES = {
    one.name: one for group in (PARTNER, PROJECT, TIME, ORDER, DEBIT, CREDIT, BILLING, JOURNAL) for one in group
}


def service_at(path: str) -> tuple[Service, str] | None:
    """The service a path belongs to, and what of the path is below it."""
    for root, service in SERVICES.items():
        if path == root or path.startswith(root + "/"):
            return service, path[len(root) :].strip("/")
    return None
