"""The two lanes of commands to Business Central. Posting comes first for the account's slots: invoices wait for nothing."""

from __future__ import annotations

from events.commands import EnsureCustomer, EnsureErpProject, PostCreditMemo, PostInvoice
from functions.connectors.business_central.push_customer import ensure_customer
from functions.connectors.business_central.push_invoice import post_invoice
from functions.connectors.business_central.push_memo import post_credit_memo
from functions.connectors.business_central.push_project import ensure_erp_project
from functions.connectors.business_central.wiring import AwsBusinessCentralPorts
from shared.runtime.command_queue import command_queue

posting = command_queue(
    {PostInvoice: post_invoice, PostCreditMemo: post_credit_memo},
    lane="posting",
    wire=AwsBusinessCentralPorts.from_env,
)
reference = command_queue(
    {EnsureCustomer: ensure_customer, EnsureErpProject: ensure_erp_project},
    lane="reference",
    wire=AwsBusinessCentralPorts.from_env,
)
