"""Holds: what keeps work from its invoice."""

CHAPTER = "Holds and write-offs"
TITLE = "Billing holds"
RULE = """
Billing may be held on a project, on a contract or on a customer, by finance here or by delivery in the PSA (projects
only). Work is valued on; while any hold stands nothing of what it covers is drafted, and the reason names every hold.
Each hold is placed and released by itself, with who and why; one release lets go however often it was placed. Once none
stands the next billing run takes everything that waited, whatever its date. An invoice that was drafted before the hold
goes on: it is stopped by its approver, or credited.
"""
COLUMNS = {"holds": "holds that stand", "work_of": "work of", "billed": "billed", "reason": "why not"}
ROWS = [
    {"holds": "", "work_of": "project P, contract C, customer K", "billed": "150.00", "reason": ""},
    {
        "holds": "project P",
        "work_of": "project P, contract C, customer K",
        "billed": "0.00",
        "reason": "project hold by Dana: dispute",
    },
    {
        "holds": "contract C",
        "work_of": "project P, contract C, customer K",
        "billed": "0.00",
        "reason": "contract hold by Dana: dispute",
    },
    {
        "holds": "customer K",
        "work_of": "project P, contract C, customer K",
        "billed": "0.00",
        "reason": "customer hold by Dana: dispute",
    },
    {
        "holds": "project P, customer K",
        "work_of": "project P, contract C, customer K",
        "billed": "0.00",
        "reason": "project hold by Dana: dispute; customer hold by Dana: dispute",
    },
    {
        "holds": "project Q, contract D, customer L",
        "work_of": "project P, contract C, customer K",
        "billed": "150.00",
        "reason": "",
    },
    {
        "holds": "in the PSA",
        "work_of": "project P, contract C, customer K",
        "billed": "0.00",
        "reason": "project hold by delivery",
    },
]
