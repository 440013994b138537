"""What the firm's customers do: they pay, or not yet."""

from __future__ import annotations

import random
from decimal import Decimal

from sandbox.firm.desks import ErpDesk
from sandbox.firm.offices import DECIMALS


class Payers:
    def __init__(self, finance: ErpDesk, seed: int) -> None:
        self._finance = finance
        self._chance = random.Random(f"payers:{seed}")

    def pay(self) -> dict[str, int]:
        """Most pay in full, one in ten a part, one in ten nothing yet; who was credited has nothing to pay."""
        paid = {"in full": 0, "in part": 0, "not yet": 0}
        for invoice in self._finance.invoices():
            if invoice.unpaid == 0:
                continue
            mood = self._chance.random()
            if mood < 0.1:
                paid["not yet"] += 1
            elif mood < 0.2:
                half = (invoice.unpaid / 2).quantize(Decimal(1).scaleb(-DECIMALS[invoice.currency]))
                self._finance.take_payment(invoice.invoice_id, half)
                paid["in part"] += 1
            else:
                self._finance.take_payment(invoice.invoice_id)
                paid["in full"] += 1
        return paid
