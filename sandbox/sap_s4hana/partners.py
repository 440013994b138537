"""Business partners: made with roles, addresses, tax numbers and customer data in one go.

Source: vendor notes, section 4: no upsert, and the external id is not unique.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.given import Given, filled
from sandbox.sap_s4hana.messages import exists, said, unknown
from sandbox.sap_s4hana.organization import CHANNEL, COMPANIES, DIVISION, TERMS
from sandbox.sap_s4hana.work import Work

_CUSTOMER_ROLES = frozenset({"FLCU01", "FLCU00"})
_ROLES = _CUSTOMER_ROLES | {"000000", "FLVN00", "FLVN01", "BUP001", "BUP003"}


class Partners:
    def __init__(self, work: Work) -> None:
        self._work, self._book = work, work.book

    def create(self, given: Given) -> Row:
        """Raises SapError 400."""
        category = given.text("BusinessPartnerCategory")
        if category not in ("1", "2", "3"):
            raise said("R1/102", "Enter a business partner category", "BusinessPartnerCategory")
        needed = "OrganizationBPName1" if category == "2" else "LastName"
        if not given.text(needed):
            raise said("R1/124", f"Required field {needed} is empty", needed)
        number = given.text("BusinessPartner") or self._book.number("partner", 17100001)
        if self._book.get("A_BusinessPartner", number):
            raise exists("Business partner", number, "BusinessPartner", "R1/108")
        name = given.text("OrganizationBPName1") or f"{given.text('FirstName')} {given.text('LastName')}".strip()
        stamp = self._work.clock.stamp()
        own: dict[str, Any] = {
            "BusinessPartner": number,
            "BusinessPartnerUUID": str(uuid.uuid4()),
            "BusinessPartnerFullName": name,
            "BusinessPartnerName": name,
            "BusinessPartnerGrouping": given.text("BusinessPartnerGrouping", "BP02"),
            "CreatedByUser": self._work.user,
            "CreationDate": stamp[:10],
            "CreationTime": stamp[11:19],
        }
        row = self._book.put("A_BusinessPartner", filled(self._work.entity("A_BusinessPartner"), given.values, **own))
        for nav, table in (
            ("to_BusinessPartnerAddress", "A_BusinessPartnerAddress"),
            ("to_BusinessPartnerTax", "A_BusinessPartnerTaxNumber"),
            ("to_BusinessPartnerRole", "A_BusinessPartnerRole"),
        ):
            for below in given.below.get(nav, []):
                self.add(table, below, {"BusinessPartner": number})
        for below in given.below.get("to_Customer", []):
            self._customer(number, below)
        return self._book.get("A_BusinessPartner", number) or row

    def add(self, table: str, given: Given, parent: Mapping[str, str]) -> Row:
        """A row below a partner or customer, given alone or with it. Raises SapError 400."""
        values = dict(given.values) | dict(parent)
        match table:
            case "A_BusinessPartnerAddress":
                values["AddressID"] = self._book.number("address", 23001)
                if not values.get("Country"):
                    raise said("AM/139", "Enter a country/region", "Country")
            case "A_BusinessPartnerRole":
                if values.get("BusinessPartnerRole") not in _ROLES:
                    raise unknown("BP role", str(values.get("BusinessPartnerRole")), "BusinessPartnerRole", "R1/206")
            case "A_CustomerSalesArea":
                self._check_area(values)
            case "A_CustomerCompany":
                if values.get("CompanyCode") not in COMPANIES:
                    raise unknown("Company code", str(values.get("CompanyCode")), "CompanyCode", "F2/165")
        row = filled(self._work.entity(table), values)
        key = self._book.tables[table].key_of(row)
        owner = str(values.get("BusinessPartner") or values.get("Customer") or "")
        if not self._book.get("A_BusinessPartner", owner):
            raise unknown("Business partner", owner or "(empty)", "BusinessPartner", "R1/102")
        if self._book.get(table, *key):
            raise exists(table.removeprefix("A_"), "/".join(key), "", "R1/108")
        self._book.put(table, row)
        if table == "A_BusinessPartnerRole" and row["BusinessPartnerRole"] in _CUSTOMER_ROLES:
            self._customer(owner, Given())
        if table == "A_CustomerSalesArea":
            for below in given.below.get("to_SalesAreaTax", []):
                area = {name: row[name] for name in self._book.tables[table].keys}
                self.add("A_CustomerSalesAreaTax", below, area)
        self._touch(owner)
        return row

    def change(self, table: str, row: Row, values: Mapping[str, Any]) -> Row:
        if table == "A_CustomerSalesArea":
            self._check_area(row | dict(values))
        changed = row | dict(values)
        if table == "A_BusinessPartner" and "OrganizationBPName1" in values:
            name = str(values["OrganizationBPName1"])
            changed |= {"BusinessPartnerFullName": name, "BusinessPartnerName": name}
        self._book.put(table, changed)
        self._touch(str(row.get("BusinessPartner") or row.get("Customer")))
        return changed

    def _customer(self, number: str, given: Given) -> None:
        """What makes a partner a customer; given a second time, adds to what is there."""
        partner = self._book.get("A_BusinessPartner", number) or {}
        kept = self._book.get("A_Customer", number)
        if kept is None:
            own = {
                "Customer": number,
                "CustomerName": partner["BusinessPartnerFullName"],
                "CustomerAccountGroup": "CUST",
            }
            own |= {"CustomerFullName": partner["BusinessPartnerFullName"], "CreationDate": partner["CreationDate"]}
            self._book.put("A_Customer", filled(self._work.entity("A_Customer"), given.values, **own))
            self._book.change("A_BusinessPartner", partner, Customer=number)
        for nav, table in (
            ("to_CustomerSalesArea", "A_CustomerSalesArea"),
            ("to_CustomerCompany", "A_CustomerCompany"),
        ):
            for below in given.below.get(nav, []):
                self.add(table, below, {"Customer": number})

    def _check_area(self, values: Mapping[str, Any]) -> None:
        if values.get("SalesOrganization") not in COMPANIES:
            found = str(values.get("SalesOrganization"))
            raise unknown("Sales organization", found, "SalesOrganization", "VP/196")
        if (values.get("DistributionChannel"), values.get("Division")) != (CHANNEL, DIVISION):
            area = f"{values.get('SalesOrganization')} {values.get('DistributionChannel')} {values.get('Division')}"
            raise unknown("Sales area", area, "DistributionChannel", "VP/196")
        terms = values.get("CustomerPaymentTerms")
        if terms and terms not in TERMS:
            raise unknown("Terms of payment", str(terms), "CustomerPaymentTerms", "F2/047")

    def _touch(self, number: str) -> None:
        row, stamp = self._book.get("A_BusinessPartner", number), self._work.clock.stamp()
        if row is not None:
            own = {"LastChangeDate": stamp[:10], "LastChangeTime": stamp[11:19], "LastChangedByUser": self._work.user}
            self._book.change("A_BusinessPartner", row, ETag=stamp, **own)
