"""What the application says when it refuses: message class and number, and the text.

`V1/302` and the gateway codes are the vendor's own examples; for other refusals no list is published, so their numbers
are this simulator's and only class, slash, number and the sense of the text are to be relied upon.
"""

from __future__ import annotations

from sandbox.sap_s4hana.errors import SapError


def said(code: str, text: str, target: str = "") -> SapError:
    return SapError(400, code, text, target)


def no_sold_to(customer: str) -> SapError:
    return said("V1/302", f"Sold-to party {customer} not maintained", "SoldToParty")


def no_sales_area(customer: str, organization: str) -> SapError:
    return said("V1/301", f"Sold-to party {customer} not maintained for sales area {organization} 10 00", "SoldToParty")


def customer_blocked(customer: str) -> SapError:
    return said("VP/204", f"Customer {customer} is blocked", "SoldToParty")


def unknown(what: str, value: str, target: str, code: str = "V1/000") -> SapError:
    return said(code, f"{what} {value} is not defined", target)


def no_material(material: str) -> SapError:
    return said("V1/382", f"Material {material} does not exist", "Material")


def no_wbs(element: str) -> SapError:
    return said("CJ/021", f"WBS element {element} does not exist", "WBSElement")


def wbs_status(element: str, status: str) -> SapError:
    word = {"00": "CRTD", "30": "CLSD", "40": "CLSD"}.get(status, status)
    return said("BS/013", f"System status {word} is active (WBS {element})", "WBSElement")


def exists(what: str, value: str, target: str, code: str) -> SapError:
    return said(code, f"{what} {value} already exists", target)


def locked(what: str) -> SapError:
    return said("V1/042", f"{what} is currently being processed by user DIALOG_USER")


def period_closed(month: str, company: str) -> SapError:
    year, _, number = month.partition("-")
    return said(
        "F5/201", f"Posting period 0{number} {year} is not open for company code {company}", "BillingDocumentDate"
    )
