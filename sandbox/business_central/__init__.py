"""A simulator of Microsoft Dynamics 365 Business Central's API v2.0, after vendor notes and public documentation.

`python -m sandbox.business_central --state-dir D --port 0 --ready-file F`. See docs/simulators/business_central.md.
"""
