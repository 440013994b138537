"""A CDK app of one function behind a token: enough to try the estate with. `python -m tests.estate.trivial_app`."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

HANDLERS = """
import json

class PeriodClosed(Exception):
    pass

def hello(event, context):
    print(json.dumps({"path": event["rawPath"], "message": "hello"}))
    return {"statusCode": 200, "body": json.dumps({"path": event["rawPath"], "by": event["requestContext"].get("authorizer")})}

def refuse(event, context):
    raise PeriodClosed("2026-01")
"""


class TrivialStack(cdk.Stack):
    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self._api()
        self._machine()
        queue = sqs.Queue(self, "Work")
        depth = queue.metric_approximate_number_of_messages_visible(period=cdk.Duration.seconds(10))
        alarm = cloudwatch.Alarm(
            self,
            "Deep",
            metric=depth,
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        for system in ("salesforce", "kantata", "netsuite"):
            secret = secretsmanager.Secret(self, f"{system}Secret")
            cdk.CfnOutput(self, f"{system.capitalize()}SecretName", value=secret.secret_name)
        cdk.CfnOutput(self, "WorkQueueUrl", value=queue.queue_url)
        cdk.CfnOutput(self, "DeepAlarmName", value=alarm.alarm_name)

    def _function(self, name: str) -> lambda_.Function:
        return lambda_.Function(
            self,
            name.capitalize(),
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler=f"index.{name}",
            code=lambda_.Code.from_inline(HANDLERS),
        )

    def _api(self) -> None:
        issuer_url = self.node.get_context("issuer_url")
        front = api.HttpApi(self, "Api")
        routes = {
            "/open/{proxy+}": None,
            "/guarded/{proxy+}": ["billweave/read"],
            "/operated/{proxy+}": ["billweave/operate"],
        }
        authorizer = authorizers.HttpJwtAuthorizer("Tokens", issuer_url, jwt_audience=["billweave"])
        integration = integrations.HttpLambdaIntegration("Hello", self._function("hello"))
        for path, scopes in routes.items():
            front.add_routes(
                path=path,
                methods=[api.HttpMethod.GET],
                integration=integration,
                authorizer=authorizer if scopes else None,
                authorization_scopes=scopes,
            )
        cdk.CfnOutput(self, "ApiId", value=front.api_id)

    def _machine(self) -> None:
        caught = sfn.Pass.jsonata(self, "Caught", outputs={"caught": "PeriodClosed"})
        attempt = tasks.LambdaInvoke.jsonata(self, "Attempt", lambda_function=self._function("refuse"))
        attempt.add_catch(caught, errors=["PeriodClosed"])
        machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(attempt),
            query_language=sfn.QueryLanguage.JSONATA,
        )
        cdk.CfnOutput(self, "MachineArn", value=machine.state_machine_arn)


def main() -> None:
    app = cdk.App()
    TrivialStack(app, f"Trivial-{app.node.get_context('deployment')}")
    app.synth()


if __name__ == "__main__":
    main()
