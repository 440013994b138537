"""What must be true of the templates, whatever is deployed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as EMBEDDED_TYPES

from infra.deployment import load
from infra.manifest import ALL, SAGAS, EventQueue, Every, FunctionEntry, PartnerQueue
from infra.registered import registered

DLQ_SUFFIX = "-dlq"
CORE = {
    "data", "messaging", "salesforce", "kantata", "netsuite",
    "processes", "operations", "experience", "observability",
}  # fmt: skip


def names(fabric: Any) -> dict[str, dict[str, Any]]:
    """Properties of all queues by short name."""
    return {p["QueueName"].removeprefix(fabric.prefix): p for _, _, p in fabric.all("AWS::SQS::Queue")}


def deployed(fabric: Any) -> list[FunctionEntry]:
    """The manifest without the connectors of systems that have no role here."""
    return [entry for entry in ALL if entry.room != "connectors" or entry.folder in fabric.templates]


def referred(value: Any) -> str:
    """The logical id, or another stack's output, that a reference names."""
    if "Fn::GetAtt" in value:
        return str(value["Fn::GetAtt"][0])
    return str(value.get("Ref") or value["Fn::GetStackOutput"]["OutputName"])


def test_the_embedded_aws_knows_every_type_of_the_core_stacks(fabric):
    unknown = {
        (stack, resource["Type"])
        for stack, template in fabric.templates.items()
        for resource in template["Resources"].values()
        if stack in CORE and resource["Type"] not in EMBEDDED_TYPES
    }
    assert unknown == set()


def test_cloud_only_goes_to_aws_alone(sandbox, cloud):
    assert set(sandbox.templates) == CORE
    assert set(cloud.templates) == CORE | {"cloud-only"}


def test_no_stack_comes_near_the_limit_of_500_resources(fabric):
    assert max(len(template["Resources"]) for template in fabric.templates.values()) < 400


def test_every_queue_has_a_dlq_of_its_own_or_is_one(fabric):
    queues = names(fabric)
    for name, properties in queues.items():
        if not name.endswith(DLQ_SUFFIX):
            assert name + DLQ_SUFFIX in queues
            assert properties["RedrivePolicy"]["maxReceiveCount"] >= 5


def test_dead_letters_are_kept_as_long_as_sqs_can(fabric):
    assert {p["MessageRetentionPeriod"] for p in names(fabric).values()} == {14 * 86400}


def test_every_dlq_has_an_alarm_that_tells_somebody(fabric):
    watched = {
        dimension["Value"]
        for _, _, p in fabric.all("AWS::CloudWatch::Alarm")
        if p["MetricName"] == "ApproximateNumberOfMessagesVisible" and p["AlarmActions"]
        for dimension in p["Dimensions"]
    }
    dead = {fabric.prefix + name for name in names(fabric) if name.endswith(DLQ_SUFFIX)}
    assert dead <= watched


def test_every_function_and_saga_has_an_alarm(fabric):
    alarms = [(p["MetricName"], json.dumps(p.get("Dimensions"))) for _, _, p in fabric.all("AWS::CloudWatch::Alarm")]
    for _, _, function in fabric.all("AWS::Lambda::Function"):
        assert any(metric == "Errors" and f'"{function["FunctionName"]}"' in where for metric, where in alarms)
    for _, _, machine in fabric.all("AWS::StepFunctions::StateMachine"):
        ends = {metric for metric, where in alarms if f'stateMachine:{machine["StateMachineName"]}"' in where}
        assert ends == {"ExecutionsFailed", "ExecutionsTimedOut"}


def mapped(fabric) -> list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """(queue's short name, mapping, function, queue) of every mapping of a queue."""
    found = []
    for stack, _, mapping in fabric.all("AWS::Lambda::EventSourceMapping"):
        resources = fabric.templates[stack]["Resources"]
        source = resources.get(referred(mapping["EventSourceArn"]))
        if source and source["Type"] == "AWS::SQS::Queue":
            function = resources[referred(mapping["FunctionName"])]["Properties"]
            queue = source["Properties"]
            found.append((queue["QueueName"].removeprefix(fabric.prefix), mapping, function, queue))
    return found


def test_a_queue_hides_a_message_six_times_as_long_as_its_function_may_take(fabric):
    assert {name for name, *_ in mapped(fabric)} == {entry.queue.queue for entry in deployed(fabric) if entry.queue}
    for _, _, function, queue in mapped(fabric):
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_every_mapping_of_a_queue_reports_failures_per_message_and_is_governed(fabric):
    for _, mapping, _, _ in mapped(fabric):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 10


