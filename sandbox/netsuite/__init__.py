"""A simulator of Oracle NetSuite's SuiteTalk REST web services, after vendor notes and public documentation.

`python -m sandbox.netsuite --state-dir D --port 0 --ready-file F`. See docs/simulators/netsuite.md.
"""
