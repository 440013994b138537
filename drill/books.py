"""The end of a run as people see it, and what must hold of it whatever failed on the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from drill.world import World
from shared.domain.exception import ExceptionStatus
from shared.domain.invoice import InvoiceKind, InvoiceStatus
from shared.domain.wip import WipItem
from shared.usecases.conservation import broken_seals, conservation
from shared.usecases.invoice_life import IN_THE_BOOKS

Books = dict[str, dict[str, Any]]


def books_of(world: World) -> Books:
    """Without times and without what only tells how often something was tried; each invoice under a name that says what it
    is of, because its id says how many drafts there were before it.
    """
    return _renamed(_books(world), _names(world))


def _names(world: World) -> dict[str, str]:
    """By id and by the ERP's number."""
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for each in world.fake.invoices.rows.values():
        if _is_empty(world, each.invoice_id):
            continue
        name = f"{each.group.contract_id} {each.group.billing_schedule} {each.kind.value} to {each.period_end}"
        seen[name] += 1
        found[each.invoice_id] = f"{name} #{seen[name]}"
        if each.erp_number:
            found[each.erp_number] = f"number of {found[each.invoice_id]}"
    return found


def _renamed(told: Any, names: Mapping[str, str]) -> Any:
    """The same in every text of it."""
    if isinstance(told, str):
        return " ".join(names.get(word, word) for word in told.split(" "))
    if isinstance(told, dict):
        return {_renamed(key, names): _renamed(value, names) for key, value in told.items()}
    return tuple(_renamed(each, names) for each in told) if isinstance(told, tuple) else told


def _books(world: World) -> Books:
    fake = world.fake
    return {
        "invoices": {each: _invoice(world, each) for each in fake.invoices.rows if not _is_empty(world, each)},
        "open work": {source: str(net) for source, net in _by_source(world, None).items() if net},
        "approved": {
            each.source_id: (each.sequence, str(each.value)) for each in fake.wip.sources.values() if each.value.amount
        },
        "projects": {
            each.project_id: (each.status.value, sorted(str(ref) for ref in each.refs))
            for each in fake.projects.rows.values()
        },
        "write-offs": {
            each.write_off_id: (each.status.value, str(each.value)) for each in fake.write_offs.rows.values()
        },
        "open exceptions": {
            f"{each.type} {each.subject}": each.owner.value for each in fake.exceptions.list(ExceptionStatus.OPEN)
        },
        "erp": {
            f"{kind} {eid}": (str(world.erp.total(each)), str(world.erp.applied(each)))
            for (kind, eid), each in world.erp.records.items()
            if kind in ("invoice", "creditMemo")
        },
        "psa": {
            f"{each['subject_type']} {each['service_model_ref']}": (each["external_status"], each["external_message"])
            for each in world.psa.references
        },
        "crm": {f"{kind} {key}": fields for (kind, key), fields in world.crm.records.items()},
    }


def sums_of(world: World) -> Books:
    """What does not depend on which invoice took which work: what was billed and is open, by what it came of."""
    books = books_of(world)
    kept = ("open work", "approved", "projects", "write-offs", "open exceptions")
    booked = [each.invoice_id for each in world.fake.invoices.rows.values() if each.status in IN_THE_BOOKS]
    billed: dict[str, Decimal] = defaultdict(Decimal)
    for invoice_id in booked:
        for source, net in _by_source(world, invoice_id).items():
            billed[source] += net
    in_erp: dict[str, Decimal] = defaultdict(Decimal)
    for (kind, eid), record in world.erp.records.items():
        if kind in ("invoice", "creditMemo"):
            sign = 1 if kind == "invoice" else -1
            in_erp[world.fake.invoices.get(eid).group.contract_id] += sign * world.erp.total(record)
    return {name: books[name] for name in kept} | {
        "billed": {source: str(net) for source, net in billed.items() if net},
        "in the ERP": {contract: str(net) for contract, net in in_erp.items()},
    }


def _invoice(world: World, invoice_id: str) -> tuple[Any, ...]:
    each = world.fake.invoices.get(invoice_id)
    totals = each.totals
    amounts = (str(totals.net.amount), str(totals.tax.amount), str(totals.gross.amount)) if totals else None
    work = {source: str(net) for source, net in _by_source(world, invoice_id).items() if net}
    dates = (each.issued_on, each.due_on, each.period_end)
    return each.kind.value, each.status.value, amounts, str(each.paid), str(each.credited), each.erp_number, dates, work


def _is_empty(world: World, invoice_id: str) -> bool:
    """A draft that a stale look at what is open began, and that got nothing: the next run takes it, or it was given back
    and reckoned anew under the next id. No other system ever heard of it.
    """
    invoice = world.fake.invoices.get(invoice_id)
    began = invoice.status in (InvoiceStatus.DRAFT, InvoiceStatus.CANCELLED) and invoice.erp_number is None
    return began and invoice_id not in world.fake.invoices.claimed.values()


