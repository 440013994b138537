"""The ports as AWS provides them. Each is made when it is first asked for: a handler pays for what it uses."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from shared.runtime.owned import OwnedOutbox
from shared.runtime.settings import Settings

if TYPE_CHECKING:
    from shared.adapters.aws_clients import AwsClients
    from shared.adapters.dynamo_table import DynamoTable
    from shared.ports import billing, corrections, flow, money, oversight, sourced
    from shared.runtime.dry_ports import DryPorts


class AwsPorts:
    """Implements shared.ports.ports.Ports. A connector's own ports are a subclass that adds its vendor's client."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def from_env(cls) -> Self:
        return cls(Settings.from_env())

    def dry(self) -> DryPorts:
        from shared.runtime.dry_ports import DryPorts

        return DryPorts(self)

    @cached_property
    def clients(self) -> AwsClients:
        from shared.adapters.aws_clients import AwsClients

        return AwsClients()

    @cached_property
    def _table(self) -> DynamoTable:
        from shared.adapters.dynamo_table import DynamoTable

        return DynamoTable(self.clients.dynamodb, self.settings.need("table"), self.clock)

    @cached_property
    def customers(self) -> sourced.Customers:
        from shared.adapters.customers import DynamoCustomers

        return DynamoCustomers(self._table)

    @cached_property
    def contracts(self) -> sourced.Contracts:
        from shared.adapters.contracts import DynamoContracts

        return DynamoContracts(self._table)

    @cached_property
    def projects(self) -> sourced.Projects:
        from shared.adapters.projects import DynamoProjects

        return DynamoProjects(self._table)

    @cached_property
    def milestones(self) -> sourced.Milestones:
        from shared.adapters.milestones import DynamoMilestones

        return DynamoMilestones(self._table)

    @cached_property
    def rate_cards(self) -> sourced.RateCards:
        from shared.adapters.rate_cards import DynamoRateCards

        return DynamoRateCards(self._table)

    @cached_property
    def wip(self) -> billing.WipItems:
        from shared.adapters.wip_items import DynamoWipItems

        return DynamoWipItems(self._table)

    @cached_property
    def invoices(self) -> billing.Invoices:
        from shared.adapters.invoices import DynamoInvoices

        return DynamoInvoices(self._table)

    @cached_property
    def write_offs(self) -> corrections.WriteOffs:
        from shared.adapters.write_offs import DynamoWriteOffs

        return DynamoWriteOffs(self._table)

    @cached_property
    def holds(self) -> oversight.Holds:
        from shared.adapters.holds import DynamoHolds

        return DynamoHolds(self._table)

    @cached_property
    def audit_log(self) -> oversight.AuditLog:
        from shared.adapters.audit_log import DynamoAuditLog

        return DynamoAuditLog(self._table)

    @cached_property
    def accounting_calendars(self) -> oversight.AccountingCalendars:
        from shared.adapters.accounting_calendars import DynamoAccountingCalendars

        return DynamoAccountingCalendars(self._table)

    @cached_property
    def ledgers(self) -> billing.Ledgers:
        from shared.adapters.ledgers import DynamoLedgers

        return DynamoLedgers(self._table)

    @cached_property
    def credits(self) -> corrections.Credits:
        from shared.adapters.credits import DynamoCredits

        return DynamoCredits(self._table)

    @cached_property
    def exceptions(self) -> oversight.Exceptions:
        from shared.adapters.exceptions import DynamoExceptions

        return DynamoExceptions(self._table)

    @cached_property
    def references(self) -> oversight.CrossReferences:
        from shared.adapters.references import DynamoReferences

        return DynamoReferences(self._table)

    @cached_property
    def outbox(self) -> flow.Outbox:
        from shared.adapters.outbox import DynamoOutbox

        outbox = DynamoOutbox(self._table)
        return OwnedOutbox(outbox, self.role) if self.role else outbox

    @property
    def role(self) -> str:
        """Of the system whose connector this is."""
        return self.settings.role

    @cached_property
    def publisher(self) -> flow.Publisher:
        from shared.adapters.publisher import EventBridgePublisher

        return EventBridgePublisher(
            self.clients.events, self.settings.need("bus"), self._table, self.documents, self.queues
        )

    @cached_property
    def event_log(self) -> flow.EventLog:
        from shared.adapters.event_log import DynamoEventLog

        return DynamoEventLog(self._table)

    @cached_property
    def parking(self) -> flow.Parking:
        from shared.adapters.parking import DynamoParking

        return DynamoParking(self._table)

    @cached_property
    def cursors(self) -> flow.Cursors:
        from shared.adapters.cursors import DynamoCursors

        return DynamoCursors(self._table)

    @cached_property
    def slots(self) -> flow.Slots:
        from shared.adapters.slots import DynamoSlots

        return DynamoSlots(self._table, total=int(self.settings.own.get("slots", 5)))

    @cached_property
    def turns(self) -> flow.Turns:
        from shared.adapters.turns import DynamoTurns

        return DynamoTurns(self._table)

    @cached_property
    def counts(self) -> flow.Counts:
        from shared.adapters.counts import DynamoCounts

        return DynamoCounts(self._table)

    @cached_property
    def tasks(self) -> flow.Tasks:
        from shared.adapters.step_functions import StepFunctionsTasks

        return StepFunctionsTasks(self.clients.stepfunctions, self.counts)

    @cached_property
    def sagas(self) -> flow.Sagas:
        from shared.adapters.step_functions import StepFunctionsSagas

        return StepFunctionsSagas(self.clients.stepfunctions, self.settings.sagas)

    @cached_property
    def queues(self) -> flow.Queues:
        from shared.adapters.sqs import SqsQueues

        return SqsQueues(self.clients.sqs, self.settings.queues)

    @cached_property
    def inbox(self) -> flow.Inbox:
        from shared.adapters.sqs import SqsInbox

        return SqsInbox(self.clients.sqs, self.settings.quarantine)

    @cached_property
    def dead_letters(self) -> flow.DeadLetters:
        from shared.adapters.dead_letters import SqsDeadLetters

        prefix = f"billweave-{self.settings.need('deployment')}-"
        return SqsDeadLetters(self.clients.sqs, prefix, self.settings.own.get("places", ()))

    @cached_property
    def corrections(self) -> flow.Corrections:
        from shared.adapters.corrections import DynamoCorrections

        return DynamoCorrections(self._table)

    @cached_property
    def documents(self) -> flow.Documents:
        from shared.adapters.s3_documents import S3Documents

        return S3Documents(self.clients.s3, self.settings.need("bucket"))

    @cached_property
    def state_history(self) -> flow.History:
        from shared.adapters.history import StateHistory

        return StateHistory(self._table, self.documents)

    @cached_property
    def raw(self) -> flow.RawPayloads:
        from shared.adapters.s3_documents import S3RawPayloads

        return S3RawPayloads(self.documents)

    @cached_property
    def clock(self) -> flow.Clock:
        from shared.adapters.clock import SystemClock

        return SystemClock()

    @cached_property
    def policies(self) -> flow.PolicyBook:
        from shared.adapters.policies import SsmPolicyBook

        return SsmPolicyBook(self.clients.ssm, self.settings.need("policies"))

    @cached_property
    def exchange_rates(self) -> money.ExchangeRates:
        from shared.adapters.exchange_rates import DynamoExchangeRates

        return DynamoExchangeRates(self._table)

    @cached_property
    def tax_service(self) -> money.TaxService:
        from shared.adapters.tax_service import HttpTaxService

        return HttpTaxService(self.policies)
