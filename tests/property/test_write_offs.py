"""Write-offs, write-downs and their reversals among everything else that happens, in any order: nothing is lost, made up
or given up twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from shared.domain.wip import WipItem
from shared.domain.write_off import GivenUp, WriteOff, WriteOffStatus
from shared.faults import BusinessException
from shared.usecases.conservation import conservation
from shared.usecases.make_write_off import Asked, gives_up, make_write_off
from shared.usecases.plan_write_off import plan_write_off, write_down_pair
from tests.build import APPROVED_AT, the_policies
from tests.property.test_conservation import JOBS, FirmsMonth

POLICIES = the_policies()
PERCENTS = st.sampled_from([Decimal(100), Decimal(10), Decimal(33), Decimal("0.01")])


class MonthWithWriteOffs(FirmsMonth):
    def __init__(self) -> None:
        super().__init__()
        self.write_offs: dict[str, WriteOff] = {}

    def open_items(self, job: int) -> list[WipItem]:
        contract_id = self.books.contracts[job].contract_id
        items = [each for each in self.books.items.values() if each.contract_id == contract_id and not each.claimed_by]
        return sorted(items, key=lambda each: each.wip_id)

    @rule(job=JOBS, percent=PERCENTS, data=st.data(), approved=st.booleans())
    def somebody_writes_off(self, job: int, percent: Decimal, data: st.DataObject, approved: bool) -> None:
        there = self.open_items(job)
        chosen = data.draw(st.sets(st.sampled_from([each.wip_id for each in there]))) if there else set()
        try:
            lines = plan_write_off(there, chosen, percent=percent)
        except BusinessException as refusal:
            assert refusal.code == "nothing_to_write_off"
            return
        asked = Asked(str(len(self.write_offs)), "goodwill", "", "Ada", APPROVED_AT)
        made = make_write_off(asked, lines, self.books.contracts[job], POLICIES)
        status = WriteOffStatus.RECORDED if approved else WriteOffStatus.REQUESTED
        self.take(replace(made, status=status), [line.source_id for line in lines])

    def take(self, made: WriteOff, source_ids: Sequence[str]) -> None:
        books = self.books
        self.write_offs[made.write_off_id] = made
        sources = [books.sources[source_id] for source_id in dict.fromkeys(source_ids)]
        books.sources |= {each.source_id: each for each in gives_up(made, sources)}
        for line in made.lines:
            item = books.items[line.wip_id]
            if line.whole:
                books.items[line.wip_id] = replace(item, claimed_by=made.claim)
            else:
                down, up = write_down_pair(item, line.written_off, made.write_off_id)
                books.items |= {down.wip_id: down, up.wip_id: up}

    @precondition(lambda self: self.standing())
    @rule(data=st.data(), released=st.booleans())
    def one_is_taken_back(self, data: st.DataObject, released: bool) -> None:
        """Not released: the process died between the two."""
        write_off_id = data.draw(st.sampled_from(self.standing()))
        ended = WriteOffStatus.REVERSED
        self.write_offs[write_off_id] = replace(self.write_offs[write_off_id], status=ended)
        if released:
            self.release_write_off(write_off_id)

    def standing(self) -> list[str]:
        stands = (WriteOffStatus.RECORDED, WriteOffStatus.REQUESTED)
        return sorted(key for key, each in self.write_offs.items() if each.status in stands)

    def release_write_off(self, write_off_id: str) -> None:
        books = self.books
        for source_id, source in books.sources.items():
            books.sources[source_id] = source.without(write_off_id)
        for item in books.claimed(self.write_offs[write_off_id].claim):
            books.items[item.wip_id] = replace(item, claimed_by=None)

    @invariant()
    def what_was_approved_is_somewhere(self) -> None:
        books = self.books
        rows = conservation(
            books.sources.values(), books.items.values(), books.invoices.values(), self.write_offs.values()
        )
        assert [row for row in rows if not row.holds] == []

    @invariant()
    def every_source_is_somewhere_to_the_cent(self) -> None:
        """Not only in sum: each entry's own items are worth what it is worth now."""
        for source in self.books.sources.values():
            items = [item for item in self.books.items.values() if item.source_id == source.source_id]
            assert sum((item.value.amount for item in items), Decimal(0)) == source.value.amount

    @invariant()
    def what_write_offs_hold_is_what_they_took_of_each_source(self) -> None:
        """And that is never more than the work is worth now."""
        claims = {self.write_offs[key].claim for key in self.standing()}
        for source in self.books.sources.values():
            standing = [each for each in source.given_up if each.write_off_id in self.standing()]
            held = [
                item.value.amount
                for item in self.books.items.values()
                if item.source_id == source.source_id and item.claimed_by in claims
            ]
            if [each.write_off_id for each in source.given_up] == [each.write_off_id for each in standing]:
                assert sum(held, Decimal(0)) == total(source.given_up)
                assert total(source.given_up) <= max(source.value.amount, Decimal(0))

    def teardown(self) -> None:
        for write_off_id, each in self.write_offs.items():
            if each.status is WriteOffStatus.REVERSED:
                self.release_write_off(write_off_id)
        super().teardown()


def total(given_up: Sequence[GivenUp]) -> Decimal:
    return sum((each.value.amount for each in given_up), Decimal(0))


MonthWithWriteOffs.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestMonthWithWriteOffs = MonthWithWriteOffs.TestCase
