"""Function imports and actions: what each does, and how its answer looks."""

from __future__ import annotations

from typing import Any

from sandbox.sap_s4hana.address import literal
from sandbox.sap_s4hana.billing import HEAD, Billing
from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.cancelling import cancel, pdf
from sandbox.sap_s4hana.errors import SapError, bad_payload
from sandbox.sap_s4hana.fields import Field, Value, fields
from sandbox.sap_s4hana.given import checked
from sandbox.sap_s4hana.kinds import KINDS
from sandbox.sap_s4hana.projects import Projects
from sandbox.sap_s4hana.salesdocs import SalesDocuments
from sandbox.sap_s4hana.schema import Function
from sandbox.sap_s4hana.work import Work

_APPROVALS = ("releaseApprovalRequest", "rejectApprovalRequest")
_CONTROL = fields(
    "DefaultBillingDocumentDate:date DefaultBillingDocumentType:4 AutomPostingToAcctgIsDisabled:bool "
    "CutOffBillingDate:date"
)
_REFERENCE = fields(
    "SDDocument:id10 SDDocumentCategory:4 BillingDocumentDate:date BillingDocumentType:4 DestinationCountry:3 "
    "SalesOrganization:4"
)


class Functions:
    def __init__(self, work: Work, projects: Projects, documents: SalesDocuments, billing: Billing) -> None:
        self._work, self._projects, self._documents, self._billing = work, projects, documents, billing

    def rows(self, function: Function, given: dict[str, Value]) -> tuple[str, list[Row]] | None:
        """(table, rows) for a function that answers with entities; None for the others. Raises SapError."""
        texts = {name: str(value) for name, value in given.items()}
        match function.name:
            case "ChangeEntProjProcgStatus":
                table, key = "A_EnterpriseProject", texts["ProjectUUID"]
                return table, [self._projects.set_status(table, key, texts["ProcessingStatus"])]
            case "ChangeEntProjElmntProcgStatus":
                table, key = "A_EnterpriseProjectElement", texts["ProjectElementUUID"]
                return table, [self._projects.set_status(table, key, texts["ProcessingStatus"])]
        return None

    def plain(self, function: Function, given: dict[str, Value]) -> Any:
        """What a function that answers with no entities gives: `d` of the answer."""
        if function.name in _APPROVALS:
            kind = next(one for one in KINDS if one.key in given)
            self._documents.approve(kind, str(given[kind.key]), yes=function.name == "releaseApprovalRequest")
            return {function.name: {"Boolean": True}}
        number = str(given["BillingDocument"])
        if function.name == "Cancel":
            about = {"__metadata": {"type": "API_BILLING_DOCUMENT_SRV.CancelBillingDocument"}}
            return {"results": [about | row for row in cancel(self._work, self._documents, number)]}
        about = {"__metadata": {"type": "API_BILLING_DOCUMENT_SRV.GetPDFResult"}}
        return {function.name: about | {"BillingDocumentBinary": pdf(self._work, number)}}

    def create_from_sd_document(self, body: dict[str, Any]) -> list[Row]:
        """Raises SapError 400."""
        stray = next((name for name in body if name not in ("_Control", "_Reference")), None)
        if stray:
            raise bad_payload(f"Property '{stray}' is invalid", stray)
        control, references = body.get("_Control") or {}, body.get("_Reference")
        if not isinstance(control, dict) or not isinstance(references, list):
            raise bad_payload("'_Control' must be an object and '_Reference' an array")
        named = [_part(_REFERENCE, reference) for reference in references]
        made = self._billing.create(_part(_CONTROL, control), named)
        return [row for number in made if (row := self._work.book.get(HEAD, number)) is not None]


def _part(known: dict[str, Field], body: Any) -> dict[str, Value]:
    if not isinstance(body, dict):
        raise bad_payload("An object is expected")
    stray = next((name for name in body if name not in known), None)
    if stray:
        raise bad_payload(f"Property '{stray}' is invalid", stray)
    return {name: checked(known[name], value, 4) for name, value in body.items()}


def parameters_of(function: Function, query: dict[str, str]) -> dict[str, Value]:
    """V2 parameters from the query: `BillingDocument='9'`, `ProjectUUID=guid'..'`. Raises SapError 400."""

    found: dict[str, Value] = {}
    for name, one in function.parameters.items():
        if name not in query:
            raise SapError(400, "/IWBEP/CM_MGW_RT/170", f"Parameter '{name}' is missing for '{function.name}'", name)
        found[name] = checked(one, literal(query[name]), 2)
    return found
