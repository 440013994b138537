"""Which category, rate and words; and what is missing where it cannot be told."""

CHAPTER = "Tax"
TITLE = "Tax categories"
RULE = """
Finance's table decides: by the seller's country, the kind of buyer, perhaps the kind of service or the buyer's country,
the first row from the top that is valid on the invoice date. The place is where the service is received: the ship-to if
the contract names one, else the customer. In another EU country a tax number makes a business, to which the charge is
reversed; its number and the seller's must then be known. A legal entity that only sells to businesses asks for a missing
number instead of taking the customer for a consumer. What the table does not tell is a question for finance, never zero
tax. The rows here are examples of such a table; the law is the adviser's.
"""
COLUMNS = {
    "seller": "seller",
    "customer": "customer",
    "ship_to": "ship-to",
    "service": "service",
    "category": "category",
    "rate": "%",
    "code": "code",
    "result": "row of the table, or what is missing",
    "why": "why",
}


def _row(seller: str, customer: str, ship_to: str, service: str, told: str, result: str, why: str) -> dict[str, str]:
    category, rate, code = (*told.split(" "), "", "", "")[:3]
    return {
        "seller": seller,
        "customer": customer,
        "ship_to": ship_to,
        "service": service,
        "category": category,
        "rate": rate,
        "code": code,
        "result": result,
        "why": why,
    }


ROWS = [
    _row("DE", "DE with number", "", "services", "S 19", "de-domestic", "at home"),
    _row("DE", "DE", "", "services", "S 19", "de-domestic", "at home the number does not matter"),
    _row("DE", "FR with number", "", "services", "AE 0 VATEX-EU-AE", "de-eu-business", "reverse charge"),
    _row("DE", "GR with number", "", "services", "AE 0 VATEX-EU-AE", "de-eu-business", "Greece, though numbers say EL"),
    _row("DE", "FR", "", "services", "S 19", "de-eu-consumer", "no number: a consumer, taxed at the seller's"),
    _row("DE", "US", "", "services", "O 0 VATEX-EU-O", "de-rest-of-world", "taxed where the customer is"),
    _row("DE", "GB with number", "", "services", "O 0 VATEX-EU-O", "de-rest-of-world", "not in the EU since 2020"),
    _row("DE", "CH", "", "goods export", "G 0 VATEX-EU-G", "de-export", "a row for one kind, above the wide one"),
    _row("DE", "DE with number", "", "training", "E 0", "de-training", "exempt by its service; a text is the reason"),
    _row("DE", "DE with number", "", "printed matter", "S 7", "de-reduced", "reduced rate by its service"),
    _row("DE", "US", "DE", "services", "S 19", "de-domestic", "invoiced to the US, received in Germany"),
    _row(
        "DE", "DE with number", "FR with number", "services", "AE 0 VATEX-EU-AE", "de-eu-business", "received in France"
    ),
    _row("DE", "DE with number", "US", "services", "O 0 VATEX-EU-O", "de-rest-of-world", "received in the US"),
    _row("DE", "CH", "", "services", "O 0 VATEX-EU-O", "de-switzerland", "a row for one country, above the wide one"),
    _row("US", "US", "", "services", "O 0", "us-domestic", "services without sales tax by the table"),
    _row("US", "DE with number", "", "services", "O 0", "us-eu-business", "the customer accounts for it"),
    _row("JP", "JP", "", "services", "S 10", "jp-domestic", "consumption tax at home"),
    _row("JP", "US", "", "services", "O 0", "jp-rest-of-world", "used abroad: our assumption"),
    _row("JP", "JP", "", "land transport abroad", "Z 0", "jp-zero", "zero rated, and no reason stands beside it"),
    _row("DE only business", "FR", "", "services", "", "buyer_tax_number", "a business whose number must be asked for"),
    _row("DE without number", "DE", "", "services", "", "seller_tax_number", "S needs the seller's number"),
    _row("DE without number", "FR with number", "", "services", "", "seller_tax_number", "and so does AE"),
    _row("DE", "nowhere", "", "services", "", "buyer_country", "an address without a country"),
    _row("CH", "CH", "", "services", "", "rule", "the table says nothing of Swiss sellers"),
]
