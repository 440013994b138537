"""What consultants and project managers do in Certinia, and what can be read there.

Every piece of work is a timecard of its own with hours on one day, as consultants enter it who note what they did: what the
PSA bills by itself is a split, and so one piece of work. Hours have two decimals. Nobody generates billing events here:
who bills from the fabric has no need to; `bill` does it for a test that wants them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.certinia import desk_reading
from sandbox.certinia.administer import ACCEPTED_BY
from sandbox.certinia.desk_calls import MOST, Calls, Row, one_of, text
from sandbox.certinia.week import DAYS
from sandbox.firm.desks import ApprovedCost, ApprovedTime, Mark, PsaDesk, Told
from sandbox.firm.shape import Consultant, Cost, Entry, Office
from sandbox.firm.vendor_calls import Control

OPEN = {"pse__Start_Date__c": "2024-01-01", "pse__End_Date__c": "2030-12-31"}
EVERY_DAY = {f"pse__{day}_Hours__c": 8 for day in DAYS[:5]}
LONG_AGO = date(2000, 1, 1)
HEADER, SPLIT, EXPENSE, REPORT = (
    "pse__Timecard_Header__c",
    "pse__Timecard__c",
    "pse__Expense__c",
    "pse__Expense_Report__c",
)


class Delivery:
    """Keeps what sandbox/firm/desks.py asks of a PSA."""

    def __init__(self, told: Told) -> None:
        self._calls = Calls(told)
        self.control = Control(told["control_url"])
        self.projects: dict[str, str] = {}

    def hire(self, consultants: Sequence[Consultant]) -> None:
        flags = {"pse__Is_Resource__c": True, "pse__Is_Resource_Active__c": True}
        self._calls.make_all("Contact", [
            {"FirstName": c.name.partition(" ")[0], "LastName": c.name.partition(" ")[2] or c.name, "Email": c.email,
             "pse__Resource_Role__c": c.role} | flags
            for c in consultants
        ])  # fmt: skip

    def price(self, office: Office, without: str = "") -> None:
        """The office's rate card set: a card per role."""
        name = {"Name": f"{office.legal_entity} standard rates", "CurrencyIsoCode": office.currency}
        made = self._calls.make("pse__Rate_Card_Set__c", name)
        rates = {role: rate for role, rate in office.rates.items() if role != without}
        self._calls.make_all("pse__Rate_Card__c", [card(made, office, role, rate) for role, rate in rates.items()])

    def price_role(self, office: Office, role: str) -> None:
        """A role joins the set, with a card for each time that the others have one for."""
        found, cards = self._cards(office)
        raised = sorted({row["pse__Start_Date__c"] for row in cards})[1:]
        made = [card(found, office, role, office.rates[role], until=_day_before(raised[0]) if raised else None)]
        made += [card(found, office, role, office.raised[role], date.fromisoformat(day)) for day in raised[:1]]
        self._calls.make_all("pse__Rate_Card__c", made)

    def raise_rates(self, office: Office, on: date) -> None:
        """The cards end on the day before; others begin."""
        found, cards = self._cards(office)
        last = {"pse__End_Date__c": _day_before(on.isoformat())}
        self._calls.change_all("pse__Rate_Card__c", {row["Id"]: last for row in cards})
        roles = [row["pse__Role__c"] for row in cards]
        self._calls.make_all("pse__Rate_Card__c", [card(found, office, r, office.raised[r], on) for r in roles])

    def _cards(self, office: Office) -> tuple[str, list[Row]]:
        """The office's set and its cards."""
        name = text(f"{office.legal_entity} standard rates")
        found = str(self._calls.query(f"SELECT Id FROM pse__Rate_Card_Set__c WHERE Name = {name}")[0]["Id"])
        soql = "SELECT Id, pse__Role__c, pse__Start_Date__c FROM pse__Rate_Card__c WHERE pse__Rate_Card_Set__c = "
        return found, self._calls.query(f"{soql}'{found}' ORDER BY pse__Start_Date__c")

    def find_projects(self) -> Mapping[str, str]:
        rows = self._calls.query("SELECT Id, Name FROM pse__Proj__c WHERE pse__Is_Template__c = false")
        self.projects = {row["Name"]: row["Id"] for row in rows}
        return self.projects

    def staff(self, project: str, office: Office, team: Iterable[str]) -> None:
        found, cards = self._cards(office)
        here = self.projects[project]
        self._calls.change("pse__Proj__c", here, {"pse__Rate_Card_Set__c": found, "pse__Stage__c": "In Progress"})
        of_role = {row["pse__Role__c"]: row["Id"] for row in reversed(cards)}
        emails = ",".join(map(text, team))
        people = self._calls.query(f"SELECT Id, Name, pse__Resource_Role__c FROM Contact WHERE Email IN ({emails})")
        schedules = self._calls.make_all("pse__Schedule__c", [OPEN | EVERY_DAY] * len(people))
        self._calls.make_all("pse__Assignment__c", [
            {"pse__Project__c": here, "pse__Resource__c": person["Id"], "pse__Schedule__c": schedule,
             "pse__Role__c": person["pse__Resource_Role__c"],
             "pse__Rate_Card__c": of_role.get(person["pse__Resource_Role__c"])}
            for person, schedule in zip(people, schedules, strict=True)
        ])  # fmt: skip

    def log_time(self, entries: Sequence[Entry]) -> dict[int, str]:
        seats = self._seats()
        rows = [timecard(entry, seats[entry.deal, entry.consultant]) for entry in entries]
        headers = self._calls.make_all(HEADER, rows)
        splits: dict[str, str] = {}
        for start in range(0, len(headers), MOST):
            among = one_of(headers[start : start + MOST])
            soql = f"SELECT Id, pse__Timecard_Header__c FROM {SPLIT} WHERE pse__Timecard_Header__c IN {among}"
            splits |= {row["pse__Timecard_Header__c"]: row["Id"] for row in self._calls.query(soql)}
        return {entry.number: splits[header] for entry, header in zip(entries, headers, strict=True)}

    def _seats(self) -> dict[tuple[str, str], Row]:
        """By project and e-mail address: the assignment."""
        soql = "SELECT Id, pse__Resource__c, pse__Resource__r.Email, pse__Project__r.Name FROM pse__Assignment__c"
        rows = self._calls.query(soql)
        return {(row["pse__Project__r"]["Name"], row["pse__Resource__r"]["Email"]): row for row in rows}

    def submit_time(self, sheets: Iterable[tuple[str, str]], start: date, end: date) -> list[str]:
        soql = (
            f"SELECT pse__Timecard__r.pse__Timecard_Header__c FROM pse__Time_Date__c WHERE pse__Date__c >= {start} AND "
            f"pse__Date__c <= {end} AND pse__Timecard__r.pse__Status__c = 'Saved'"
        )
        worked = {row["pse__Timecard__r"]["pse__Timecard_Header__c"] for row in self._calls.query(soql)}
        return self._submitted(HEADER, "'Saved'", worked, set(sheets))

    def _submitted(self, kind: str, resting: str, among: set[str], wanted: set[tuple[str, str]]) -> list[str]:
        soql = (
            f"SELECT Id, pse__Project__r.Name, pse__Resource__r.Email FROM {kind} WHERE pse__Status__c = {resting} "
            "ORDER BY CreatedDate, Id"
        )
        ids = [
            str(row["Id"])
            for row in self._calls.query(soql)
            if row["Id"] in among and (row["pse__Project__r"]["Name"], row["pse__Resource__r"]["Email"]) in wanted
        ]
        self._calls.change_all(kind, dict.fromkeys(ids, {"pse__Status__c": "Submitted", "pse__Submitted__c": True}))
        return ids

    def approve_time(self, sheets: Sequence[str]) -> None:
        self._calls.change_all(HEADER, dict.fromkeys(sheets, {"pse__Status__c": "Approved"}))

    def spend(self, costs: Sequence[Cost], currency: Mapping[str, str]) -> None:
        seats = self._seats()
        self._calls.make_all(EXPENSE, [
            {"pse__Project__c": self.projects[cost.deal], "pse__Assignment__c": seat["Id"],
             "pse__Resource__c": seat["pse__Resource__c"], "pse__Expense_Date__c": cost.day.isoformat(),
             "pse__Amount__c": str(cost.amount), "CurrencyIsoCode": currency[cost.deal],
             "pse__Type__c": cost.category, "pse__Description__c": cost.notes, "pse__Billable__c": True}
            for cost in costs for seat in [seats[cost.deal, cost.consultant]]
        ])  # fmt: skip

    def submit_expenses(self, reports: Iterable[tuple[str, str]], start: date, end: date) -> list[str]:
        """One report per (project, person), with all that person has spent there in the period."""
        soql = (
            f"SELECT Id, pse__Project__c, pse__Project__r.Name, pse__Resource__c, pse__Resource__r.Email FROM {EXPENSE} "
            f"WHERE pse__Expense_Report__c = null AND pse__Expense_Date__c >= {start} AND pse__Expense_Date__c <= {end}"
        )
        spent: dict[tuple[str, str], list[Row]] = {}
        for row in self._calls.query(soql):
            spent.setdefault((row["pse__Project__r"]["Name"], row["pse__Resource__r"]["Email"]), []).append(row)
        wanted = [spent[pair] for pair in sorted(set(reports)) if pair in spent]
        made = self._calls.make_all(REPORT, [
            {"Name": f"{start} to {end}", "pse__Project__c": rows[0]["pse__Project__c"],
             "pse__Resource__c": rows[0]["pse__Resource__c"]}
            for rows in wanted
        ])  # fmt: skip
        lines = {
            row["Id"]: {"pse__Expense_Report__c": of} for of, rows in zip(made, wanted, strict=True) for row in rows
        }
        self._calls.change_all(EXPENSE, lines)
        self._calls.change_all(REPORT, dict.fromkeys(made, {"pse__Status__c": "Submitted"}))
        return made

    def approve_expenses(self, reports: Sequence[str]) -> None:
        self._calls.change_all(REPORT, dict.fromkeys(reports, {"pse__Status__c": "Approved"}))

    def correct(self, entry_id: str, minutes: int) -> None:
        """The timecard is rejected, changed, submitted and approved again; its split and time date keep their ids."""
        soql = "SELECT pse__Day_Of_Week__c, pse__Timecard__r.pse__Timecard_Header__c FROM pse__Time_Date__c WHERE "
        [worked] = self._calls.query(f"{soql}pse__Timecard__c = '{entry_id}'")
        header = worked["pse__Timecard__r"]["pse__Timecard_Header__c"]
        changed = {f"pse__{worked['pse__Day_Of_Week__c']}_Hours__c": hours(minutes)}
        for step in (
            {"pse__Status__c": "Rejected"},
            {"pse__Status__c": "Saved"} | changed,
            {"pse__Status__c": "Submitted", "pse__Submitted__c": True},
            {"pse__Status__c": "Approved"},
        ):
            self._calls.change(HEADER, header, step)

    def hold(self, project: str, held: bool) -> None:
        self._calls.change("pse__Proj__c", self.projects[project], {"pse__Exclude_From_Billing__c": held})

    def complete_milestone(self, project: str, name: str) -> str:
        soql = f"SELECT Id FROM pse__Milestone__c WHERE Name = {text(name)} AND pse__Project__c = "
        [found] = self._calls.query(f"{soql}'{self.projects[project]}'")
        done = {"pse__Status__c": "In Progress", "pse__Actual_Date__c": datetime.now(UTC).date().isoformat()}
        self._calls.change("pse__Milestone__c", found["Id"], done)
        return str(found["Id"])

    def accept_milestone(self, milestone: str, by: str) -> None:
        accepted = {"pse__Status__c": "Approved", "pse__Approved_for_Billing__c": True, ACCEPTED_BY: by}
        self._calls.change("pse__Milestone__c", milestone, accepted)

    def bill(self, project: str, through: date) -> list[str]:
        """Billing events of what is eligible, generated and released; their ids."""
        told = {"projects": [self.projects[project]], "through": through.isoformat(), "release": True}
        events: list[str] = self.control.post("/psa/generate", told)["events"]
        return events

    def project_titles(self) -> list[str]:
        return desk_reading.project_titles(self.control)

    def approved_count(self) -> int:
        approved = "pse__Approved__c = true AND pse__Billable__c = true"
        return sum(self._calls.count(f"SELECT COUNT() FROM {kind} WHERE {approved}") for kind in (SPLIT, EXPENSE))

    def approved_time(self) -> list[ApprovedTime]:
        return desk_reading.approved_time(self.control)

    def approved_costs(self) -> list[ApprovedCost]:
        return desk_reading.approved_costs(self.control)

    def marks(self, reference: str) -> list[Mark]:
        return desk_reading.marks(self.control, reference)


