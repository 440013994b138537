"""`$metadata` of a service: its types, keys, navigations, sets and functions as EDMX."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from sandbox.sap_s4hana.fields import Field
from sandbox.sap_s4hana.schema import Entity, Function, Nav, Service

_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_COMPLEX = {
    "CancelBillingDocument": (
        "BillingDocument", "CancellationBillingDocument", "SystemMessageType", "SystemMessageText",
    ),
    "GetPDFResult": ("BillingDocumentBinary",),
    "FunctionResult": ("Boolean",),
}  # fmt: skip
_V4_TYPES = {"Edm.DateTime": "Edm.Date", "Edm.Time": "Edm.TimeOfDay"}


def document(service: Service) -> str:
    return _v2(service) if service.version == 2 else _v4(service)


def _property(one: Field, keys: tuple[str, ...], version: int) -> str:
    edm = one.edm if version == 2 else _V4_TYPES.get(one.edm, one.edm)
    facets = ' Nullable="false"' if one.name in keys else ""
    if one.is_text and one.length:
        facets += f' MaxLength="{one.length}"'
    if one.edm == "Edm.Decimal":
        facets += f' Precision="{one.length}" Scale="{one.scale}"'
    if one.kind == "date" and version == 2:
        facets += ' Precision="0" sap:display-format="Date"'
    if version == 2:
        facets += f' sap:creatable="{str(one.creatable).lower()}" sap:updatable="{str(one.updatable).lower()}"'
        facets += ' sap:display-format="UpperCase"' if one.kind == "upper" else ""
        facets += ' ConcurrencyMode="Fixed"' if one.name == "ETag" else ""
    return f'<Property Name="{one.name}" Type="{edm}"{facets}/>'


def _type(service: Service, entity: Entity) -> str:
    keys = "".join(f'<PropertyRef Name="{name}"/>' for name in entity.keys)
    fields = "".join(_property(one, entity.keys, service.version) for one in entity.fields.values())
    navs = "".join(_navigation(service, entity, nav) for nav in entity.navs.values())
    return f'<EntityType Name="{entity.type_name}"><Key>{keys}</Key>{fields}{navs}</EntityType>'


def _navigation(service: Service, entity: Entity, nav: Nav) -> str:
    target = service.sets[nav.target].type_name
    if service.version == 4:
        kind = f"{service.namespace}.{target}"
        return f'<NavigationProperty Name="{nav.name}" Type="{f"Collection({kind})" if nav.many else kind}"/>'
    name = _association(entity, nav)
    ends = f'FromRole="FromRole_{name}" ToRole="ToRole_{name}"'
    return f'<NavigationProperty Name="{nav.name}" Relationship="{service.namespace}.{name}" {ends}/>'


def _association(entity: Entity, nav: Nav) -> str:
    return f"assoc_{entity.name}_{nav.name}"


def _v2(service: Service) -> str:
    space, entities = service.namespace, service.sets.values()
    pairs = [(entity, nav) for entity in entities for nav in entity.navs.values()]
    types = "".join(_type(service, entity) for entity in entities)
    joins = "".join(_join(service, entity, nav) for entity, nav in pairs)
    sets = "".join(
        f'<EntitySet Name="{entity.name}" EntityType="{space}.{entity.type_name}" '
        f'sap:creatable="{_flag(entity, "C")}" sap:updatable="{_flag(entity, "U")}" sap:deletable="{_flag(entity, "D")}"/>'
        for entity in entities
    )
    ends = "".join(
        f'<AssociationSet Name="{_association(entity, nav)}Set" Association="{space}.{_association(entity, nav)}">'
        f'<End EntitySet="{entity.name}" Role="FromRole_{_association(entity, nav)}"/>'
        f'<End EntitySet="{nav.target}" Role="ToRole_{_association(entity, nav)}"/></AssociationSet>'
        for entity, nav in pairs
    )
    functions = "".join(_import(service, one) for one in service.functions.values())
    used = {one.returns for one in service.functions.values()} & set(_COMPLEX)
    complexes = "".join(_complex(name) for name in sorted(used))
    return (
        f'{_HEAD}<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" '
        'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" '
        'xmlns:sap="http://www.sap.com/Protocols/SAPData">'
        f'<edmx:DataServices m:DataServiceVersion="2.0"><Schema Namespace={quoteattr(space)} '
        'xmlns="http://schemas.microsoft.com/ado/2008/09/edm" sap:schema-version="1">'
        f'{types}{complexes}{joins}<EntityContainer Name="{space}_Entities" m:IsDefaultEntityContainer="true">'
        f"{sets}{ends}{functions}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"
    )


def _flag(entity: Entity, verb: str) -> str:
    return str(verb in entity.verbs).lower()


def _join(service: Service, entity: Entity, nav: Nav) -> str:
    name, target = _association(entity, nav), service.sets[nav.target]
    many = "*" if nav.many else "0..1"
    return (
        f'<Association Name="{name}"><End Type="{service.namespace}.{entity.type_name}" Multiplicity="1" '
        f'Role="FromRole_{name}"/><End Type="{service.namespace}.{target.type_name}" Multiplicity="{many}" '
        f'Role="ToRole_{name}"/></Association>'
    )


def _complex(name: str) -> str:
    kind = "Edm.Boolean" if name == "FunctionResult" else "Edm.String"
    fields = "".join(f'<Property Name="{one}" Type="{kind}"/>' for one in _COMPLEX[name])
    return f'<ComplexType Name="{name}">{fields}</ComplexType>'


def _import(service: Service, one: Function) -> str:
    found = service.sets.get(one.returns)
    kind = f"{service.namespace}.{found.type_name if found else one.returns}"
    result = f'ReturnType="{f"Collection({kind})" if one.many else kind}"' if one.returns else ""
    place = f' EntitySet="{found.name}"' if found else ""
    fields = "".join(f'<Parameter Name="{name}" Type="{each.edm}" Mode="In"/>' for name, each in one.parameters.items())
    return f'<FunctionImport Name="{one.name}" {result}{place} m:HttpMethod="{one.method}">{fields}</FunctionImport>'


def _v4(service: Service) -> str:
    space = service.namespace
    types = "".join(_type(service, entity) for entity in service.sets.values())
    sets = "".join(
        f'<EntitySet Name="{one.name}" EntityType="{space}.{one.type_name}"/>' for one in service.sets.values()
    )
    actions = "".join(
        f'<Action Name="{one.name}" IsBound="true"><Parameter Name="_it" '
        f'Type="Collection({space}.{service.sets[one.returns].type_name})"/>'
        f'<ReturnType Type="Collection({space}.{service.sets[one.returns].type_name})"/></Action>'
        for one in service.functions.values()
    )
    return (
        f'{_HEAD}<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
        f'<Schema Namespace="{space}" Alias="SAP__self" xmlns="http://docs.oasis-open.org/odata/ns/edm">{types}{actions}'
        f'<EntityContainer Name="Container">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    )
