"""The two lanes of commands to NetSuite. Posting comes first for the account's slots: invoices wait for nothing."""

from __future__ import annotations

from events.commands import EnsureCustomer, EnsureErpProject, PostCreditMemo, PostInvoice
from functions.connectors.netsuite.push_customer import ensure_customer
from functions.connectors.netsuite.push_invoice import post_invoice
from functions.connectors.netsuite.push_memo import post_credit_memo
from functions.connectors.netsuite.push_project import ensure_erp_project
from functions.connectors.netsuite.wiring import AwsNetSuitePorts
from shared.runtime.command_queue import command_queue

posting = command_queue(
    {PostInvoice: post_invoice, PostCreditMemo: post_credit_memo}, lane="posting", wire=AwsNetSuitePorts.from_env
)
reference = command_queue(
    {EnsureCustomer: ensure_customer, EnsureErpProject: ensure_erp_project},
    lane="reference",
    wire=AwsNetSuitePorts.from_env,
)
