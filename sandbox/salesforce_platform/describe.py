"""What objects and fields there are, in the shape client libraries read.

Source: REST API Developer Guide (Describe Global, sObject Describe); vendors/salesforce.md, section 4.
"""

from __future__ import annotations

from typing import Any

from sandbox.salesforce_platform.call import Call
from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.schema import NUMBERS, Field, SObject

_SOAP = {"id": "tns:ID", "reference": "tns:ID", "int": "xsd:int", "boolean": "xsd:boolean", "date": "xsd:date",
         "datetime": "xsd:dateTime"} | dict.fromkeys(NUMBERS - {"int"}, "xsd:double")  # fmt: skip


def brief(call: Call, sobject: SObject) -> dict[str, Any]:
    """One object as the global list shows it."""
    custom, writable = sobject.name.endswith("__c"), not sobject.read_only
    base = f"{call.base}/sobjects/{sobject.name}"
    return {
        "name": sobject.name,
        "label": sobject.label,
        "labelPlural": f"{sobject.label}s",
        "keyPrefix": sobject.prefix,
        "custom": custom,
        "customSetting": False,
        "createable": writable,
        "updateable": writable,
        "deletable": writable,
        "queryable": True,
        "retrieveable": True,
        "searchable": True,
        "undeletable": writable,
        "replicateable": True,
        "triggerable": writable,
        "mergeable": sobject.name in ("Account", "Contact"),
        "urls": {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"},
    }


def whole(call: Call, org: Org, sobject: SObject) -> dict[str, Any]:
    multi = org.settings.multi_currency
    fields = [_field(one, sobject) for one in sobject.fields.values() if multi or not one.currency_only]
    children = [
        {
            "childSObject": child.name,
            "field": one.name,
            "relationshipName": one.children,
            "cascadeDelete": one.cascade,
            "deprecatedAndHidden": False,
        }
        for child, one in org.schema.children_of(sobject.name)
    ]
    stages = [row["ApiName"] for row in org.live("OpportunityStage")] if "StageName" in sobject.fields else []
    for made in fields:
        if made["name"] == "StageName":
            made["picklistValues"] = _values(stages)
    return brief(call, sobject) | {"fields": fields, "childRelationships": children, "recordTypeInfos": []}


def _values(values: Any) -> list[dict[str, Any]]:
    return [{"active": True, "defaultValue": False, "label": v, "validFor": None, "value": v} for v in values]


def _field(one: Field, sobject: SObject) -> dict[str, Any]:
    number = one.type in NUMBERS
    writable = not one.read_only and not sobject.read_only
    return {
        "name": one.name,
        "label": one.label,
        "type": one.type,
        "soapType": _SOAP.get(one.type, "xsd:string"),
        "length": 0 if number or one.type in ("boolean", "date", "datetime") else one.length,
        "byteLength": one.length * 3 if not number else 0,
        "precision": 18 if number else 0,
        "digits": 8 if one.type == "int" else 0,
        "scale": one.scale if number and one.type != "int" else 0,
        "custom": one.custom,
        "nillable": not one.required and one.type != "boolean",
        "defaultedOnCreate": one.default is not None or one.type == "boolean",
        "defaultValue": one.default,
        "createable": writable,
        "updateable": writable and not one.create_only,
        "calculated": one.formula,
        "autoNumber": one.name.endswith("Number") and one.read_only,
        "externalId": one.external_id,
        "idLookup": one.external_id or one.type == "id",
        "unique": one.unique,
        "caseSensitive": False,
        "nameField": one.name == "Name",
        "filterable": one.type != "textarea" or one.length <= 255,
        "sortable": True,
        "groupable": not number,
        "restrictedPicklist": one.restricted,
        "picklistValues": _values(one.values),
        "referenceTo": [one.to] if one.to else [],
        "relationshipName": one.relationship or None,
        "compoundFieldName": one.compound.split(".")[0] or None,
        "inlineHelpText": None,
    }