def hours(minutes: int) -> str:
    return str((Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP))


def timecard(entry: Entry, seat: Row) -> Row:
    """One piece of work: a week with hours on one day."""
    monday = entry.day - timedelta(entry.day.weekday())
    day = DAYS[entry.day.weekday()]
    return {
        "pse__Assignment__c": seat["Id"], "pse__Resource__c": seat["pse__Resource__c"], "pse__Status__c": "Saved",
        "pse__Start_Date__c": monday.isoformat(), "pse__End_Date__c": (monday + timedelta(6)).isoformat(),
        f"pse__{day}_Hours__c": hours(entry.minutes), f"pse__{day}_Notes__c": entry.notes, "pse__Billable__c": True,
    }  # fmt: skip


def card(of: str, office: Office, role: str, rate: Decimal, since: date = LONG_AGO, until: str | None = None) -> Row:
    return {
        "Name": f"{office.legal_entity} {role}", "pse__Rate_Card_Set__c": of, "pse__Role__c": role,
        "CurrencyIsoCode": office.currency, "pse__Suggested_Bill_Rate__c": str(rate),
        "pse__Start_Date__c": since.isoformat(), "pse__End_Date__c": until,
    }  # fmt: skip


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(1)).isoformat()


def open_desk(told: Told) -> PsaDesk:
    return Delivery(told)
