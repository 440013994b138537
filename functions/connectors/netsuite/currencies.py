"""ISO 4217 codes and NetSuite's internal currency ids, which are the account's own. Source: docs/connectors/netsuite.md."""

from __future__ import annotations

from functions.connectors.netsuite.client import NetSuite
from shared.faults import BusinessException

QUERY = "SELECT id, symbol FROM currency ORDER BY id"


class Currencies:
    """Read once per process and again when a code is not there: an account gains currencies, it never renames them."""

    def __init__(self, client: NetSuite) -> None:
        self._client = client
        self._ids: dict[str, str] = {}

    def id_of(self, code: str, *, lane: str) -> str:
        """Raises BusinessException("erp_currency_unknown")."""
        if code not in self._ids:
            self._load(lane)
        if code not in self._ids:
            raise BusinessException("erp_currency_unknown", currency=code)
        return self._ids[code]

    def code_of(self, currency_id: str, *, lane: str) -> str:
        """Raises BusinessException("erp_currency_unknown")."""
        if currency_id not in self._ids.values():
            self._load(lane)
        for code, known in self._ids.items():
            if known == currency_id:
                return code
        raise BusinessException("erp_currency_unknown", currency_id=currency_id)

    def _load(self, lane: str) -> None:
        rows = self._client.rows(QUERY, [], limit=1000, lane=lane)
        self._ids = {str(row["symbol"]): str(row["id"]) for row in rows if row.get("symbol")}
