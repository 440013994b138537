"""A Salesforce org to run against: REST, OAuth, outbound messages and change events, from the vendor notes alone.

Run: `python -m sandbox.salesforce --state-dir D --port 0 --ready-file F`. See docs/simulators/salesforce.md.
"""
