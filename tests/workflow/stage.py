"""The stage: real state machines in the embedded AWS, every step and every system behind them played by the test.

Each `${...Arn}` of a definition becomes a stand-in function, each `${...QueueUrl}` a queue behind which a stand-in
function takes the commands. They ask `Stage` over loopback what to answer, so a story is told in one place.
"""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.parts.saga import DEFINITIONS, QUEUE, placeholders
from sandbox.estate.emulator import Emulator
from tests.workflow.answers import Answer, Dies, Raises, Says, Silent
from tests.workflow.both_ways import Asked, Journal, as_seen
from tests.workflow.history import Run

PROBE_S = 1
ROLE = "arn:aws:iam::000000000000:role/stand-in"
_QUIET: Mapping[str, Any] = {"log_message": lambda *_: None}


class Stage:
    """lines: what each part answers when nothing else is scripted; by step ("PriceInvoice") or by queue and command
    ("ErpPosting.PostInvoice"). heard: what each part was asked, in order. tokens: the last one each part was given.
    """

    def __init__(self, aws: Emulator, saga: str, lines: Mapping[str, Any]) -> None:
        self.aws, self.saga, self.runs = aws, saga, list[Run]()
        self.lines = {part: line if isinstance(line, Answer) else Says(line) for part, line in lines.items()}
        self._scripts: dict[str, deque[Answer]] = defaultdict(deque)
        self.heard: dict[str, list[Any]] = defaultdict(list)
        self.tokens: dict[str, str] = {}
        self.journal = Journal()
        self.edges: set[tuple[str, str, str]] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _asked(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.arns = self._build()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for name in [n for n in self._functions if n]:
            self.aws.client("lambda").delete_function(FunctionName=name)

    def fresh(self) -> None:
        """For the next story: nothing scripted, nothing heard."""
        self._scripts.clear()
        self.journal.fresh()
        self.heard.clear()
        self.tokens.clear()

    def script(self, part: str, *answers: Answer) -> None:
        """What `part` answers the next times; afterwards its usual line."""
        self._scripts[part].extend(answers)

    def play(self, told: Mapping[str, Any], name: str | None = None) -> Run:
        """Starts the saga and follows it to its end."""
        return self.begin(told, name).ended()

    def begin(self, told: Mapping[str, Any], name: str | None = None) -> Run:
        named = {"name": name} if name else {}
        started = self.aws.client("stepfunctions").start_execution(
            stateMachineArn=self.arns[self.saga], input=json.dumps(told), **named
        )
        run = Run(self.aws, started["executionArn"])
        self.runs.append(run)
        return run

    @contextmanager
    def without_invoice_saga(self) -> Iterator[None]:
        """It cannot be started meanwhile."""
        self.aws.client("stepfunctions").delete_state_machine(stateMachineArn=self.arns["InvoiceSagaArn"])
        asked = len(self.journal.asked)
        try:
            yield
        finally:
            self._machine("child", _CHILD)
            self.journal.gone.append((asked, len(self.journal.asked)))

    def answer(self, step: str, event: dict[str, Any]) -> dict[str, Any]:
        """What the stand-in of `step` does. Behind a queue the answer goes to the task's token."""
        if "Records" in event:
            for record in event["Records"]:
                order = json.loads(record["body"])
                self._reply(f"{step}.{order['command']}", order["payload"], order["task_token"])
            return {"returns": None}
        if token := event.get("task_token"):
            return self._reply(step, event, token)
        return _as_told(self._next(step, event, None))

    def _reply(self, part: str, asked: Any, token: str) -> dict[str, Any]:
        """Faults of Lambda's own kind are the function's; a person's or a system's come by the token."""
        answer = self._next(part, asked, token)
        self.tokens[part] = token
        if isinstance(answer, Dies) or (isinstance(answer, Raises) and answer.error == "Transient"):
            return _as_told(answer)
        if isinstance(answer, Raises):
            self.fail(token, answer)
        elif isinstance(answer, Says):
            self.succeed(token, answer.value)
        return {"returns": None}

    def succeed(self, token: str, value: Any) -> None:
        self.journal.given(token, Says(value))
        self.aws.client("stepfunctions").send_task_success(taskToken=token, output=json.dumps(value))

    def fail(self, token: str, answer: Raises) -> None:
        self.journal.given(token, answer)
        self.aws.client("stepfunctions").send_task_failure(taskToken=token, error=answer.error, cause=answer.message)

    def _next(self, part: str, asked: Any, token: str | None) -> Answer:
        self.heard[part].append(asked)
        script = self._scripts[part]
        answer = script.popleft() if script else self.lines[part]
        self.journal.asked.append(Asked(part, as_seen(asked), answer, token))
        return answer

    def _build(self) -> dict[str, str]:
        values: dict[str, str] = {"RepairProbeSeconds": str(PROBE_S)}
        self._functions: list[str] = []
        for placeholder in placeholders(self.saga):
            if placeholder.endswith("SagaArn"):
                values[placeholder] = self._machine("child", _CHILD)
            elif QUEUE.fullmatch(placeholder):
                values[placeholder] = self._queue(placeholder.removesuffix("QueueUrl"))
            elif placeholder.endswith("Arn"):
                values[placeholder] = self._function(placeholder.removesuffix("Arn"))
        text = (DEFINITIONS / f"{self.saga}.asl.json").read_text()
        text = text.replace('"${RepairProbeSeconds}"', values["RepairProbeSeconds"])
        text = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text)
        return values | {self.saga: self._machine(self.saga, text)}

    def _machine(self, name: str, definition: str) -> str:
        made = self.aws.client("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=ROLE)
        return str(made["stateMachineArn"])

    def _function(self, step: str) -> str:
        url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        made = self.aws.client("lambda").create_function(
            FunctionName=step,
            Runtime="python3.12",
            Handler="stand_in.handler",
            Role=ROLE,
            Timeout=30,
            Code={"ZipFile": _zipped()},
            Environment={"Variables": {"STEP": step, "STAGE": url}},
        )
        self._functions.append(step)
        return str(made["FunctionArn"])

    def _queue(self, lane: str) -> str:
        sqs = self.aws.client("sqs")
        url = str(sqs.create_queue(QueueName=lane, Attributes={"VisibilityTimeout": "60"})["QueueUrl"])
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self._function(lane)
        self.aws.client("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=lane, BatchSize=1)
        return url


_CHILD = json.dumps({"StartAt": "Runs", "States": {"Runs": {"Type": "Wait", "Seconds": 0, "End": True}}})


def _as_told(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Dies):
        return {"dies": True}
    if isinstance(answer, Raises):
        return {"raises": answer.error, "message": answer.message}
    return {"returns": None if isinstance(answer, Silent) else answer.value}


def _zipped() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.write(Path(__file__).with_name("stand_in.py"), "stand_in.py")
    return body.getvalue()


def _asked(stage: Stage) -> type[BaseHTTPRequestHandler]:
    def do_post(self: BaseHTTPRequestHandler) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(stage.answer(told["step"], told["event"])).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    return type("Asked", (BaseHTTPRequestHandler,), {"do_POST": do_post, **_QUIET})
