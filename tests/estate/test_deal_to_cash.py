"""From a signed deal to the customer's money, through the vendors' own APIs, each step seen where people look for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .small_firm import SmallFirm, wait
from .story import deal_to_cash

pytestmark = pytest.mark.estate


def test_a_signed_deal_becomes_cash(firm: SmallFirm) -> None:
    deal_to_cash(firm, "Harbor yard automation", "Nordhafen berth planning")


def test_time_that_comes_after_the_month_was_billed_is_on_a_second_invoice(firm: SmallFirm) -> None:
    deal = firm.sell("Harbor customs desk", "US")
    firm.set_up(deal)
    first = firm.work(deal, days=1)
    firm.known(first)
    firm.bill("US")
    firm.posted(first)
    late = firm.work(deal, days=1)
    firm.known(first, late)
    firm.bill("US")
    wait("the second invoice in the books", lambda: len(firm.erp_invoices(deal)) == 2)
    nets = [Decimal(row["subtotal"]) for row in firm.erp_invoices(deal)]
    assert sorted(nets) == sorted([first.net, late.net])
    firm.bill("US")
    firm.quiet.wait("a run with nothing to bill", 60, quiet_s=1.0)
    assert len(firm.erp_invoices(deal)) == 2
