"""What in Certinia an invoice of ours bills: splits, expenses and milestones, and the billing events they are items of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import EVENT, EXPENSE, MILESTONE, SPLIT
from functions.connectors.certinia.reading import Row, parent
from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import one_of, portions, quoted
from shared.domain.invoice import InvoiceLine

LANE = "status"
KINDS = {"time_entry": SPLIT, "expense": EXPENSE, "milestone": MILESTONE}
"""Our word for what an invoice line is of -> their object."""
_ITEM = "pse__Billing_Event_Item__r"
SHOWN = ("pse__Invoiced__c", "pse__Invoice_Number__c", "pse__Invoice_Date__c")


@dataclass(frozen=True)
class Line:
    """A record that shows an invoice. event: the released billing event that it is an item of."""

    kind: str
    id: str
    row: Row
    event: str | None = None


def own_work(lines: Iterable[InvoiceLine]) -> dict[str, list[str]]:
    """Ids by object. One whose lines sum to nothing or less was taken back on this very invoice."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        source = line.source_ref
        if source is not None and source.system == SYSTEM and source.kind in KINDS:
            sums[KINDS[source.kind], source.id] += line.net.amount
    found: dict[str, list[str]] = defaultdict(list)
    for (kind, id_), net in sorted(sums.items()):
        if net > 0:
            found[kind].append(id_)
    return dict(found)


def read_lines(ids: Mapping[str, Sequence[str]], ports: CertiniaPorts) -> list[Line]:
    """As they stand now, five queries a call."""
    asked = {
        f"{kind}{at}": (kind, f"Id IN {one_of(portion)}")
        for kind, of_kind in ids.items()
        for at, portion in enumerate(portions(of_kind))
    }
    return _read(asked, ports)


def read_marked(invoice_id: str, ports: CertiniaPorts) -> list[Line]:
    """Whatever shows this invoice of ours."""
    condition = f"{ports.psa.fields.invoice} = {quoted(invoice_id)}"
    return _read({kind: (kind, condition) for kind in (*KINDS.values(), EVENT)}, ports)


def _read(asked: Mapping[str, tuple[str, str]], ports: CertiniaPorts) -> list[Line]:
    queries = {name: _soql(kind, condition, ports.psa) for name, (kind, condition) in asked.items()}
    found = ports.org.read_many(queries, lane=LANE) if queries else {}
    return [_line(asked[name][0], row) for name, rows in found.items() for row in rows]


def _soql(kind: str, condition: str, own: CertiniaSettings) -> str:
    fields = ["Id", *SHOWN, own.fields.invoice, own.fields.invoice_status]
    if kind != EVENT:
        fields += [f"{_ITEM}.pse__Billing_Event__c", f"{_ITEM}.pse__Billing_Event__r.pse__Is_Released__c"]
    return f"SELECT {', '.join(fields)} FROM {kind} WHERE {condition}"


def _line(kind: str, row: Row) -> Line:
    item = parent(row, _ITEM)
    released = parent(item, "pse__Billing_Event__r").get("pse__Is_Released__c")
    return Line(kind, record_id(row["Id"]), row, record_id(item["pse__Billing_Event__c"]) if released else None)


def whole_events(lines: Iterable[Line], ports: CertiniaPorts) -> list[Line]:
    """Released billing events of which every item is among these lines; one that holds more is not the invoice's to mark."""
    ours = {line.id for line in lines if line.kind != EVENT}
    events = sorted({line.event for line in lines if line.event})
    if not events:
        return []
    items = {
        f"items{at}": (
            "SELECT pse__Billing_Event__c, pse__Object_Id__c FROM pse__Billing_Event_Item__c "
            f"WHERE pse__Billing_Event__c IN {one_of(portion)}"
        )
        for at, portion in enumerate(portions(events))
    }
    split = {
        record_id(row["pse__Billing_Event__c"])
        for rows in ports.org.read_many(items, lane=LANE).values()
        for row in rows
        if record_id(str(row["pse__Object_Id__c"])) not in ours
    }
    return read_lines({EVENT: [event for event in events if event not in split]}, ports)