def test_commands_come_one_at_a_time_and_are_retried_for_hours(fabric):
    lanes = {
        "salesforce-reference", "salesforce-status", "kantata-reference", "kantata-status",
        "netsuite-posting", "netsuite-reference",
    }  # fmt: skip
    found = {name: (mapping, queue) for name, mapping, _, queue in mapped(fabric) if name in lanes}
    assert set(found) == lanes
    for mapping, queue in found.values():
        assert (mapping["BatchSize"], queue["RedrivePolicy"]["maxReceiveCount"]) == (1, 20)


def test_the_posting_lane_has_two_commands_more_in_hand_than_slots(sandbox):
    (posting,) = [mapping for name, mapping, _, _ in mapped(sandbox) if name == "netsuite-posting"]
    assert posting["ScalingConfig"]["MaximumConcurrency"] == 5 + 2


def test_every_rule_target_has_a_dlq_and_a_bounded_retry(fabric):
    targets = [target for _, _, rule in fabric.all("AWS::Events::Rule") for target in rule["Targets"]]
    assert len(targets) == len([e for e in deployed(fabric) if isinstance(e.trigger, EventQueue | PartnerQueue)])
    for target in targets:
        assert "Arn" in target["DeadLetterConfig"]
        assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def test_every_schedule_has_a_dlq_and_a_bounded_retry(fabric):
    schedules = [p["Target"] for _, _, p in fabric.all("AWS::Scheduler::Schedule")]
    assert len([each for each in schedules if each["Input"] == "{}"]) == len(
        [e for e in deployed(fabric) if isinstance(e.trigger, Every)]
    )
    for target in schedules:
        assert "Arn" in target["DeadLetterConfig"] and target["RetryPolicy"]["MaximumRetryAttempts"] > 0


def test_billing_runs_daily_in_each_legal_entitys_zone_where_the_deployment_says_so(fabric):
    daily = [p for _, _, p in fabric.all("AWS::Scheduler::Schedule") if p["Target"]["Input"] != "{}"]
    deployment = load(fabric.deployment)
    runs = deployment.billing_runs
    entities = deployment.legal_entities if runs else ()
    assert [(p["ScheduleExpression"], p["ScheduleExpressionTimezone"]) for p in daily] == [
        (f"cron(0 {runs.hour} * * ? *)", entity.time_zone) for entity in entities
    ]
    assert [json.loads(p["Target"]["Input"]) for p in daily] == [
        {"legal_entity_id": entity.legal_entity_id, "days_after": runs.days_after} for entity in entities
    ]


def test_functions_called_asynchronously_have_a_dlq(fabric):
    for stack, _, function in fabric.all("AWS::Lambda::Function"):
        if stack == "operations" and not function["FunctionName"].endswith(("publish-outbox", "keep-history")):
            assert "TargetArn" in function["DeadLetterConfig"]


def test_the_stream_gives_up_old_records_to_a_dlq_and_wakes_for_new_events_only(fabric):
    streams = [p for _, _, p in fabric.all("AWS::Lambda::EventSourceMapping") if p.get("StartingPosition")]
    for stream in streams:
        assert stream["MaximumRecordAgeInSeconds"] >= 60
        assert stream["DestinationConfig"]["OnFailure"]["Destination"]
    [stream] = [each for each in streams if "FilterCriteria" in each]
    (pattern,) = [json.loads(each["Pattern"]) for each in stream["FilterCriteria"]["Filters"]]
    assert pattern == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "EVT#"}]}}}}


def test_history_hears_every_change_and_is_tried_for_most_of_a_day(fabric):
    streams = [p for _, _, p in fabric.all("AWS::Lambda::EventSourceMapping") if p.get("StartingPosition")]
    [whole] = [each for each in streams if "FilterCriteria" not in each]
    assert 12 * 3600 <= whole["MaximumRecordAgeInSeconds"] < 24 * 3600
    assert whole["StartingPosition"] == "TRIM_HORIZON"


def test_every_route_but_the_webhooks_needs_a_token_with_a_scope(fabric):
    routes = {p["RouteKey"]: p for _, _, p in fabric.all("AWS::ApiGatewayV2::Route")}
    open_routes = {key for key, p in routes.items() if p.get("AuthorizationType", "NONE") == "NONE"}
    assert open_routes == {"POST /webhooks/salesforce/{secret}"}
    for key in set(routes) - open_routes:
        assert routes[key]["AuthorizationType"] == "JWT" and len(routes[key]["AuthorizationScopes"]) == 1


