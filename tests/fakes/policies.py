"""Policies of a small firm with a US and a German legal entity, for tests that need some."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.domain.exception import OwnerGroup
from shared.domain.parties import LegalEntity
from shared.domain.policies import ApprovalDocument, ApprovalRule, ExceptionPolicy, Policies, TaxRule
from shared.domain.tax import TaxCategory

EXCEPTION_TYPES = {
    "unexpected_refusal": OwnerGroup.INTEGRATION,
    "vendor_down": OwnerGroup.INTEGRATION,
    "unreadable_payload": OwnerGroup.INTEGRATION,
    "project_setup_failed": OwnerGroup.DELIVERY,
    "unknown_project": OwnerGroup.DELIVERY,
    "rate_missing": OwnerGroup.MASTER_DATA,
    "rate_overlap": OwnerGroup.MASTER_DATA,
    "missing_contract_reference": OwnerGroup.MASTER_DATA,
    "over_cap": OwnerGroup.DELIVERY,
    "expense_over_limit": OwnerGroup.DELIVERY,
    "over_hard_cap": OwnerGroup.DELIVERY,
    "cap_exceeded": OwnerGroup.FINANCE_OPERATIONS,
    "line_ended": OwnerGroup.DELIVERY,
    "amendment_unfit": OwnerGroup.DELIVERY,
    "negative_invoice": OwnerGroup.FINANCE_OPERATIONS,
    "invoice_below_zero": OwnerGroup.FINANCE_OPERATIONS,
    "credit_unapplied": OwnerGroup.FINANCE_OPERATIONS,
    "amount_disagreement": OwnerGroup.FINANCE_OPERATIONS,
    "approval_missing": OwnerGroup.DELIVERY,
    "invoice_approval_due": OwnerGroup.FINANCE_OPERATIONS,
    "write_off_approval_due": OwnerGroup.FINANCE_OPERATIONS,
    "tax_undetermined": OwnerGroup.FINANCE_OPERATIONS,
    "posting_period_closed": OwnerGroup.FINANCE_OPERATIONS,
    "late_rate_change": OwnerGroup.FINANCE_OPERATIONS,
    "fx_rate_missing": OwnerGroup.FINANCE_OPERATIONS,
    "amendment_plan": OwnerGroup.FINANCE_OPERATIONS,
    "late_work": OwnerGroup.FINANCE_OPERATIONS,
    "purchase_order_exceeded": OwnerGroup.DELIVERY,
    "purchase_order_expired": OwnerGroup.DELIVERY,
}
ACTIONS = {
    "over_hard_cap": ("retry",),
    "cap_exceeded": ("retry", "cancel"),
    "invoice_below_zero": ("cancel", "retry"),
    "late_rate_change": ("accept", "reject"),
    "amendment_plan": ("accept", "reject"),
}


def some_policies() -> Policies:
    start = date(2026, 1, 1)
    return Policies(
        version="test-1",
        identity_scope="firm",
        legal_entities=(
            LegalEntity("US", "Firm Inc.", "US", "USD", "America/New_York", "98-7654321"),
            LegalEntity("DE", "Firm GmbH", "DE", "EUR", "Europe/Berlin", "DE123456789"),
        ),
        tax_rules=(
            TaxRule("us-none", "US", "domestic", TaxCategory.OUTSIDE_SCOPE, Decimal(0), start, reason="no VAT"),
            TaxRule("de-19", "DE", "domestic", TaxCategory.STANDARD, Decimal(19), start),
            TaxRule("de-ae", "DE", "eu_business", TaxCategory.REVERSE_CHARGE, Decimal(0), start, reason="VATEX-EU-AE"),
        ),
        approval_over={"USD": Decimal(50_000), "EUR": Decimal(50_000)},
        exceptions=tuple(
            ExceptionPolicy(
                type, owner, 24, ACTIONS.get(type, ("retry", "approve", "reject")), f"{type} about {{subject}}"
            )
            for type, owner in EXCEPTION_TYPES.items()
        ),
        approvals=(ApprovalRule(ApprovalDocument.WRITE_OFF, "USD", Decimal(1_000)),),
        write_off_reasons=("not_billable", "goodwill"),
    )
