"""Where a dead letter goes when it is given back, and what that will change: said before anything moves."""

from __future__ import annotations

from dataclasses import dataclass

from functions.operations.letters import Content, Kind, read_letter
from shared.domain.dead_letter import DeadLetter
from shared.domain.invoice import InvoiceStatus
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.decide_approval import check_approver

BUS = "(bus)"
_TO_BUS = ("bus-dlq", "outbox-parked", "outbox-parked-dlq")
_STANDING = ("quarantine", "outbox-parked")
"""Places that are no queue's DLQ: things wait there for a person."""

_POSTED = (InvoiceStatus.POSTED, InvoiceStatus.PAID)


@dataclass(frozen=True, slots=True)
class Route:
    """to: a queue's name or BUS; None: it stays, and `effect` says why."""

    to: str | None
    effect: str


def place_of(queue: str) -> str:
    """Where this queue's dead letters lie; a place is its own."""
    return queue if queue in _STANDING or queue.endswith("-dlq") else f"{queue}-dlq"


def route_of(letter: DeadLetter, by: str, ports: Ports) -> Route:
    """by: who would give it back. Reads only."""
    content = read_letter(letter, ports.dead_letters.origin(letter), ports.documents.get)
    to = _target(letter, ports)
    if content.kind is Kind.CALL:
        return Route(None, "stays: a call of a function; the next run by its schedule does the work. Discard it then")
    if to is None:
        return Route(None, "stays: nothing says which queue it came from")
    if content.problem or content.kind is Kind.UNREADABLE:
        return Route(None, f"stays: it would not be understood again ({content.problem}). Edit or discard it")
    if to == BUS and content.kind is not Kind.EVENT:
        return Route(None, "stays: it holds no event for the bus. Edit or discard it")
    if editor := _same_editor(letter, by, ports):
        return Route(None, f"stays: {editor} edited it, so another person gives it back")
    return Route(to, f"to {to}: {_effect(content, ports)}")


def _target(letter: DeadLetter, ports: Ports) -> str | None:
    if letter.place in _TO_BUS:
        return BUS
    if letter.place.removesuffix("-dlq") == "quarantine":
        origin = ports.dead_letters.origin(letter)
        return origin if origin and f"{origin}-dlq" in ports.dead_letters.places() else None
    return letter.place.removesuffix("-dlq")


def _same_editor(letter: DeadLetter, by: str, ports: Ports) -> str:
    """Who edits a message changes what is billed, and does not also let it pass."""
    edits = [each for each in ports.corrections.of(letter.letter_id) if each.new_id == letter.letter_id]
    for edit in edits:
        try:
            check_approver(ports.policies.current(), by, edit.by)
        except BusinessException:
            return edit.by
    return ""


def _effect(content: Content, ports: Ports) -> str:
    if content.kind is Kind.COMMAND:
        return _of_command(content, ports)
    if content.kind is Kind.EVENT:
        return _of_event(content, ports)
    return "read again by its queue's function"


def _of_command(content: Content, ports: Ports) -> str:
    waits = f"saga {content.execution} waits for its answer and goes on"
    invoice = ports.invoices.find(content.subject) if content.name.startswith("Post") else None
    if invoice is None:
        return f"{content.name} {content.subject} is executed; {waits}".replace("  ", " ")
    if invoice.status in _POSTED:
        return (
            f"invoice {invoice.invoice_id} is {invoice.status.value} as {invoice.erp_number}: found, not posted twice"
        )
    return f"{content.name}: invoice {invoice.invoice_id} is {invoice.status.value}; looked up, then posted; {waits}"


def _of_event(content: Content, ports: Ports) -> str:
    source = ports.wip.source(content.subject)
    if source is None:
        return (
            f"{content.name} of {content.subject} is applied; the fabric does not know it yet or repeats change nothing"
        )
    if source.sequence == content.sequence:
        return f"{content.name} of {content.subject} is applied already: a duplicate, changes nothing"
    if source.sequence > content.sequence:
        return f"{content.name} of {content.subject} is older than what stands: stale, changes nothing"
    return f"{content.name} of {content.subject} is newer than what stands and replaces it"
