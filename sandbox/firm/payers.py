"""What customers and the firm's finance people do in NetSuite: they pay, and they read what was billed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.firm.offices import DECIMALS
from sandbox.firm.vendor_calls import Control

Row = dict[str, Any]


class Payers:
    def __init__(self, system: Mapping[str, Any], seed: int) -> None:
        self.control = Control(system["control_url"])
        self._chance = random.Random(f"payers:{seed}")

    def invoices(self) -> list[Row]:
        """Every invoice in the ERP, whole."""
        return self.control.records("invoice")

    def credit_memos(self) -> list[Row]:
        """Every credit memo in the ERP, whole, with what each is set against."""
        return self.control.records("creditMemo")

    def jobs(self) -> list[Row]:
        return self.control.records("job")

    def symbols(self) -> dict[str, str]:
        """Currency id -> ISO code."""
        return {row["id"]: row["symbol"] for row in self.control.records("currency")}

    def pay(self) -> dict[str, int]:
        """Most pay in full, one in ten a part, one in ten nothing yet; who was credited has nothing to pay."""
        paid = {"in full": 0, "in part": 0, "not yet": 0}
        symbols = self.symbols()
        for invoice in self.invoices():
            if Decimal(str(invoice["amountRemaining"])) == 0:
                continue
            mood = self._chance.random()
            if mood < 0.1:
                paid["not yet"] += 1
                continue
            payment: Row = {"invoice_id": invoice["id"]}
            if mood < 0.2:
                half = Decimal(str(invoice["amountRemaining"])) / 2
                decimals = DECIMALS[symbols[str(invoice["currency"]["id"])]]
                payment["amount"] = str(half.quantize(Decimal(1).scaleb(-decimals)))
            self.control.post("/payments", payment)
            paid["in part" if "amount" in payment else "in full"] += 1
        return paid