def _by_source(world: World, claimed_by: str | None) -> dict[str, Decimal]:
    """Net of the items by what they came of. Under a cap, by contract: what crosses it follows the order of arrival."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for item in world.fake.wip.items.values():
        if item.claimed_by == claimed_by:
            found[_source_of(item, world)] += item.value.amount
    return dict(found)


def _source_of(item: WipItem, world: World) -> str:
    capped = any(line.terms.cap for line in world.fake.contracts.get(item.contract_id).lines)
    return item.contract_id if capped else item.source_id


def differences(wanted: Books, got: Books) -> list[str]:
    """One line per thing that is not as in the faultless run."""
    return [
        f"{part}: {key}: {wanted[part].get(key, 'nothing')} became {got[part].get(key, 'nothing')}"
        for part in wanted
        for key in sorted({*wanted[part], *got[part]})
        if wanted[part].get(key) != got[part].get(key)
    ]


def complaints(world: World) -> list[str]:
    """What never may be, faultless run or not: money lost or made up, anything doubled, anything stuck in silence."""
    return [*_money(world), *_doubled(world), *_silent(world)]


def _money(world: World) -> Iterator[str]:
    fake = world.fake
    rows = conservation(
        fake.wip.sources.values(),
        fake.wip.items.values(),
        fake.invoices.rows.values(),
        fake.write_offs.rows.values(),
    )
    yield from (f"conservation: {row}" for row in rows if not row.holds)
    yield from (f"seal: {each}" for each in broken_seals(fake.wip.items.values(), fake.invoices.rows.values()))
    for (kind, eid), record in world.erp.records.items():
        invoice = fake.invoices.find(eid) if kind in ("invoice", "creditMemo") else None
        if invoice and invoice.status not in IN_THE_BOOKS:
            yield f"erp: {eid} stands there but is {invoice.status.value} here"
        if invoice and invoice.totals and invoice.totals.net.amount != world.erp.total(record):
            yield f"erp: {eid} comes to {world.erp.total(record)}, here {invoice.totals.net.amount}"
        if kind == "invoice" and world.erp.settled(record.id) > world.erp.total(record):
            yield f"erp: more is set against {eid} than it comes to"
    for invoice in fake.invoices.rows.values():
        kind = "creditMemo" if invoice.kind is InvoiceKind.CREDIT_MEMO else "invoice"
        if invoice.status in IN_THE_BOOKS and (kind, invoice.invoice_id) not in world.erp.records:
            yield f"erp: {invoice.invoice_id} is {invoice.status.value} here and not there"


def _doubled(world: World) -> Iterator[str]:
    for (kind, eid), record in world.erp.records.items():
        # Two at once both find nothing and both PUT the same: one record under its external id all the same.
        if kind in ("invoice", "creditMemo") and record.blind_repeats and not world.fate.races:
            yield f"erp: {kind} {eid} written over {record.blind_repeats} times, unasked"
    names = Counter(
        (path, _name(row)) for path, rows in world.psa.tables.items() for row in rows if path != "/external_references"
    )
    yield from (f"psa: {path} {name} stands {times} times" for (path, name), times in names.items() if times > 1)


def _name(row: dict[str, Any]) -> str:
    reference = row.get("external_reference") or {}
    name = reference.get("service_model_ref") or row.get("description") or row.get("name")
    return str(name or f"{row.get('workspace_id')} {row.get('title')}")


def _silent(world: World) -> Iterator[str]:
    fake = world.fake
    open_ = list(fake.exceptions.list(ExceptionStatus.OPEN))
    asked = {each.task_token for each in open_ if each.task_token}
    yield from (f"nobody can answer {token}" for token in world.sagas.tokens if token not in asked)
    for (saga, name), status in world.sagas.states.items():
        waits = any(branch.walk.name == name for branch in world.sagas.tokens.values())
        if status == "FAILED" or (status == "RUNNING" and not waits):
            yield f"saga {saga} {name} is {status}"
    yield from (f"no owner: {each.type} {each.subject}" for each in open_ if not each.owner)
    yield from (f"{len(letters)} dead letters of {queue}" for queue, letters in world.dead.items() if letters)
    yield from (f"unread: {origin} {code}" for _, origin, code in fake.inbox.quarantined)
    yield from (f"not published: {each}" for each in fake.outbox.events if each not in fake.outbox.published)
    known = {each.exception_id for each in open_}
    for parked in fake.parking.rows.values():
        if parked.exception_id not in known:
            yield f"parked without an open exception: {parked.waiting_for}"
