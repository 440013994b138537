"""A state machine from infra/state_machines/<saga>.asl.json; its role may do exactly what its definition names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.parts.accepted import accept
from infra.parts.foundation import Foundation
from infra.parts.function import FabricFunction
from infra.registration import Role

DEFINITIONS = Path(__file__).resolve().parent.parent / "state_machines"
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
QUEUE = re.compile(r"(Crm|Psa|Erp)([A-Z][a-z]+)QueueUrl")
ROLES: dict[str, Role] = {"Crm": "crm", "Psa": "psa", "Erp": "erp"}


class UnknownPlaceholder(Exception):
    """A definition names something that is neither a step, a lane of a role's system, a saga nor a setting."""


def placeholders(saga: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall((DEFINITIONS / f"{saga}.asl.json").read_text())))


class Saga(Construct):
    """Placeholders: ${PlanSetupArn} a step, ${ErpPostingQueueUrl} the posting lane of whichever system is the ERP,
    ${InvoiceSagaArn} another saga, ${RepairProbeSeconds} a setting. Nothing else is known."""

    def __init__(
        self,
        scope: Construct,
        foundation: Foundation,
        saga: str,
        *,
        steps: Mapping[str, FabricFunction],
        queues: Mapping[str, sqs.IQueue],
    ) -> None:
        super().__init__(scope, f"{saga}-saga".replace("_", "-"))
        self.foundation, self.steps, self.queues = foundation, steps, queues
        self._numbers = {"RepairProbeSeconds": foundation.plan.deployment.repair_probe_seconds}
        name = foundation.plan.names.saga(saga)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            description=name,
        )
        named = [placeholder for placeholder in placeholders(saga) if placeholder not in self._numbers]
        substitutions = {placeholder: self._resolve(placeholder) for placeholder in named}
        if foundation.stored.key_arn:
            self._allow("kms:Decrypt", foundation.stored.key_arn)
            self._allow("kms:GenerateDataKey", foundation.stored.key_arn)
        log_group = foundation.plan.log_group(self, f"/aws/vendedlogs/states/{name}", foundation.stored.key(self))
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=name,
            definition_body=sfn.DefinitionBody.from_string(self._definition(saga)),
            definition_substitutions=substitutions,
            query_language=sfn.QueryLanguage.JSONATA,
            role=self.role,
            tracing_enabled=True,
            # Every transition, without the data: payloads hold names of customers.
            logs=sfn.LogOptions(
                destination=log_group,
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
            removal_policy=foundation.plan.removal,
        )
        accept(
            self.role,
            "IAM5[Resource::*]",
            "Log delivery and X-Ray know no resources for these actions.",
        )

    def _definition(self, saga: str) -> str:
        """CloudFormation substitutes text only: a number, such as a timeout, is put in place here."""
        text = (DEFINITIONS / f"{saga}.asl.json").read_text()
        for name, number in self._numbers.items():
            text = text.replace(f'"${{{name}}}"', str(number))
        return text

    def _resolve(self, placeholder: str) -> str:
        """The value; what it stands for is allowed on the way."""
        if lane := QUEUE.fullmatch(placeholder):
            system = self.foundation.plan.deployment.roles[ROLES[lane[1]]]
            queue = self.queues[f"{system}-{lane[2].lower()}"]
            self._allow("sqs:SendMessage", queue.queue_arn)
            return queue.queue_url
        if placeholder.endswith("SagaArn"):
            machine = self._machine_arn(_snake(placeholder.removesuffix("SagaArn")))
            self._allow("states:StartExecution", machine)
            return machine
        step = self.steps.get(_snake(placeholder.removesuffix("Arn")))
        if step is None:
            raise UnknownPlaceholder(placeholder)
        self._allow("lambda:InvokeFunction", step.function.function_arn)
        return step.function.function_arn

    def _machine_arn(self, saga: str) -> str:
        stack = cdk.Stack.of(self)
        name = self.foundation.plan.names.saga(saga)
        return f"arn:{stack.partition}:states:{stack.region}:{stack.account}:stateMachine:{name}"

    def _allow(self, action: str, resource: str) -> None:
        self.role.add_to_principal_policy(iam.PolicyStatement(actions=[action], resources=[resource]))


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
