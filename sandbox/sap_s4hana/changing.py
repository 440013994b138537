"""Which rule makes, changes and removes the rows of an entity set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.sap_s4hana import billing_plans, timesheets
from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.errors import SapError
from sandbox.sap_s4hana.given import Given
from sandbox.sap_s4hana.kinds import KINDS
from sandbox.sap_s4hana.partners import Partners
from sandbox.sap_s4hana.projects import Projects
from sandbox.sap_s4hana.salesdocs import SalesDocuments
from sandbox.sap_s4hana.schema import Entity
from sandbox.sap_s4hana.work import Work

_PROJECT, _ELEMENT, _MEMBER = "A_EnterpriseProject", "A_EnterpriseProjectElement", "A_EnterpriseProjectTeamMember"


class Changing:
    """All of it inside the caller's unit."""

    def __init__(self, work: Work, partners: Partners, projects: Projects, documents: SalesDocuments) -> None:
        self._work, self._partners, self._projects, self._documents = work, partners, projects, documents
        self._heads = {kind.head: kind for kind in KINDS}
        self._items = {kind.item: kind for kind in KINDS}
        self._prices = {kind.item_prices: kind for kind in KINDS}
        self._beside = {table for kind in KINDS for table in (kind.partners, kind.texts, kind.item_texts)}

    def create(self, entity: Entity, given: Given) -> Row:
        """Raises SapError: 405 for a set in which nothing is created, 400 for what the rules refuse."""
        table = entity.table
        _allow(entity, "C", "created")
        if table in self._heads:
            return self._documents.create(self._heads[table], given)
        if table in self._items:
            return self._documents.add_item(self._items[table], given)
        match table:
            case "A_BusinessPartner":
                return self._partners.create(given)
            case "A_EnterpriseProject":
                return self._projects.create(given)
            case "A_EnterpriseProjectElement":
                return self._projects.add_element(given)
            case "A_EnterpriseProjectTeamMember":
                return self._projects.add_member(given)
            case "TimeSheetEntryCollection":
                return timesheets.record(self._work, self._projects, given)
            case billing_plans.PLAN:
                key = given.text("SalesOrder"), given.text("SalesOrderItem")
                item = self._work.book.get("A_SalesOrderItem", *key)
                if item is None:
                    raise SapError(400, "V1/320", f"Item {'/'.join(key)} does not exist")
                return billing_plans.create(self._work, item, given)
            case billing_plans.PART:
                return billing_plans.add_part(self._work, given)
        return self._partners.add(table, given, {})

    def change(self, entity: Entity, row: Row, values: Mapping[str, Any]) -> Row:
        table = entity.table
        _allow(entity, "U", "updated")
        if table in self._heads:
            return self._documents.change_head(self._heads[table], row, values)
        if table in self._items:
            return self._documents.change_item(self._items[table], row, values)
        if table in self._prices:
            return self._documents.change_price(self._prices[table], row, values)
        if table in (_PROJECT, _ELEMENT):
            return self._projects.change(table, row, values)
        if table == billing_plans.PART:
            return billing_plans.change_part(self._work, row, values)
        if table == billing_plans.PLAN or table in self._beside:
            return self._work.book.put(table, row | dict(values))
        return self._partners.change(table, row, values)

    def remove(self, entity: Entity, row: Row) -> None:
        table = entity.table
        _allow(entity, "D", "deleted")
        if table in self._heads:
            self._documents.remove(self._heads[table], row)
        elif table in self._items:
            self._documents.remove_item(self._items[table], row)
        elif table in (_ELEMENT, _MEMBER):
            self._projects.remove(table, row)
        else:
            self._work.book.remove(table, row)


def _allow(entity: Entity, verb: str, done: str) -> None:
    if verb not in entity.verbs:
        text = f"Entities of '{entity.name}' cannot be {done}"
        raise SapError(405, "/IWBEP/CM_MGW_RT/022", text)
