"""Invoices as others write and read them: the JSON of `billweave invoice compute`, UBL 2.1. Pure: bytes in, words out."""
