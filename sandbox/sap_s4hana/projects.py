"""Enterprise projects and their elements: numbers are unique, work is posted only to what is released.

Source: vendor notes, section 5.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.errors import not_found
from sandbox.sap_s4hana.fields import unpadded
from sandbox.sap_s4hana.given import Given, filled
from sandbox.sap_s4hana.messages import exists, no_wbs, said, unknown, wbs_status
from sandbox.sap_s4hana.organization import COMPANIES, COST_CENTERS, PROFILES
from sandbox.sap_s4hana.work import Work

_HEAD, _ELEMENT, _MEMBER = "A_EnterpriseProject", "A_EnterpriseProjectElement", "A_EnterpriseProjectTeamMember"
_NEXT = {"00": {"10", "40"}, "10": {"20", "30", "42"}, "20": {"10", "30"}, "30": {"20"}, "42": {"10"}}
"""Created 00, released 10, completed 20, closed 30, locked 42."""


class Projects:
    def __init__(self, work: Work) -> None:
        self._work, self._book = work, work.book

    def create(self, given: Given) -> Row:
        """Raises SapError 400."""
        number = given.text("Project")
        if not number:
            raise said("CPD_PROJ/011", "Enter a project number", "Project")
        self._free(number, "Project")
        self._check(given.values)
        stamp = self._work.clock.stamp()
        own: dict[str, Any] = {
            "ProjectUUID": str(uuid.uuid4()),
            "ProjectInternalID": self._book.number("project", 1).zfill(8),
            "ProcessingStatus": "00",
            "ProjectProfileCode": given.text("ProjectProfileCode", "YP02"),
            "CompanyCode": self._company(given.values),
            "CreatedByUser": self._work.user,
            "CreationDateTime": stamp,
        }
        own["ProjectCurrency"] = given.text("ProjectCurrency") or COMPANIES[own["CompanyCode"]].currency
        row = filled(self._work.entity(_HEAD), given.values, **own) | self._touched(stamp)
        self._book.put(_HEAD, row)
        for below in given.below.get("to_EnterpriseProjectElement", []):
            self.add_element(below, row)
        for below in given.below.get("to_EnterpriseProjectTeamMember", []):
            self.add_member(below, row)
        return row

    def add_element(self, given: Given, project: Row | None = None, above: str = "") -> Row:
        project = project or self._book.get(_HEAD, given.text("ProjectUUID"))
        if project is None:
            raise unknown("Project", given.text("ProjectUUID", "(empty)"), "ProjectUUID", "CPD_PROJ/012")
        number = given.text("ProjectElement")
        if not number:
            raise said("CPD_PROJ/011", "Enter a project element number", "ProjectElement")
        self._free(number, "ProjectElement")
        self._check(given.values)
        stamp = self._work.clock.stamp()
        own: dict[str, Any] = {
            "ProjectElementUUID": str(uuid.uuid4()),
            "ProjectUUID": project["ProjectUUID"],
            "ParentObjectUUID": above or given.text("ParentObjectUUID") or project["ProjectUUID"],
            "WBSElementInternalID": self._book.number("wbs", 1).zfill(8),
            "ProcessingStatus": "00",
            "SortingNumber": self._book.number("wbs_order", 1).zfill(10),
            "CreatedByUser": self._work.user,
            "CreationDateTime": stamp,
        }
        row = filled(self._work.entity(_ELEMENT), given.values, **own) | self._touched(stamp, head=False)
        self._book.put(_ELEMENT, row)
        for below in given.below.get("to_SubProjElement", []):
            self.add_element(below, project, row["ProjectElementUUID"])
        return row

    def add_member(self, given: Given, project: Row | None = None) -> Row:
        own = {"TeamMemberUUID": str(uuid.uuid4())}
        own |= {"ProjectUUID": project["ProjectUUID"]} if project else {}
        return self._book.put(_MEMBER, filled(self._work.entity(_MEMBER), given.values, **own))

    def change(self, table: str, row: Row, values: Mapping[str, Any]) -> Row:
        if row["ProcessingStatus"] == "30":
            raise said("BS/013", f"System status CLSD is active ({row.get('Project') or row.get('ProjectElement')})")
        self._check(values)
        return self._book.put(table, row | dict(values) | self._touched(self._work.clock.stamp(), head=table == _HEAD))

    def remove(self, table: str, row: Row) -> None:
        if table == _ELEMENT and row["ProcessingStatus"] != "00":
            raise said("BS/007", f"Project element {row['ProjectElement']} cannot be deleted in its status")
        self._book.remove(table, row)

    def set_status(self, table: str, key: str, status: str) -> Row:
        """Releasing a project releases what it holds. Raises SapError."""
        row = self._book.get(table, key)
        if row is None:
            raise not_found()
        if status == row["ProcessingStatus"]:
            return row
        if status not in _NEXT.get(str(row["ProcessingStatus"]), ()):
            name = row.get("Project") or row.get("ProjectElement")
            text = f"Status {row['ProcessingStatus']} of {name} cannot be changed to {status}"
            raise said("BS/007", text, "ProcessingStatus")
        below = "ProjectUUID" if table == _HEAD else "ParentObjectUUID"
        for element in self._book.where(_ELEMENT, **{below: key}):
            if element["ProcessingStatus"] == row["ProcessingStatus"]:
                self._book.put(_ELEMENT, self._moved(element, status, head=False))
        return self._book.put(table, self._moved(row, status, head=table == _HEAD))

    def check_postable(self, number: str) -> None:
        """Raises SapError 400 unless work may be billed to this element or project now."""
        found = self._named(number.upper())
        if found is None:
            raise no_wbs(number)
        if found["ProcessingStatus"] not in self._work.settings.postable_statuses:
            raise wbs_status(number, str(found["ProcessingStatus"]))

    def _named(self, number: str) -> Row | None:
        found = self._book.where(_ELEMENT, ProjectElement=number) or self._book.where(_HEAD, Project=number)
        return found[0] if found else None

    def _free(self, number: str, field: str) -> None:
        """An element may bear its own project's number; otherwise numbers are given once."""
        table = _HEAD if field == "Project" else _ELEMENT
        if self._book.where(table, **{field: number}):
            raise exists("Project" if table == _HEAD else "Project element", number, field, "CPD_PROJ/010")

    def _check(self, values: Mapping[str, Any]) -> None:
        profile = values.get("ProjectProfileCode")
        if profile and profile not in PROFILES:
            raise unknown("Project profile", str(profile), "ProjectProfileCode", "CJ/035")
        for name in ("ResponsibleCostCenter", "CostCenter"):
            center = values.get(name)
            if center and unpadded(str(center)) not in COST_CENTERS:
                raise unknown("Cost center", str(center), name, "KS/163")
        customer = values.get("CustomerUUID")
        if customer and not self._book.where("A_BusinessPartner", BusinessPartnerUUID=str(customer)):
            raise unknown("Business partner", str(customer), "CustomerUUID", "R1/102")
        starts, ends = values.get("ProjectStartDate"), values.get("ProjectEndDate")
        if starts and ends and starts > ends:
            raise said("CJ/101", "The start date is after the finish date", "ProjectStartDate")

    def _company(self, values: Mapping[str, Any]) -> str:
        center = values.get("ResponsibleCostCenter")
        if center:
            return COST_CENTERS[unpadded(str(center))]
        currency = values.get("ProjectCurrency") or "USD"
        return next((one.code for one in COMPANIES.values() if one.currency == currency), "1710")

    def _moved(self, row: Row, status: str, *, head: bool) -> Row:
        return row | {"ProcessingStatus": status} | self._touched(self._work.clock.stamp(), head=head)

    def _touched(self, stamp: str, *, head: bool = True) -> Row:
        own = {"LastChangeDateTime": stamp, "LastChangedByUser": self._work.user}
        return own | ({"ProjectLastChangedDateTime": stamp} if head else {})
