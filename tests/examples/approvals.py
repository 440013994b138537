"""Approvals: which documents another person has to approve, and who may be that person."""

CHAPTER = "Holds and write-offs"
TITLE = "Approval thresholds and who may approve"
RULE = """
A document above its threshold waits for a person; at the threshold it does not. Thresholds stand in finance's policies,
per kind of document (invoice, credit memo, write-off) and currency, and may name a legal entity, a customer or a kind of
contract; the first rule that fits decides. An invoice or credit memo that no rule names falls to the limit of its
currency, anything else without a rule always waits. The amount is the gross of an invoice or credit memo, the value of a
write-off. Who asked for the document may not approve it, and no service may. In the examples the rules are, in this
order: invoices to customer K over 1,000; invoices of milestone contracts over 5,000; write-offs of DE01 over 500;
write-offs over 1,000; and the limit for EUR is 250,000.
"""
COLUMNS = {
    "document": "document",
    "legal_entity": "legal entity",
    "customer": "customer",
    "contract": "kind of contract",
    "amount": "amount in EUR",
    "asked_by": "asked for by",
    "approver": "wants to approve",
    "outcome": "outcome",
    "rule": "rule",
}
_PLAIN = {
    "document": "invoice",
    "legal_entity": "FR01",
    "customer": "L",
    "contract": "time_and_materials",
    "asked_by": "Ada",
    "approver": "",
}
ROWS = [
    _PLAIN | {"amount": "250000.00", "outcome": "goes on", "rule": "approval_over.EUR"},
    _PLAIN | {"amount": "250000.01", "approver": "Grace", "outcome": "approved", "rule": "approval_over.EUR"},
    _PLAIN | {"amount": "250000.01", "outcome": "waits", "rule": "approval_over.EUR"},
    _PLAIN
    | {"amount": "250000.01", "approver": "Ada", "outcome": "approver_is_submitter", "rule": "approval_over.EUR"},
    _PLAIN
    | {"amount": "250000.01", "approver": "ada ", "outcome": "approver_is_submitter", "rule": "approval_over.EUR"},
    _PLAIN
    | {"amount": "250000.01", "approver": "billweave", "outcome": "approver_is_service", "rule": "approval_over.EUR"},
    _PLAIN | {"customer": "K", "amount": "1000.01", "outcome": "waits", "rule": "approvals[1]"},
    _PLAIN | {"customer": "K", "amount": "1000.00", "outcome": "goes on", "rule": "approvals[1]"},
    _PLAIN | {"contract": "milestone", "amount": "5000.01", "outcome": "waits", "rule": "approvals[2]"},
    _PLAIN
    | {"customer": "K", "contract": "milestone", "amount": "2000.00", "outcome": "waits", "rule": "approvals[1]"},
    _PLAIN
    | {"document": "credit_memo", "customer": "K", "amount": "2000.00", "outcome": "goes on"}
    | {"rule": "approval_over.EUR"},
    _PLAIN | {"document": "write_off", "amount": "1000.00", "outcome": "goes on", "rule": "approvals[4]"},
    _PLAIN | {"document": "write_off", "amount": "1000.01", "outcome": "waits", "rule": "approvals[4]"},
    _PLAIN
    | {"document": "write_off", "legal_entity": "DE01", "amount": "500.01", "outcome": "waits", "rule": "approvals[3]"},
]
