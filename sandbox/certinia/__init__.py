"""A Certinia PSA org to run against: a Salesforce org with the managed package `pse`, from the vendor notes alone.

Run: `python -m sandbox.certinia --state-dir D --port 0 --ready-file F`. See docs/simulators/certinia.md.
"""
