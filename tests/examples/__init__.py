"""Worked examples, one module per rule: what finance checks by hand and what the tests run are the same table.

A module holds
- TITLE: a few words;
- RULE: the rule in two to six sentences for a finance reader;
- COLUMNS: the columns in order, {key: heading} or just the keys (then underscores become blanks);
- ROWS: dicts of texts by those keys, amounts to the cent, one worked example each;
- CHAPTER (may be left out): the heading of docs/billing-rules.md it stands under, one of tools/rules_page.CHAPTERS.

A test in tests/unit runs every row through the use-case. `python -m tools.pages` writes docs/billing-rules.md.
"""
