"""Seller and buyer in UBL."""

from __future__ import annotations

from shared.domain.parties import Address
from shared.einvoice.ubl_codes import VAT_SCHEMES, country_of_vat_number
from shared.einvoice.xml_tree import Tree


def write_party(
    parent: Tree, *, name: str, tax_number: str | None, country: str, address: Address | None, outside_scope: bool
) -> None:
    """outside_scope: what is not taxed names no VAT number (BR-O-02); the number then identifies the company alone.

    A number without country letters is no VAT number (BR-CO-09) and stands as the company's own, too. Without a VAT
    number there is no electronic address: who delivers the document must add one (Peppol R010, R020).
    """
    party = parent.add("cac:Party")
    vat_country = country_of_vat_number(tax_number) if tax_number else None
    if tax_number and vat_country in VAT_SCHEMES:
        party.text("cbc:EndpointID", tax_number, schemeID=VAT_SCHEMES[vat_country])
    party.add("cac:PartyName").text("cbc:Name", name)
    _write_address(party, country, address)
    if tax_number and vat_country and not outside_scope:
        scheme = party.add("cac:PartyTaxScheme")
        scheme.text("cbc:CompanyID", tax_number)
        scheme.add("cac:TaxScheme").text("cbc:ID", "VAT")
    legal = party.add("cac:PartyLegalEntity")
    legal.text("cbc:RegistrationName", name)
    if outside_scope or not vat_country:
        legal.text("cbc:CompanyID", tax_number)


def _write_address(party: Tree, country: str, address: Address | None) -> None:
    postal = party.add("cac:PostalAddress")
    if address:
        postal.text("cbc:StreetName", address.street)
        postal.text("cbc:CityName", address.city)
        postal.text("cbc:PostalZone", address.postal_code)
        postal.text("cbc:CountrySubentity", address.region)
    postal.add("cac:Country").text("cbc:IdentificationCode", country)
