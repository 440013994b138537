"""A Kantata OX account, REST API v1: `python -m sandbox.kantata --state-dir D --port 0 --ready-file F`.

Written from the vendor notes and the vendor's published contract alone. What it reproduces, the control calls, the
fault actions and the uncertain points with their settings: docs/simulators/kantata.md.
"""
