"""Which module makes, changes and deletes the records of which set, and the actions bound to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sandbox.business_central import (
    correcting,
    dimension_values,
    documents,
    journals,
    lines,
    masters,
    posting,
    timesheets,
)
from sandbox.business_central.book import Record
from sandbox.business_central.errors import rule
from sandbox.business_central.kinds import INVOICE, MEMO
from sandbox.business_central.values import Given
from sandbox.business_central.work import Work

Action = Callable[[Work, Record, str], object]
"""(work, record, where it is to fail) -> what it made, if anything."""


class Rules(NamedTuple):
    create: Callable[[Work, str, Given, Record | None], Record]
    update: Callable[[Work, str, Record, Given], Record]
    delete: Callable[[Work, str, Record], None]


_MASTERS = Rules(masters.create, masters.update, masters.delete)
_DOCUMENTS = Rules(documents.create, documents.update, documents.delete)
_LINES = Rules(lines.create, lines.update, lines.delete)
_JOURNAL_LINES = Rules(journals.create_line, journals.update_line, masters.delete)
_RULES = {
    "salesInvoices": _DOCUMENTS,
    "salesCreditMemos": _DOCUMENTS,
    "salesInvoiceLines": _LINES,
    "salesCreditMemoLines": _LINES,
    "journalLines": _JOURNAL_LINES,
    "customerPayments": _JOURNAL_LINES,
    "timeRegistrationEntries": Rules(timesheets.create, timesheets.update, timesheets.delete),
    "dimensionValues": Rules(dimension_values.create, dimension_values.update, masters.delete),
    "defaultDimensions": Rules(dimension_values.create_default, dimension_values.update_default, masters.delete),
}


def rules_of(kind: str) -> Rules:
    return _RULES.get(kind, _MASTERS)


def _post_and_send(work: Work, record: Record, _: str) -> object:
    posted = posting.post(work, INVOICE, record)
    if not posted["email"]:
        raise rule("no_email")
    return posted


def _send(work: Work, record: Record, _: str) -> object:
    if not record["email"]:
        raise rule("no_email")
    return record


ACTIONS: dict[tuple[str, str], Action] = {
    ("salesInvoices", "post"): lambda work, record, _: posting.post(work, INVOICE, record),
    ("salesInvoices", "postAndSend"): _post_and_send,
    ("salesInvoices", "send"): _send,
    ("salesInvoices", "cancel"): lambda work, record, fail_at: correcting.cancel(work, record, fail_at),
    ("salesInvoices", "cancelAndSend"): lambda work, record, fail_at: correcting.cancel(work, record, fail_at),
    ("salesInvoices", "makeCorrectiveCreditMemo"): lambda work, record, _: correcting.make_corrective_memo(
        work, record
    ),
    ("salesCreditMemos", "post"): lambda work, record, _: posting.post(work, MEMO, record),
    ("salesCreditMemos", "send"): _send,
    ("salesCreditMemos", "cancel"): lambda work, record, _: correcting.cancel_memo(work, record),
    ("journals", "post"): lambda work, record, _: journals.post(work, record),
    ("customerPaymentJournals", "post"): lambda work, record, _: journals.post(work, record),
}
