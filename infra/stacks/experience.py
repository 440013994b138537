"""The one door: an HTTP API behind tokens, and beside it the vendors' webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.entry import ACTING, FunctionEntry, Route
from infra.manifest import EXPERIENCE
from infra.parts.accepted import accept
from infra.parts.foundation import Foundation, retention
from infra.parts.function import FabricFunction
from infra.parts.grants import grant
from infra.stacks.operations import places

ACCESS_LOG = {
    name: f"$context.{name}"
    for name in (
        "requestId",
        "requestTime",
        "httpMethod",
        "routeKey",
        "status",
        "responseLength",
        "integrationError",
    )
} | {
    "ip": "$context.identity.sourceIp",
    "client": "$context.authorizer.claims.sub",
    "latencyMs": "$context.responseLatency",
    "error": "$context.authorizer.error",
}
"""The route's key, not the path: a webhook's path holds a secret."""


class ExperienceStack(cdk.Stack):
    """webhooks: of all connectors. queues: of all. One function reads, another acts, each behind a scope of its own."""

    def __init__(
        self,
        scope: Construct,
        foundation: Foundation,
        webhooks: Mapping[FunctionEntry, FabricFunction],
        issuer: str,
        queues: Mapping[str, sqs.IQueue],
    ) -> None:
        super().__init__(scope, foundation.plan.names("experience"), env=foundation.plan.env)
        self.foundation, self.queues = foundation, queues
        self.api = apigw.HttpApi(
            self,
            "Api",
            api_name=foundation.plan.names("api"),
            create_default_stage=False,
            description="Billweave",
        )
        audience = [foundation.plan.deployment.api.audience]
        self.authorizer = authorizers.HttpJwtAuthorizer("Tokens", issuer, jwt_audience=audience)
        for entry in EXPERIENCE:
            self._guarded(entry)
        routes = [route for entry, function in webhooks.items() for route in self._open(entry, function)]
        stage = self._stage([_route(entry) for entry in webhooks])
        stage.node.add_dependency(*routes)
        cdk.CfnOutput(self, "ApiId", value=self.api.api_id)
        cdk.CfnOutput(self, "ApiUrl", value=self.api.api_endpoint)

    def _guarded(self, entry: FunctionEntry) -> None:
        route = _route(entry)
        settings: dict[str, Any] = {"places": places(self.queues)} if entry.drains else {}
        if route.scope == ACTING:
            settings["actor_claim"] = self.foundation.plan.deployment.api.actor_claim
        function = FabricFunction(self, self.foundation, entry, settings=settings or None)
        grant(self.foundation, function, self.queues)
        self._add(entry, function, authorizer=self.authorizer, authorization_scopes=[route.scope])

    def _open(self, entry: FunctionEntry, function: FabricFunction) -> list[apigw.HttpRoute]:
        """One for each method by which the vendor calls."""
        assert _route(entry).open
        routes = self._add(entry, function)
        for route in routes:
            accept(
                route,
                "APIG4",
                "A vendor cannot send our tokens: the function checks the path's secret and the organisation.",
            )
        return routes

    def _add(self, entry: FunctionEntry, function: FabricFunction, **guard: Any) -> list[apigw.HttpRoute]:
        route = _route(entry)
        return self.api.add_routes(
            path=route.path,
            methods=_methods(route),
            integration=integrations.HttpLambdaIntegration(entry.name, function.function),
            **guard,
        )

    def _stage(self, open_routes: list[Route]) -> apigw.HttpStage:
        """Throttled; more freely on open routes, whose storms are queued behind them."""
        limits = self.foundation.plan.deployment.api
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            log_group_name=f"/aws/vendedlogs/apigateway/{self.foundation.plan.names('api')}",
            retention=retention(self.foundation.plan.deployment.log_retention_days),
            encryption_key=self.foundation.stored.key(self),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        stage = apigw.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=apigw.ThrottleSettings(rate_limit=limits.requests_per_second, burst_limit=limits.burst),
        )
        resource = stage.node.default_child
        assert isinstance(resource, apigw.CfnStage)
        resource.access_log_settings = apigw.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group.log_group_arn,
            format=cdk.Stack.of(self).to_json_string(ACCESS_LOG),
        )
        resource.route_settings = {
            f"{method} {route.path}": {
                "ThrottlingRateLimit": limits.webhook_requests_per_second,
                "ThrottlingBurstLimit": limits.webhook_burst,
                "DetailedMetricsEnabled": True,
            }
            for route in open_routes
            for method in route.methods
        }
        return stage


def _methods(route: Route) -> list[apigw.HttpMethod]:
    return [apigw.HttpMethod(method) for method in route.methods]


def _route(entry: FunctionEntry) -> Route:
    assert isinstance(entry.trigger, Route)
    return entry.trigger
