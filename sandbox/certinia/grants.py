"""Permission controls: which projects a user sees, and what the user may do there.

Without one a row is silently not there, and a trigger refuses a write. A control names a project, or a region, practice
or group, with all below it if it cascades. Chosen where the notes are silent: a project in no region, practice and
group is open to whoever has any control; people see the projects they are assigned to; an administrator sees all.
Source: vendors/certinia.md, sections 2 and 7.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sandbox.certinia.refusals import invalid
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.package import Sees
from sandbox.salesforce_platform.schema import SObject

_LEVELS = (
    ("pse__Region__c", "pse__Region__c", "pse__Parent_Region__c"),
    ("pse__Practice__c", "pse__Practice__c", "pse__Parent_Practice__c"),
    ("pse__Group__c", "pse__Grp__c", "pse__Parent_Group__c"),
)
"""(field on project and control, object of the tree, its reference to the node above)."""
_DECIDING = ("pse__Proj__c", "pse__Permission_Control__c", "pse__Region__c", "pse__Practice__c", "pse__Grp__c",
             "pse__Assignment__c", "Contact")  # fmt: skip
_Seen = dict[str, frozenset[str]]
_known: WeakKeyDictionary[Org, tuple[tuple[int, ...], _Seen]] = WeakKeyDictionary()


def is_administrator(org: Org, user_id: str) -> bool:
    """The one the org was set up with."""
    users = iter(org.tables["User"].rows)
    next(users, None)
    return next(users, None) == user_id


def controls(org: Org, user_id: str) -> list[Row]:
    """Those in force today."""
    today = org.today()
    found = (
        org.get("pse__Permission_Control__c", each)
        for each in org.tables["pse__Permission_Control__c"].having("pse__User__c", user_id)
    )
    return [
        row
        for row in found
        if row is not None
        and (row["pse__Start_Date__c"] or today) <= today <= (row["pse__End_Date__c"] or today)
    ]  # fmt: skip


def covers(org: Org, control: Row, project: Row) -> bool:
    if control["pse__Project__c"] is not None:
        return bool(control["pse__Project__c"] == project["Id"])
    if all(project[level] is None for level, _, _ in _LEVELS):
        return True
    for level, tree, above in _LEVELS:
        node = project[level]
        while node is not None and control[level] is not None:
            if node == control[level]:
                return True
            if not control["pse__Cascading_Permission__c"]:
                break
            node = (org.get(tree, node) or {}).get(above)
    return False


def allowed(org: Org, user_id: str, project: Row, grant: str) -> bool:
    """grant: such as "Billing" or "Timecard_Entry"."""
    if is_administrator(org, user_id):
        return True
    return any(row[f"pse__{grant}__c"] and covers(org, row, project) for row in controls(org, user_id))


def demand(org: Org, project: Row, grant: str, what: str) -> None:
    """Raises FIELD_CUSTOM_VALIDATION_EXCEPTION when the caller has no permission control for this."""
    if not allowed(org, org.open_transaction().actor.user_id, project, grant):
        words = grant.replace("_", " ")
        raise invalid(f"You do not have the {words} permission control required to {what} for {project['Name']}.")


def own_resource(org: Org, user_id: str, resource_id: str | None) -> bool:
    return resource_id in org.tables["Contact"].having("pse__Salesforce_User__c", user_id)


def seen_projects(org: Org, user_id: str) -> frozenset[str]:
    """Kept until something changes that decides it."""
    state = tuple(org.writes[name] for name in _DECIDING)
    kept = _known.get(org)
    if kept is None or kept[0] != state:
        kept = _known[org] = (state, {})
    if user_id not in kept[1]:
        mine = controls(org, user_id)
        ids = {row["Id"] for row in org.live("pse__Proj__c") if any(covers(org, one, row) for one in mine)}
        kept[1][user_id] = frozenset(ids | _assigned(org, user_id))
    return kept[1][user_id]


def _assigned(org: Org, user_id: str) -> set[str]:
    found: set[str] = set()
    for resource in org.tables["Contact"].having("pse__Salesforce_User__c", user_id):
        for each in org.tables["pse__Assignment__c"].having("pse__Resource__c", resource):
            found.add((org.get("pse__Assignment__c", each) or {}).get("pse__Project__c", ""))
        open_to_all = (p["Id"] for p in org.live("pse__Proj__c") if p["pse__Allow_Timecards_Without_Assignment__c"])
        found.update(open_to_all)
    return found


def sight(org: Org, user_id: str, sobject: SObject) -> Sees | None:
    """Projects, and what hangs under one: only what the user's permission controls open."""
    name = sobject.name
    if not name.startswith("pse__") or name == "pse__Permission_Control__c" or is_administrator(org, user_id):
        return None
    if name == "pse__Proj__c":
        seen = seen_projects(org, user_id)
        return lambda row: row["Id"] in seen
    if "pse__Project__c" in sobject.fields:
        seen = seen_projects(org, user_id)
        return lambda row: row["pse__Project__c"] is None or row["pse__Project__c"] in seen
    if name == "pse__Time_Date__c":
        seen, splits = seen_projects(org, user_id), org.tables["pse__Timecard__c"].rows
        return lambda row: splits[row["pse__Timecard__c"]]["pse__Project__c"] in seen
    return None
