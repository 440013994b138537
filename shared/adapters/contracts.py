"""Contracts: pk CON#<contract id>, sk HEAD: as it stands now, amendments included; by_owner LECON#<legal entity> /
<contract id>. `amended` beside the body is the number of amendments in it.

What it is made of is never overwritten: each delivery of the CRM is a row SIGNED#<sequence>, each amendment a row
AMENDMENT#<amendment id>, written in the transaction that moves the head. One that is invoiced by customer is listed by a
row pk CUS#<customer id>, sk BY#<legal entity>#<contract id>; a row that its newest version no longer asks for is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from events.envelope import AnyEnvelope
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import write_with_events
from shared.adapters.rows import HEAD, Codec, Row, moment, number, text
from shared.adapters.sourced import DynamoSourced, found_by, repeated
from shared.adapters.writes import Write, put, put_new, put_where
from shared.domain.amendment import Amendment, ContractHistory, SignedVersion
from shared.domain.contract import Contract, Grouping
from shared.domain.source import Applied
from shared.faults import BusinessException, Transient

_NEWER = "(attribute_not_exists(pk) OR #sequence < :sequence)"
_NOT_AMENDED_MEANWHILE = "(attribute_not_exists(amended) OR amended = :amended)"
_AMENDMENT = Codec(Amendment)
_BY = "BY#"


class DynamoContracts(DynamoSourced[Contract]):
    kind, prefix = "contract", "CON"

    def __init__(self, table: DynamoTable) -> None:
        super().__init__(table, Contract)

    def listed(self, aggregate: Contract) -> Mapping[str, str]:
        return {"gsi1pk": f"LECON#{aggregate.legal_entity_id}", "gsi1sk": aggregate.contract_id}

    def of_legal_entity(self, legal_entity_id: str, *, after: str | None = None) -> Iterator[Contract]:
        for row in self._table.by("by_owner", f"LECON#{legal_entity_id}", after=after):
            yield self._codec.load(row)

    def by_customer(self, legal_entity_id: str, customer_id: str) -> list[Contract]:
        rows = self._table.of(f"CUS#{customer_id}", f"{_BY}{legal_entity_id}#")
        found = self._table.get_all([(f"{self.prefix}#{text(row, 'contract_id')}", HEAD) for row in rows])
        every = (self._codec.load(found[key]) for key in sorted(found))
        return [each for each in every if each.grouping is Grouping.CUSTOMER and each.customer_id == customer_id]

    def save(
        self,
        aggregate: Contract,
        *,
        sequence: int,
        events: Sequence[AnyEnvelope] = (),
        signed: Contract | None = None,
    ) -> Applied:
        head = self._head(aggregate, sequence)
        values = {":sequence": sequence, ":amended": len(aggregate.amendments)}
        write = put_where(head, f"{_NEWER} AND {_NOT_AMENDED_MEANWHILE}", values)
        write["Put"]["ExpressionAttributeNames"] = {"#sequence": "sequence"}
        version = self._signed_row(signed or aggregate, sequence)
        try:
            write_with_events(self._table, [write, put(version), *_listed_by_customer(aggregate)], events)
        except Refused as refused:
            standing = refused.rows[0]
            if standing and number(standing, "sequence") < sequence:
                raise Transient("contract_moved", contract_id=aggregate.contract_id) from None
            return repeated(standing, sequence)
        return Applied.NEW

    def amend(
        self, contract: Contract, amendment: Amendment, *, signed_sequence: int, events: Sequence[AnyEnvelope] = ()
    ) -> Applied:
        pk = f"{self.prefix}#{contract.contract_id}"
        moved = put_where(
            self._head(contract, signed_sequence),
            f"#sequence = :sequence AND {_NOT_AMENDED_MEANWHILE}",
            {":sequence": signed_sequence, ":amended": len(contract.amendments) - 1},
        )
        moved["Put"]["ExpressionAttributeNames"] = {"#sequence": "sequence"}
        body: Row = {"pk": pk, "sk": f"AMENDMENT#{amendment.amendment_id}", "body": _AMENDMENT.dump(amendment)}
        try:
            write_with_events(self._table, [put_new(body), moved], events)
        except Refused as refused:
            if 0 in refused.rows:
                return Applied.DUPLICATE
            raise Transient("contract_moved", contract_id=contract.contract_id) from None
        return Applied.NEW

    def history(self, contract_id: str) -> ContractHistory:
        pk = f"{self.prefix}#{contract_id}"
        signed = tuple(self._version(row) for row in self._table.of(pk, "SIGNED#"))
        if not signed:
            raise BusinessException("contract_unknown", contract_id=contract_id)
        amendments = (_AMENDMENT.load(row) for row in self._table.of(pk, "AMENDMENT#"))
        return ContractHistory(signed, tuple(sorted(amendments, key=lambda each: each.amendment_id)))

    def _head(self, contract: Contract, sequence: int) -> Row:
        return {
            "pk": f"{self.prefix}#{contract.contract_id}",
            "sk": HEAD,
            "sequence": sequence,
            "amended": len(contract.amendments),
            "body": self._codec.dump(contract),
            **found_by(contract.ref, contract.contract_id),
            **self.listed(contract),
        }

    def _signed_row(self, contract: Contract, sequence: int) -> Row:
        return {
            "pk": f"{self.prefix}#{contract.contract_id}",
            "sk": f"SIGNED#{sequence:020d}",
            "sequence": sequence,
            "recorded_at": moment(self._table.clock.now()),
            "body": self._codec.dump(contract),
        }

    def _version(self, row: Row) -> SignedVersion:
        recorded_at = datetime.fromisoformat(text(row, "recorded_at")).astimezone(UTC)
        return SignedVersion(number(row, "sequence"), recorded_at, self._codec.load(row))


def _listed_by_customer(contract: Contract) -> tuple[Write, ...]:
    if contract.grouping is not Grouping.CUSTOMER:
        return ()
    sort = f"{_BY}{contract.legal_entity_id}#{contract.contract_id}"
    return (put({"pk": f"CUS#{contract.customer_id}", "sk": sort, "contract_id": contract.contract_id}),)
