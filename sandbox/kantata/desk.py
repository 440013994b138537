"""What consultants and project managers do in Kantata, and what can be read there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.firm.desks import ApprovedCost, ApprovedTime, Mark, PsaDesk, Told
from sandbox.firm.offices import DECIMALS
from sandbox.firm.shape import Consultant, Cost, Entry, Office
from sandbox.firm.vendor_calls import Control, VendorCalls
from sandbox.kantata.administer import ACCEPTED_BY, results

Row = dict[str, Any]
BULK = 100
HELD, RUNNING = 430, 305
"""Status keys of the account: "Billing Hold" and "In Progress"."""


class Delivery:
    """Keeps what sandbox/firm/desks.py asks of a PSA. users: ids by e-mail address."""

    def __init__(self, told: Told) -> None:
        self._api = VendorCalls(f"{told['base_url']}/api/v1", told["credentials"]["admin_token"])
        self.control = Control(told["control_url"])
        self.users: dict[str, str] = {}
        self.projects: dict[str, str] = {}
        self.cards: dict[str, Row] = {}
        self._roles: dict[str, str] = {}

    def hire(self, consultants: Sequence[Consultant]) -> None:
        people = [
            {"full_name": c.name, "email_address": c.email, "permission": "collaborator", "role": c.role}
            for c in consultants
        ]
        for user in self.control.post("/users", people)["users"]:
            self.users[user["email_address"]] = user["id"]
        self._roles = {row["name"]: row["id"] for row in self._all("roles")}

    def price(self, office: Office, without: str = "") -> None:
        """The office's rate card."""
        title = {"title": f"{office.legal_entity} standard rates", "currency": office.currency}
        made = self._make("rate_card", "rate_cards", title)
        card = results(self._api.get(f"/rate_cards/{made['id']}", include="rate_card_set"))[0]
        self.cards[office.legal_entity] = card
        for role, rate in office.rates.items():
            if role != without:
                self._rate(self._version(card), role, subunits(rate, office.currency))

    def price_role(self, office: Office, role: str) -> None:
        """A role joins the card, in every version there is."""
        for version in self._versions(self.cards[office.legal_entity]):
            raised = version["effective_date"] > "2001"
            rate = office.raised[role] if raised else office.rates[role]
            self._rate(version["id"], role, subunits(rate, office.currency))

    def raise_rates(self, office: Office, on: date) -> None:
        """A new version of the card, copied, changed and published: it counts from its date on."""
        card = self.cards[office.legal_entity]
        dated = {"rate_card_set_id": card["rate_card_set_id"], "effective_date": on.isoformat()}
        made = self._make("rate_card_set_version", "rate_card_set_versions", dated)
        version = next(v for v in self._versions(card) if v["rate_card_set_version_id"] == made["id"])
        for row in self._all("rate_card_roles", include="role,rate_card_version"):
            if row["rate_card_version_id"] != version["id"]:
                continue
            role = next(name for name, role_id in self._roles.items() if role_id == row["role_id"])
            rate = {"rate_card_role": {"rate": subunits(office.raised[role], office.currency)}}
            self._api.put(f"/rate_card_roles/{row['id']}", rate)
        self._api.put(f"/rate_card_set_versions/{made['id']}/publish", {})

    def find_projects(self) -> dict[str, str]:
        self.projects = {row["title"]: row["id"] for row in self._all("workspaces")}
        return self.projects

    def staff(self, project: str, office: Office, team: Iterable[str]) -> None:
        workspace = self.projects[project]
        card = self.cards[office.legal_entity]["id"]
        self._api.put(f"/workspaces/{workspace}", {"workspace": {"rate_card_id": card, "status_key": RUNNING}})
        for email in team:
            seat = {"workspace_id": workspace, "user_id": self.users[email]}
            self._make("workspace_resource", "workspace_resources", seat)

    def log_time(self, entries: Sequence[Entry]) -> dict[int, str]:
        made: dict[int, str] = {}
        for start in range(0, len(entries), BULK):
            part = entries[start : start + BULK]
            rows = results(self._api.post("/time_entries", {"time_entries": [self._entry(e) for e in part]}))
            made |= {entry.number: row["id"] for entry, row in zip(part, rows, strict=True)}
        return made

    def _entry(self, entry: Entry) -> Row:
        return {
            "workspace_id": self.projects[entry.deal],
            "user_id": self.users[entry.consultant],
            "date_performed": entry.day.isoformat(),
            "time_in_minutes": entry.minutes,
            "notes": entry.notes,
            "billable": True,
        }

    def spend(self, costs: Sequence[Cost], currency: Mapping[str, str]) -> None:
        """currency: of each deal, by name."""
        for cost in costs:
            self._make("expense", "expenses", {
                "workspace_id": self.projects[cost.deal], "user_id": self.users[cost.consultant],
                "date": cost.day.isoformat(), "amount_in_cents": subunits(cost.amount, currency[cost.deal]),
                "category": cost.category, "notes": cost.notes, "is_billable": True,
            })  # fmt: skip

    def submit_time(self, sheets: Iterable[tuple[str, str]], start: date, end: date) -> list[str]:
        """One timesheet per (project, person) of a period; ids."""
        return self._submit("timesheet_submission", "timesheet_submissions", sheets, start, end)

    def submit_expenses(self, reports: Iterable[tuple[str, str]], start: date, end: date) -> list[str]:
        return self._submit("expense_report_submission", "expense_report_submissions", reports, start, end)

    def _submit(self, one: str, many: str, pairs: Iterable[tuple[str, str]], start: date, end: date) -> list[str]:
        made = []
        for project, email in sorted(set(pairs)):
            period = {"start_date": start.isoformat(), "end_date": end.isoformat(), "title": f"{start} to {end}"}
            who = {"workspace_id": self.projects[project], "user_id": self.users[email]}
            made.append(str(self._make(one, many, period | who)["id"]))
        return made

    def approve_time(self, sheets: Sequence[str]) -> None:
        for start in range(0, len(sheets), BULK):
            part = list(sheets[start : start + BULK])
            self._api.post("/timesheet_approvals", {"resolution": {"submission_ids": part}})

    def approve_expenses(self, reports: Sequence[str]) -> None:
        for report in reports:
            self._api.put(f"/expense_report_submissions/{report}/approve", {"resolution": {}})

    def correct(self, entry_id: str, minutes: int) -> None:
        """An approved entry was wrong: its sheet is taken back, the entry changed, all of it approved again."""
        entry = results(self._api.get(f"/time_entries/{entry_id}", include="active_submission"))[0]
        sheet = entry["active_submission_id"]
        submission = results(self._api.get(f"/timesheet_submissions/{sheet}", include="time_entries"))[0]
        self._api.put(f"/timesheet_submissions/{sheet}/cancel", {"resolution": {"description": "wrong hours"}})
        self._api.put(f"/time_entries/{entry_id}", {"time_entry": {"time_in_minutes": minutes}})
        again = {
            "workspace_id": entry["workspace_id"],
            "title": "corrected",
            "line_item_ids": submission["time_entry_ids"],
        }
        made = self._make("timesheet_submission", "timesheet_submissions", again)
        self._api.put(f"/timesheet_submissions/{made['id']}/approve", {"resolution": {}})

    def hold(self, project: str, held: bool) -> None:
        status = {"workspace": {"status_key": HELD if held else RUNNING}}
        self._api.put(f"/workspaces/{self.projects[project]}", status)

    def complete_milestone(self, project: str, name: str) -> str:
        stories = self._all("stories", workspace_id=self.projects[project])
        story = next(row for row in stories if row["title"] == name and row["story_type"] == "milestone")
        self._api.put(f"/stories/{story['id']}", {"story": {"state": "completed"}})
        return str(story["id"])

    def accept_milestone(self, milestone: str, by: str) -> None:
        fields = self._all("custom_fields")
        field_id = next(row["id"] for row in fields if row["name"] == ACCEPTED_BY)
        self._make("custom_field_value", "custom_field_values", {
            "subject_type": "Story", "subject_id": milestone, "custom_field_id": field_id, "value": by,
        })  # fmt: skip

    def project_titles(self) -> list[str]:
        return [str(row["title"]) for row in self.control.records("workspaces")]

    def approved_count(self) -> int:
        return len(self._approved("time_entries", "billable")) + len(self._approved("expenses", "is_billable"))

    def approved_time(self) -> list[ApprovedTime]:
        titles, people = self._names("workspaces", "title"), self._names("users", "email_address")
        return [
            ApprovedTime(
                entry_id=str(row["id"]),
                project=titles[row["workspace_id"]],
                consultant=people[row["user_id"]],
                day=date.fromisoformat(row["date_performed"][:10]),
                minutes=row["time_in_minutes"],
                invoiced=bool(row.get("invoice_id")),
            )
            for row in self._approved("time_entries", "billable")
        ]

    def approved_costs(self) -> list[ApprovedCost]:
        projects = {row["id"]: row for row in self.control.records("workspaces")}
        return [
            ApprovedCost(
                cost_id=str(row["id"]),
                project=projects[row["workspace_id"]]["title"],
                day=date.fromisoformat(row["date"][:10]),
                category=row["category"],
                cost=main_units(row["amount_in_cents"], projects[row["workspace_id"]]["currency"]),
                invoiced=bool(row.get("invoice_id")),
            )
            for row in self._approved("expenses", "is_billable")
        ]

    def marks(self, reference: str) -> list[Mark]:
        """The fabric's external references; each is on an invoice in Kantata that holds the entries."""
        rows = [row for row in self.control.records("external_references") if row["service_model"] == "Invoice"]
        entries = self.control.records("time_entries")
        return [
            Mark(
                number=row["external_message"],
                status=row["external_status"],
                entries=frozenset(str(e["id"]) for e in entries if e["invoice_id"] == row["subject_id"]),
            )
            for row in rows
            if row["service_model_ref"] == reference
        ]

    def _approved(self, kind: str, billable: str) -> list[Row]:
        return [row for row in self.control.records(kind) if row["approved"] and row[billable]]

    def _names(self, kind: str, name: str) -> dict[str, str]:
        return {row["id"]: row[name] for row in self.control.records(kind)}

    def _version(self, card: Row) -> str:
        return str(self._versions(card)[0]["id"])

    def _versions(self, card: Row) -> list[Row]:
        """Oldest first, each with its effective date."""
        dates = {row["id"]: row["effective_date"] for row in self._all("rate_card_set_versions")}
        every = self._all("rate_card_versions", include="rate_card,rate_card_set_version")
        rows = [row for row in every if row["rate_card_id"] == card["id"]]
        dated = [row | {"effective_date": dates[row["rate_card_set_version_id"]]} for row in rows]
        return sorted(dated, key=lambda row: row["effective_date"])

    def _rate(self, version: str, role: str, rate: int) -> None:
        self._make("rate_card_role", "rate_card_roles", {
            "rate_card_version_id": version, "role_id": self._roles[role], "rate": rate,
        })  # fmt: skip

    def _make(self, one: str, many: str, values: Row) -> Row:
        return results(self._api.post(f"/{many}", {one: values}))[0]

    def _all(self, resource: str, **params: Any) -> list[Row]:
        found: list[Row] = []
        page = 1
        while True:
            body = self._api.get(f"/{resource}", per_page=200, page=page, **params)
            found += results(body)
            if len(found) >= body["count"] or not body["results"]:
                return found
            page += 1


def subunits(amount: Decimal, currency: str) -> int:
    """As Kantata writes amounts: cents of a dollar, but whole yen."""
    return int(amount.scaleb(DECIMALS[currency]))


def main_units(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-DECIMALS[currency])


def open_desk(told: Told) -> PsaDesk:
    return Delivery(told)