def test_the_api_reads_and_needs_the_scope_to_read(fabric):
    scopes = {p["RouteKey"]: p.get("AuthorizationScopes") for _, _, p in fabric.all("AWS::ApiGatewayV2::Route")}
    assert scopes.pop("POST /webhooks/salesforce/{secret}") is None
    acts = {f"{method} /operate/{{proxy+}}": ["billweave/operate"] for method in ("GET", "POST")}
    acts["POST /operate/replays"] = ["billweave/operate"]
    assert scopes == {"GET /{proxy+}": ["billweave/read"], "POST /{proxy+}": ["billweave/read"]} | acts


def test_the_stage_is_throttled_and_its_access_log_never_holds_a_path(fabric):
    ((_, _, stage),) = fabric.all("AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert stage["RouteSettings"]["POST /webhooks/salesforce/{secret}"]["ThrottlingBurstLimit"] > 0
    kept = json.loads(stage["AccessLogSettings"]["Format"])
    assert kept["routeKey"] == "$context.routeKey"
    assert not {"$context.path", "$context.identity.userAgent"} & set(kept.values())


def test_every_log_group_forgets_and_every_function_and_saga_has_one(fabric):
    groups = [p for _, _, p in fabric.all("AWS::Logs::LogGroup")]
    assert all(p["RetentionInDays"] > 0 for p in groups)
    functions = [p for _, _, p in fabric.all("AWS::Lambda::Function")]
    assert len(groups) == len(functions) + len(SAGAS) + len(["the API's access log"])
    assert all(p["LoggingConfig"]["LogFormat"] == "JSON" and p["LoggingConfig"]["LogGroup"] for p in functions)


def test_every_function_is_traced_on_arm_with_the_one_layer_and_the_one_asset(fabric):
    functions = [p for _, _, p in fabric.all("AWS::Lambda::Function")]
    assert {p["Handler"] for p in functions} == {entry.handler for entry in deployed(fabric)}
    assert {p["Runtime"] for p in functions} == {"python3.14"}
    assert {tuple(p["Architectures"]) for p in functions} == {("arm64",)}
    assert {p["TracingConfig"]["Mode"] for p in functions} == {"Active"}
    assert len({json.dumps(p["Layers"]) for p in functions}) == 1
    assert len({p["Code"]["S3Key"] for p in functions}) == 1
    assert len(list(fabric.all("AWS::Lambda::LayerVersion"))) == 1


def test_no_two_functions_share_a_role(fabric):
    roles = [(stack, referred(p["Role"])) for stack, _, p in fabric.all("AWS::Lambda::Function")]
    assert len(set(roles)) == len(roles)


def test_nothing_secret_is_in_an_environment_and_all_of_it_fits_in_4_kb(fabric):
    for _, _, function in fabric.all("AWS::Lambda::Function"):
        variables = function["Environment"]["Variables"]
        assert not {name for name in variables if "SECRET" in name or "PASSWORD" in name or "TOKEN" in name}
        assert sum(len(name) + (len(v) if isinstance(v, str) else 150) for name, v in variables.items()) < 4096


def test_the_table_streams_both_images_and_recovers_to_any_second(fabric):
    tables = {p["KeySchema"][0]["AttributeName"]: p for _, _, p in fabric.all("AWS::DynamoDB::GlobalTable")}
    fabric_table = tables["pk"]
    assert fabric_table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    (replica,) = fabric_table["Replicas"]
    assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_a_function_that_only_reads_cannot_write_the_table(fabric):
    for _, logical_id, policy in fabric.all("AWS::IAM::Policy"):
        if logical_id.startswith(("apiRole", "listcontractsRole")):
            actions = json.dumps([s["Action"] for s in policy["PolicyDocument"]["Statement"]])
            assert "dynamodb:GetItem" in actions
            assert not any(word in actions for word in ("PutItem", "UpdateItem", "DeleteItem", "BatchWrite"))


def test_no_function_may_administer(fabric):
    text = json.dumps([p for _, _, p in fabric.all("AWS::IAM::Policy")])
    assert not [word for word in ("dynamodb:*", "sqs:*", "s3:*", "lambda:*", "iam:") if word in text]


def test_only_a_replay_may_read_the_whole_table(fabric):
    allowed = {i for _, i, p in fabric.all("AWS::IAM::Policy") if "dynamodb:Scan" in json.dumps(p)}
    assert {name.partition("Role")[0] for name in allowed} == {"operatereplay", "replay"}


WITHOUT_RESOURCES = {
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
}  # fmt: skip
"""Actions that IAM lets name no resource."""


def test_a_wildcard_resource_stands_only_where_iam_knows_no_resources(fabric):
    if fabric.deployment == "sandbox":  # the embedded AWS weighs task answers against "*" alone
        known = WITHOUT_RESOURCES | {f"states:SendTask{answer}" for answer in ("Success", "Failure", "Heartbeat")}
    else:
        known = WITHOUT_RESOURCES
    for _, logical_id, policy in fabric.all("AWS::IAM::Policy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Resource"] == "*":
                actions = statement["Action"]
                assert set([actions] if isinstance(actions, str) else actions) <= known, logical_id


def test_an_action_never_holds_a_wildcard(fabric):
    for _, logical_id, policy in fabric.all("AWS::IAM::Policy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            assert "*" not in json.dumps(statement["Action"]), logical_id


def test_only_connectors_may_read_a_connection_and_only_their_own(fabric):
    for stack, logical_id, policy in fabric.all("AWS::IAM::Policy"):
        reads = [s for s in policy["PolicyDocument"]["Statement"] if "secretsmanager:GetSecretValue" in s["Action"]]
        assert bool(reads) == (stack in ("salesforce", "kantata", "netsuite")), logical_id
        assert all(referred(s["Resource"]) in fabric.templates[stack]["Resources"] for s in reads)


def test_only_the_publisher_its_sweeper_and_redrives_put_events_on_the_bus(fabric):
    allowed = {i for _, i, p in fabric.all("AWS::IAM::Policy") if "events:PutEvents" in json.dumps(p)}
    assert {name.partition("Role")[0] for name in allowed} == {"operate", "publishoutbox", "redrive", "sweepoutbox"}


def test_in_the_cloud_all_that_is_kept_is_under_our_key(cloud):
    (table, *_) = [
        p for _, _, p in cloud.all("AWS::DynamoDB::GlobalTable") if p["KeySchema"][0]["AttributeName"] == "pk"
    ]
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    for _, _, queue in cloud.all("AWS::SQS::Queue"):
        assert queue["KmsMasterKeyId"]
    documents = [p for _, i, p in cloud.all("AWS::S3::Bucket") if i.startswith("Documents")]
    rule = documents[0]["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    for kind in ("AWS::Logs::LogGroup", "AWS::SecretsManager::Secret", "AWS::SNS::Topic", "AWS::Events::EventBus"):
        keys = {"KmsKeyId", "KmsMasterKeyId", "KmsKeyIdentifier"}
        assert all(keys & set(p) for _, _, p in cloud.all(kind) if "partner" not in json.dumps(p)), kind
    ((_, _, key),) = cloud.all("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True


def test_in_the_cloud_records_outlive_their_stack(cloud):
    kept = {"AWS::DynamoDB::GlobalTable": "Fabric", "AWS::S3::Bucket": "", "AWS::KMS::Key": ""}
    for template in cloud.templates.values():
        for logical_id, resource in template["Resources"].items():
            if resource["Type"] in kept and logical_id.startswith(kept[resource["Type"]]):
                assert resource["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("kind", ["AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"])
def test_in_the_cloud_plain_http_is_refused(cloud, kind):
    for _, logical_id, p in cloud.all(kind):
        text = json.dumps(p)
        assert '"aws:SecureTransport": "false"' in text, logical_id


def test_queries_and_archive_are_there_in_the_cloud(cloud):
    types = {resource["Type"] for resource in cloud.templates["cloud-only"]["Resources"].values()}
    assert types >= {"AWS::Events::Archive", "AWS::CloudWatch::CompositeAlarm", "AWS::Logs::QueryDefinition"}


def test_every_function_of_a_connector_knows_the_role_it_speaks_for(fabric):
    for stack, _, properties in fabric.all("AWS::Lambda::Function"):
        told = properties.get("Environment", {}).get("Variables", {})
        if "BILLWEAVE_SYSTEM" in told:
            assert told["BILLWEAVE_ROLE"] == registered()[told["BILLWEAVE_SYSTEM"]].role, stack
        else:
            assert "BILLWEAVE_ROLE" not in told, stack
