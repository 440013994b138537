"""Contract ledgers: pk CON#<contract id>, sk LEDGER (the revision), LEDGER#<invoice id> per priced invoice,
LEDGER+<allowance id> per allowance above a soft cap.

The head sorts before its entries, so that what is read with a revision is never older than it.
"""

from __future__ import annotations

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import Codec, Row, number, text
from shared.adapters.writes import Write, delete, put, put_new, put_where, update_where
from shared.domain.ledger import Allowance, Ledger, LedgerEntry, LedgerUse

_HEAD, _ENTRY, _ALLOWED = "LEDGER", "LEDGER#", "LEDGER+"
_ENTRIES, _ALLOWANCES = Codec(LedgerEntry), Codec(Allowance)


class DynamoLedgers:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def of_contract(self, contract_id: str) -> Ledger:
        revision, entries, allowances = 0, [], []
        for row in self._table.of(_pk(contract_id), _HEAD):
            key = text(row, "sk")
            if key == _HEAD:
                revision = number(row, "revision")
            elif key.startswith(_ENTRY):
                entries.append(_ENTRIES.load(row))
            else:
                allowances.append(_ALLOWANCES.load(row))
        return Ledger(contract_id, revision, tuple(entries), tuple(allowances))

    def allow(self, contract_id: str, allowance: Allowance) -> None:
        row: Row = {
            "pk": _pk(contract_id),
            "sk": f"{_ALLOWED}{allowance.allowance_id}",
            "body": _ALLOWANCES.dump(allowance),
        }
        try:
            self._table.write(put_new(row))
        except Refused:
            return


def ledger_revision(table: DynamoTable, contract_id: str) -> int:
    row = table.get(_pk(contract_id), _HEAD)
    return number(row, "revision") if row else 0


def enters(use: LedgerUse) -> tuple[Write, ...]:
    """The writes of one pricing; the first is refused when the ledger moved since the revision that was seen."""
    contract_id, entry, seen = use.contract_id, use.entry, use.seen
    head: Row = {"pk": _pk(contract_id), "sk": _HEAD, "revision": seen + 1}
    body: Row = {"pk": _pk(contract_id), "sk": f"{_ENTRY}{entry.invoice_id}", "body": _ENTRIES.dump(entry)}
    moved = put_where(head, "revision = :seen", {":seen": seen}) if seen else put_new(head)
    return moved, put(body)


def leaves(contract_id: str, invoice_id: str) -> tuple[Write, ...]:
    head = update_where(_pk(contract_id), _HEAD, "ADD revision :one", "", {":one": 1})
    return head, delete(_pk(contract_id), f"{_ENTRY}{invoice_id}")


def _pk(contract_id: str) -> str:
    return f"CON#{contract_id}"
