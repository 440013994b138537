"""The firm in the drill's world, whole and calm: what stops is what a rehearsal asks for, and a person types commands.

The commands are the real command line; what it reads comes from the experience API's own routes, what it does is done by
the operations' own steps, on the ports of that world.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from typer.testing import CliRunner

from cli import main, options
from drill import wiring
from drill.fate import Fate
from drill.vendors import workspace_of
from drill.world import World
from events.envelope import AnyEnvelope
from events.values import Ref
from functions.experience import api, routes
from functions.operations import acting, operate
from infra.deployment import load
from infra.policies import policies_of
from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.policies import Policies
from shared.faults import Fault
from shared.runtime.reading import read_model
from shared.runtime.settings import Settings
from tests.fakes.flow import FakePolicyBook
from tests.salesforce_deals import ORG, SETTINGS, FakeOrg
from tests.stories import CONTRACT, PROJECT, a_card, a_contract, an_entry, an_expense, time_and_materials

CONTEXT: Any = SimpleNamespace(aws_request_id="r-1", function_name="api", memory_limit_in_mb=512)
WORKSPACE = Ref(system="kantata", kind="workspace", id=workspace_of(PROJECT))
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)
BOOKED = (InvoiceStatus.POSTED, InvoiceStatus.PAID)
ROUNDS = 12
YOU = "dana@example.com"


@dataclass
class SickLine:
    """The way to a vendor that says no, until somebody puts it right: its answer to calls that begin with a word.

    sick: call -> the fault its connector makes of the vendor's own answer.
    """

    well: Any
    sick: dict[str, Fault] = field(default_factory=dict)
    refused: int = 0

    def read(self, call: str, act: Callable[[], Any]) -> Any:
        self._check(call)
        return self.well.read(call, act)

    def write(self, call: str, act: Callable[[], Any]) -> Any:
        self._check(call)
        return self.well.write(call, act)

    def lags(self, call: str) -> bool:
        return bool(self.well.lags(call))

    def _check(self, call: str) -> None:
        for begins, fault in self.sick.items():
            if call.startswith(begins):
                self.refused += 1
                raise fault


class Typed:
    """A deployment as the command line is connected to one."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def read(self, path: str, **query: str | None) -> dict[str, Any]:
        return self._asked("GET", path, {name: value for name, value in query.items() if value is not None})

    def ask(self, path: str, question: Mapping[str, Any]) -> dict[str, Any]:
        return self._asked("POST", path, {}, question)

    def _asked(self, method: str, path: str, query: dict[str, str], body: Any = None) -> dict[str, Any]:
        event = {
            "version": "2.0",
            "routeKey": "ANY /{proxy+}",
            "rawPath": path,
            "rawQueryString": urlencode(query),
            "queryStringParameters": query or None,
            "headers": {"content-type": "application/json"},
            "body": json.dumps(body) if body is not None else None,
            "requestContext": {"http": {"method": method, "path": path}, "stage": "$default", "requestId": "r-1"},
            "isBase64Encoded": False,
        }
        if path.startswith("/operate/"):
            return self._acted(event)
        answer = api.handler(event, CONTEXT)
        assert answer["statusCode"] == 200, answer
        found: dict[str, Any] = json.loads(answer["body"])
        return found

    def _acted(self, event: dict[str, Any]) -> dict[str, Any]:
        """As whom the token says."""
        event["requestContext"]["authorizer"] = {"jwt": {"claims": {"sub": YOU}}}
        world = self._stage.world
        answer = world.within(f"operate/{len(self._stage.typed)}", 1, lambda: operate.handler(event, CONTEXT))
        world.absorb()
        assert answer["statusCode"] == 200, answer
        found: dict[str, Any] = json.loads(answer["body"])
        return found

    def act(self, operation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        world, step = self._stage.world, wiring.operation(operation.replace("-", "_")).step
        command = read_model(wiring.input_of(step), json.loads(json.dumps(payload)), "step_input_unreadable")
        answer: dict[str, Any] = world.within(
            f"{operation}/{len(self._stage.typed)}", 1, lambda: step(command, world.ports)
        )
        world.absorb()
        return answer


class Stage:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.world = World(Fate(1), datetime(2026, 3, 2, 12, tzinfo=UTC))
        self.fake = self.world.fake
        self.fake.policies = FakePolicyBook(self.the_policies())
        self.deals = FakeOrg()
        self.typed: list[str] = []
        self.api_ports: Any = None
        for account in (self.world.erp, self.world.psa, self.world.crm):
            account.line = SickLine(account.line)  # type: ignore[assignment]
        typed = Typed(self)
        patch.setattr(options, "connect", lambda *_: typed)
        patch.setattr(routes, "ports", lambda: self.fake)
        patch.setattr(acting, "ports", lambda: Over(self.world.ports, {"settings": Settings()}))

    @staticmethod
    def the_policies() -> Policies:
        """As they are shipped, for the sandbox's legal entities."""
        return policies_of(load("sandbox"))

    # What others do.

    def tell(self, *events: AnyEnvelope) -> None:
        """Events as connectors record them: in the log, then on the bus."""
        self.fake.outbox.record(list(events))
        self.quiet()

    def sell(self, sequence: int = 1, **changes: Any) -> None:
        self.tell(a_contract(sequence, **({"lines": time_and_materials()} | changes)))

    def price(self, sequence: int = 1, **changes: Any) -> None:
        self.tell(a_card(sequence, **({"project_refs": (WORKSPACE,)} | changes)))

    def ready(self, **changes: Any) -> None:
        """A deal is won, its project stands, its rate card is known."""
        self.sell(**changes)
        self.price()

    def work(self, entry: str = "1001", sequence: int = 1, **changes: Any) -> None:
        """One hour of a consultant on 2 March, 150.00."""
        ref = Ref(system="kantata", kind="time_entry", id=entry)
        self.tell(an_entry(entry, sequence, **({"ref": ref, "project_ref": WORKSPACE} | changes)))

    def spend(self, expense: str = "5001", sequence: int = 1, **changes: Any) -> None:
        ref = Ref(system="kantata", kind="expense", id=expense)
        self.tell(an_expense(expense, sequence, **({"ref": ref, "project_ref": WORKSPACE} | changes)))

    def bill(self, through: date = MARCH, by: str = "ann", run: str | None = None) -> None:
        run = run or f"run-{len(self.typed)}-{len(self.fake.sagas.started)}"
        command = f"billweave bill --legal-entity US --through {through} --run {run} --by {by}"
        if self.fake.clock.at.date() <= through:
            self.fake.clock.at = datetime(through.year, through.month, through.day, 18, tzinfo=UTC)
        self.say(command)

    def salesforce(self) -> Any:
        """The ports of the functions that read deals."""
        names = {"own": SETTINGS, "client": self.deals, "edge": SimpleNamespace(organization_id=ORG, secret="s")}
        return Over(self.world.ports, names | {"scope": self.fake.policies.current().identity_scope})

    # What a person does.

    def say(self, command: str) -> str:
        """One line of the page, as it is typed. What it moves comes to rest."""
        self.typed.append(command)
        program, *words = shlex.split(command)
        assert program == "billweave", command
        said = CliRunner().invoke(main.app, words, catch_exceptions=False)
        assert said.exit_code == 0, said.output
        self.quiet()
        return said.output

    # What stands.

    def quiet(self) -> None:
        """Queues empty, schedules had their turn; nobody answers any question."""
        for number in range(ROUNDS):
            self.world.drain()
            self.fake.clock.pass_(minutes=12)
            for stem in ("sweep_outbox", "sweep_parked", "watch_vendors"):
                step = wiring.operation(stem).step
                self.world.within(f"{stem}/{len(self.typed)}.{number}", 1, lambda each=step: each(self.world.ports))  # type: ignore[misc]
            if not self.world.has_work():
                return
        raise AssertionError(f"not quiet after {ROUNDS} rounds")

    def open_ones(self) -> list[BillingException]:
        return list(self.fake.exceptions.list(ExceptionStatus.OPEN))

    def the_open(self, type: str) -> BillingException:
        [found] = [each for each in self.open_ones() if each.type == type]
        return found

    def invoices(self) -> list[Invoice]:
        """In the books, in the order they were begun."""
        return [each for each in self.fake.invoices.rows.values() if each.status in BOOKED]

    def nets(self) -> list[str]:
        """Of every invoice and credit memo in the books; a memo's is below zero."""
        return [f"{each.net.amount:.2f}" for each in self.invoices() if each.net]

    def open_work(self) -> list[str]:
        return sorted(str(item.value.amount) for item in self.fake.wip.open_of(CONTRACT))


class Over:
    """Ports with some of their names taken by others."""

    def __init__(self, ports: Any, names: Mapping[str, Any]) -> None:
        self._ports, self._names = ports, names

    def __getattr__(self, name: str) -> Any:
        return self._names[name] if name in self._names else getattr(self._ports, name)
