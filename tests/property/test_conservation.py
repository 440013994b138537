"""Whatever happens, in whatever order: approved = open + claimed + invoiced, per legal entity, project and currency."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.domain.invoice import InvoiceStatus
from shared.domain.money import Money
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.conservation import broken_seals, conservation
from shared.usecases.invoice_life import IN_THE_BOOKS
from tests.property.books import Books, Version

ENTRIES = [f"t-{number}" for number in range(6)]
JOBS = st.integers(0, 2)


class FirmsMonth(RuleBasedStateMachine):
    """Deliveries of any version at any time, billing runs that may die half way, invoices that go on, are posted,
    rejected or cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.told: list[tuple[str, Version]] = []

    def in_state(self, *states: InvoiceStatus) -> list[str]:
        return sorted(each.invoice_id for each in self.books.invoices.values() if each.status in states)

    @rule(
        entry=st.sampled_from(ENTRIES),
        sequence=st.integers(1, 40),
        minutes=st.none() | st.integers(1, 600),
        job=JOBS,
        day=st.integers(1, 31),
    )
    def an_entry_is_told(self, entry: str, sequence: int, minutes: int | None, job: int, day: int) -> None:
        """New, corrected, withdrawn, moved to another project, duplicate, stale: all are one delivery."""
        version = Version(sequence, minutes, job, day)
        self.told.append((entry, version))
        self.books.deliver(entry, version)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def an_entry_is_told_again(self, data: st.DataObject) -> None:
        self.books.deliver(*data.draw(st.sampled_from(self.told)))

    @rule(job=JOBS)
    def a_run_drafts_and_seals(self, job: int) -> None:
        for invoice_id in self.books.draft(job):
            self.books.seal(invoice_id)

    @rule(job=JOBS, claims=st.integers(0, 4))
    def a_run_dies_while_claiming(self, job: int, claims: int) -> None:
        self.books.draft(job, claim_at_most=claims)

    @precondition(lambda self: self.in_state(InvoiceStatus.DRAFT))
    @rule(data=st.data())
    def a_draft_left_behind_is_sealed(self, data: st.DataObject) -> None:
        invoice_id = data.draw(st.sampled_from(self.in_state(InvoiceStatus.DRAFT)))
        if self.books.claimed(invoice_id):
            self.books.seal(invoice_id)

    @precondition(lambda self: self.in_state(InvoiceStatus.SEALED))
    @rule(data=st.data())
    def an_invoice_is_priced_and_submitted(self, data: st.DataObject) -> None:
        invoice_id = data.draw(st.sampled_from(self.in_state(InvoiceStatus.SEALED)))
        if self.books.price(invoice_id) is None:
            self.books.move(invoice_id, InvoiceStatus.SUBMITTED)

    @precondition(lambda self: self.in_state(InvoiceStatus.SUBMITTED))
    @rule(data=st.data(), accepted=st.booleans())
    def the_erp_answers(self, data: st.DataObject, accepted: bool) -> None:
        invoice_id = data.draw(st.sampled_from(self.in_state(InvoiceStatus.SUBMITTED)))
        if accepted:
            self.books.move(invoice_id, InvoiceStatus.POSTED)
        else:
            self.books.end(invoice_id, InvoiceStatus.REJECTED)

    @precondition(lambda self: self.in_state(InvoiceStatus.POSTED, InvoiceStatus.PAID))
    @rule(data=st.data())
    def a_payment_comes_or_bounces(self, data: st.DataObject) -> None:
        invoice_id = data.draw(st.sampled_from(self.in_state(InvoiceStatus.POSTED, InvoiceStatus.PAID)))
        posted = self.books.invoices[invoice_id].status is InvoiceStatus.POSTED
        self.books.move(invoice_id, InvoiceStatus.PAID if posted else InvoiceStatus.POSTED)

    @precondition(lambda self: self.in_state(InvoiceStatus.DRAFT, InvoiceStatus.SEALED))
    @rule(data=st.data(), released=st.booleans())
    def somebody_cancels(self, data: st.DataObject, released: bool) -> None:
        """Not released: the process died between the end of the invoice and the release of its claims."""
        invoice_id = data.draw(st.sampled_from(self.in_state(InvoiceStatus.DRAFT, InvoiceStatus.SEALED)))
        self.books.move(invoice_id, InvoiceStatus.CANCELLED)
        if released:
            self.books.release(invoice_id)

    @invariant()
    def what_was_approved_is_somewhere(self) -> None:
        books = self.books
        rows = conservation(books.sources.values(), books.items.values(), books.invoices.values())
        assert [row for row in rows if not row.holds] == []

    @invariant()
    def every_seal_holds(self) -> None:
        assert broken_seals(self.books.items.values(), self.books.invoices.values()) == ()

    @invariant()
    def every_posted_item_is_a_line_of_one_invoice_or_cancels_on_it(self) -> None:
        shown: Counter[str] = Counter()
        for invoice_id in self.in_state(*IN_THE_BOOKS):
            document, items = self.books.documents[invoice_id], self.books.claimed(invoice_id)
            lines = [line.wip_id for line in document.lines]
            shown.update(lines)
            assert set(lines) == {item.wip_id for item in items} - cancelled_pairs(items)
            assert document.totals.net == sum((item.value for item in items), Money.zero(document.currency))
            assert document.totals.net.amount > 0
        assert all(count == 1 for count in shown.values())

    def teardown(self) -> None:
        """Left alone, the firm comes to rest: whatever may be billed is billed, and running again bills nothing."""
        for _ in range(3):
            for job in range(3):
                self.a_run_drafts_and_seals(job)
            for invoice_id in self.in_state(InvoiceStatus.CANCELLED, InvoiceStatus.REJECTED):
                self.books.release(invoice_id)
            for invoice_id in self.in_state(InvoiceStatus.DRAFT):
                self.books.seal(invoice_id)
            for invoice_id in self.in_state(InvoiceStatus.SEALED):
                if self.books.price(invoice_id) is None:
                    self.books.move(invoice_id, InvoiceStatus.SUBMITTED)
            for invoice_id in self.in_state(InvoiceStatus.SUBMITTED):
                self.books.move(invoice_id, InvoiceStatus.POSTED)
        self.what_was_approved_is_somewhere()
        before = len(self.books.invoices)
        assert [self.books.draft(job) for job in range(3)] == [[], [], []] and len(self.books.invoices) == before


FirmsMonth.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestFirmsMonth = FirmsMonth.TestCase
