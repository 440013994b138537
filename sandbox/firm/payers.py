"""What customers and the firm's finance people do in NetSuite: they pay, and they read what was billed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

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

    def pay(self) -> dict[str, int]:
        """Most pay in full, one in ten a part, one in ten nothing yet."""
        paid = {"in full": 0, "in part": 0, "not yet": 0}
        for invoice in self.invoices():
            mood = self._chance.random()
            if mood < 0.1:
                paid["not yet"] += 1
                continue
            payment: Row = {"invoice_id": invoice["id"]}
            if mood < 0.2:
                payment["amount"] = str((Decimal(str(invoice["total"])) / 2).quantize(Decimal("0.01")))
            self.control.post("/payments", payment)
            paid["in part" if "amount" in payment else "in full"] += 1
        return paid
