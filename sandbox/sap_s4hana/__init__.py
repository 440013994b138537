"""A simulated tenant of SAP S/4HANA Cloud, Public Edition: its OData services, as a program of its own.

Written from the vendor's published interface; it imports nothing of the product.
"""
