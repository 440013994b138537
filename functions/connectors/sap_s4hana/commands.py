"""The two lanes of commands to S/4HANA. Posting comes first for the account's slots: invoices wait for nothing."""

from __future__ import annotations

from events.commands import EnsureCustomer, EnsureErpProject, PostCreditMemo, PostInvoice
from functions.connectors.sap_s4hana.push_customer import ensure_customer
from functions.connectors.sap_s4hana.push_invoice import post_invoice
from functions.connectors.sap_s4hana.push_memo import post_credit_memo
from functions.connectors.sap_s4hana.push_project import ensure_erp_project
from functions.connectors.sap_s4hana.wiring import AwsSapPorts
from shared.runtime.command_queue import command_queue

posting = command_queue(
    {PostInvoice: post_invoice, PostCreditMemo: post_credit_memo}, lane="posting", wire=AwsSapPorts.from_env
)
reference = command_queue(
    {EnsureCustomer: ensure_customer, EnsureErpProject: ensure_erp_project},
    lane="reference",
    wire=AwsSapPorts.from_env,
)
