"""Names of UBL 2.1 and of Peppol BIS Billing 3.0."""

from __future__ import annotations

from functools import cache

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

_ROOMS = {"cac": CAC, "cbc": CBC}


@cache
def tag(short: str) -> str:
    """cbc:ID -> the name as an XML reader gives it."""
    room, _, name = short.partition(":")
    return f"{{{_ROOMS[room]}}}{name}"
