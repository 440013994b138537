"""The estate around a trivial app: tokens, exception names, secrets, metrics, on stacks the CDK CLI deployed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from sandbox.estate.description import Estate
from sandbox.estate.metrics_pump import Pump

pytestmark = [pytest.mark.estate, pytest.mark.cdk]


def until(found: Callable[[], Any], seconds: float = 10) -> Any:
    """The first truthy answer; the last one if there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := found()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def get(estate: Estate, path: str, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.get(estate.api["base_url"] + path, headers=headers, timeout=30)


def token_of(issuer: Path, client: str) -> str:
    told = json.loads(issuer.read_text())["credentials"]
    auth = (client, told["clients"][client])
    answer = httpx.post(told["token_url"], data={"grant_type": "client_credentials"}, auth=auth, timeout=10)
    return str(answer.json()["access_token"])


def test_the_estates_own_token_opens_every_route(trivial_estate: Estate) -> None:
    token = trivial_estate.api["token"]
    answers = [get(trivial_estate, path, token) for path in ("/guarded/a", "/operated/b")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["path"] for answer in answers] == ["/guarded/a", "/operated/b"]


def test_a_route_without_authorizer_is_open(trivial_estate: Estate) -> None:
    assert get(trivial_estate, "/open/x").status_code == 200


def test_no_token_is_refused(trivial_estate: Estate) -> None:
    assert get(trivial_estate, "/guarded/x").status_code == 401


def test_a_reader_is_forbidden_to_operate(trivial_estate: Estate, trivial_issuer: Path) -> None:
    token = token_of(trivial_issuer, "billweave-reader")
    assert get(trivial_estate, "/guarded/x", token).status_code == 200
    assert get(trivial_estate, "/operated/x", token).status_code == 403


def test_a_token_somebody_else_signed_is_refused(trivial_estate: Estate) -> None:
    known = trivial_estate.api["token"]
    claims = jwt.decode(known, options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": jwt.get_unverified_header(known)["kid"]})
    assert get(trivial_estate, "/guarded/x", forged).status_code == 401


def test_a_state_machine_catches_an_exception_by_its_class_name(trivial_estate: Estate) -> None:
    machines = trivial_estate.client("stepfunctions")
    started = machines.start_execution(stateMachineArn=trivial_estate.resources["machine_arn"], input="{}")

    def ended() -> dict[str, Any] | None:
        told: dict[str, Any] = machines.describe_execution(executionArn=started["executionArn"])
        return None if told["status"] == "RUNNING" else told

    assert json.loads(until(ended)["output"]) == {"caught": "PeriodClosed"}


def test_every_system_has_a_secret_of_its_own(trivial_estate: Estate) -> None:
    names = {trivial_estate.resources[f"{system}_secret"] for system in ("salesforce", "kantata", "netsuite")}
    secrets = trivial_estate.client("secretsmanager")
    assert {secrets.describe_secret(SecretId=name)["Name"] for name in names} == names
    assert len(names) == 3


def test_an_alarm_follows_the_depth_of_its_queue(trivial_estate: Estate) -> None:
    sqs, cloudwatch = trivial_estate.client("sqs"), trivial_estate.client("cloudwatch")
    url, pump = trivial_estate.resources["work_queue_url"], Pump(trivial_estate.client)

    def state() -> str:
        pump.turn()
        [alarm] = cloudwatch.describe_alarms(AlarmNames=[trivial_estate.resources["deep_alarm"]])["MetricAlarms"]
        return str(alarm["StateValue"])

    sqs.send_message(QueueUrl=url, MessageBody="{}")
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    assert until(lambda: state() == "ALARM")
    sqs.purge_queue(QueueUrl=url)
    assert until(lambda: state() == "OK", 30)


def test_an_emf_line_of_a_function_becomes_a_metric(trivial_estate: Estate) -> None:
    logs, cloudwatch = trivial_estate.client("logs"), trivial_estate.client("cloudwatch")
    directive = {"Namespace": "Tried", "Dimensions": [["service"]], "Metrics": [{"Name": "tries", "Unit": "Count"}]}
    now = int(time.time() * 1000)
    line = json.dumps({"_aws": {"Timestamp": now, "CloudWatchMetrics": [directive]}, "service": "x", "tries": 2})
    logs.create_log_group(logGroupName="/tried")
    logs.create_log_stream(logGroupName="/tried", logStreamName="one")
    event = {"timestamp": now, "message": line}
    logs.put_log_events(logGroupName="/tried", logStreamName="one", logEvents=[event])
    Pump(trivial_estate.client).turn()
    assert [m["MetricName"] for m in cloudwatch.list_metrics(Namespace="Tried")["Metrics"]] == ["tries"]
