"""Write-offs, billing runs and other people's acts at once, on the embedded AWS: one of them has each item."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.faults import BusinessException, Transient
from shared.usecases.plan_write_off import ALL
from shared.usecases.verify_chain import verify_chain
from tests.contract.adapters.test_audit_log import an_act
from tests.contract.adapters.test_races import at_once
from tests.contract.adapters.test_write_offs import conserved, known, planned, take
from tests.fakes.records import some_group, some_item

MARCH = date(2026, 3, 31)


@pytest.mark.parametrize("percent", [ALL, ALL / 4])
def test_a_billing_run_and_write_offs_at_once_share_no_item(embedded: Any, percent: Any) -> None:
    ids = [f"w{number}" for number in range(6)]
    known(embedded, *(some_item(wip_id) for wip_id in ids))
    draft = embedded.invoices.open_draft(some_group(), MARCH)
    plans = [planned(embedded, wip_id, percent=percent, request=wip_id) for wip_id in ids]

    def work(number: int) -> str:
        if number == 0:
            embedded.wip.claim(draft.invoice_id, ids)
            return "claimed"
        try:
            return take(embedded, plans[number]).status.value
        except (BusinessException, Transient) as fault:
            return fault.code

    done = at_once(work)
    billed = {item.wip_id for item in embedded.wip.claimed_by(draft.invoice_id)}
    stand = {line.wip_id for each in embedded.write_offs.of_legal_entity("US") for line in each.lines}
    assert set(done) <= {"claimed", "recorded", "already_claimed", "write_conflict"}
    assert done.count("recorded") == len(stand)
    if percent == ALL:
        assert billed | stand == set(ids) and not billed & stand
    else:
        adjusted = {item.wip_id for item in embedded.wip.claimed_by(draft.invoice_id) if item.adjusted_by}
        assert adjusted == stand
    assert conserved(embedded)[2]


def test_acts_at_once_are_one_chain(embedded: Any) -> None:
    assert at_once(lambda number: embedded.audit_log.append(an_act(number))) == [True] * 6
    length, head = embedded.audit_log.head("US")
    assert length == 6
    assert verify_chain(embedded.audit_log.of_legal_entity("US"), length=length, head=head) is None
