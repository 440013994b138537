"""Are finance's policies fit for use? Everything wrong at once, each at its place, before anything is billed by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from shared.domain.contract import LineKind
from shared.domain.currencies import minor_units
from shared.domain.exception import OwnerGroup
from shared.domain.policies import ApprovalRule, ExceptionPolicy, Policies, TaxRule, TaxSource
from shared.domain.tax import TaxCategory
from shared.usecases.check_money_policies import code_fault, fx_findings, tax_policy_findings
from shared.usecases.decide_tax import BUYERS

T = TypeVar("T")

NEEDS_REASON = frozenset(
    {TaxCategory.EXEMPT, TaxCategory.REVERSE_CHARGE, TaxCategory.EXPORT, TaxCategory.OUTSIDE_SCOPE}
)
"""BR-E-10 and its like; S and Z take none (BR-S-10, BR-Z-10)."""

ACTIONS = frozenset({"retry", "amend", "supply", "approve", "reject", "cancel", "accept", "waive", "write_off"})
"""What somebody may answer; the sagas' exception branches know retry, approve, reject and cancel. To pass it on
(`reassign`) and to put it to sleep (`snooze`) may be done with every type and is not declared.
"""

RAISED = frozenset(
    {
        "amendment_plan",
        "amount_disagreement",
        "approval_missing",
        "fx_currency_not_quoted",
        "fx_rate_missing",
        "expense_over_limit",
        "credit_unapplied",
        "invoice_approval_due",
        "late_rate_change",
        "late_work",
        "line_ended",
        "missing_contract_reference",
        "negative_invoice",
        "over_cap",
        "over_hard_cap",
        "project_setup_failed",
        "purchase_order_exceeded",
        "purchase_order_expired",
        "rate_missing",
        "unexpected_refusal",
        "unknown_project",
        "unreadable_payload",
        "vendor_down",
        "write_off_approval_due",
    }
)
"""Types that code raises by name. A refusal whose code is declared as a type becomes that type; any other code becomes
`unexpected_refusal`, so more types may be declared than stand here.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """place: as in the file, "tax_rules[2] de-domestic". words: what is wrong there."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


def check_policies(policies: Policies, *, raised: Collection[str] = RAISED) -> tuple[Finding, ...]:
    """Everything wrong with them, in the order of the file; empty if they may be used.

    raised: the exception types that must be declared.
    """
    return (
        *_of_scope(policies),
        *_of_legal_entities(policies),
        *_of_tax_rules(policies),
        *_of_coverage(policies),
        *_of_approvals(policies),
        *_of_exceptions(policies, raised),
        *(Finding(*said) for said in fx_findings(policies)),
        *(Finding(*said) for said in tax_policy_findings(policies)),
    )


def _of_scope(policies: Policies) -> Iterator[Finding]:
    if not policies.version:
        yield Finding("version", "is empty: an invoice must say by which policies it was priced")
    if not policies.identity_scope:
        yield Finding("identity_scope", "is empty: ids would not be told apart from another deployment's")


def _of_legal_entities(policies: Policies) -> Iterator[Finding]:
    counted = Counter(entity.legal_entity_id for entity in policies.legal_entities)
    if not counted:
        yield Finding("legal_entities", "is empty: nobody issues invoices")
    for place, entity in _placed("legal_entities", policies.legal_entities, lambda each: each.legal_entity_id):
        if counted[entity.legal_entity_id] > 1:
            yield Finding(place, "is there twice")
        if wrong := _currency_fault(entity.currency):
            yield Finding(place, wrong)
        if len(entity.country) != 2 or not entity.country.isupper():
            yield Finding(place, f"country {entity.country!r} is no ISO 3166-1 alpha-2 code")


def _of_tax_rules(policies: Policies) -> Iterator[Finding]:
    counted = Counter(rule.rule for rule in policies.tax_rules)
    placed = list(_placed("tax_rules", policies.tax_rules, lambda each: each.rule))
    for place, rule in placed:
        if counted[rule.rule] > 1:
            yield Finding(place, "another rule has this name, so a line could not say which decided")
        yield from (Finding(place, words) for words in _rule_faults(rule))
    for (_, above), (place, below) in combinations(placed, 2):
        if words := _overlap(above, below):
            yield Finding(place, words)


def _rule_faults(rule: TaxRule) -> Iterator[str]:
    if rule.buyer not in BUYERS:
        yield f"buyer {rule.buyer!r} is none of {', '.join(BUYERS)}"
    if rule.rate < 0 or rule.rate > 100:
        yield f"rate {rule.rate} is no percentage"
    if (rule.category is TaxCategory.STANDARD) != (rule.rate > 0):
        yield f"category {rule.category.value} with rate {rule.rate}: only S carries a rate, and S carries one"
    if (rule.category in NEEDS_REASON) != bool(rule.reason):
        needs = "needs a reason" if rule.category in NEEDS_REASON else "takes no reason"
        yield f"category {rule.category.value} {needs}"
    if wrong := code_fault(rule):
        yield wrong
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        yield f"is never valid: {rule.valid_from} to {rule.valid_to}"


def _overlap(above: TaxRule, below: TaxRule) -> str | None:
    """The first fitting rule wins, so a dated exception stands above the rule it interrupts. Any other overlap is a
    mistake: the lower one never wins, or wins only by where somebody happened to write it.
    """
    if (above.seller_country, above.buyer) != (below.seller_country, below.buyer):
        return None
    if _apart(above.service, below.service) or _apart(above.buyer_country, below.buyer_country):
        return None
    if not (_starts_before_end(above, below) and _starts_before_end(below, above)):
        return None
    wide = above.service in (None, below.service) and above.buyer_country in (None, below.buyer_country)
    if wide and _covers(above, below):
        return f"never wins: {above.rule} above it covers all its dates"
    if (above.service, above.buyer_country) != (below.service, below.buyer_country):
        return None
    return None if _covers(below, above) else f"overlaps {above.rule} in part: one of the two dates is wrong"


def _apart(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _starts_before_end(one: TaxRule, other: TaxRule) -> bool:
    return other.valid_to is None or one.valid_from < other.valid_to


def _covers(outer: TaxRule, inner: TaxRule) -> bool:
    ends_no_earlier = outer.valid_to is None or (inner.valid_to is not None and inner.valid_to <= outer.valid_to)
    return outer.valid_from <= inner.valid_from and ends_no_earlier


def _of_coverage(policies: Policies) -> Iterator[Finding]:
    """Every kind of buyer, service and country is decided for every country we sell from by the table, without an end."""
    open_ended = {
        (rule.seller_country, rule.buyer)
        for rule in policies.tax_rules
        if rule.valid_to is None and rule.service is None and rule.buyer_country is None
    }
    by_table = (
        entity
        for entity in policies.legal_entities
        if policies.tax_policy(entity.legal_entity_id).decided_by is TaxSource.TABLE
    )
    for country in sorted({entity.country for entity in by_table}):
        for buyer in BUYERS:
            if (country, buyer) not in open_ended:
                yield Finding("tax_rules", f"no rule without end for seller {country}, buyer {buyer}")


def _of_approvals(policies: Policies) -> Iterator[Finding]:
    for currency, over in sorted(policies.approval_over.items()):
        if wrong := _currency_fault(currency):
            yield Finding(f"approval_over.{currency}", wrong)
        if over < 0:
            yield Finding(f"approval_over.{currency}", f"{over} is negative: every invoice would wait")
    for place, rule in _placed("approvals", policies.approvals, lambda each: each.document.value):
        yield from (Finding(place, words) for words in _approval_faults(rule, policies))
    if len(set(policies.write_off_reasons)) < len(policies.write_off_reasons) or not policies.write_off_reasons:
        yield Finding("write_off_reasons", "is empty or names one twice: a write-off says what it is for")
    if "billweave" not in policies.services:
        yield Finding("services", "lacks billweave: the fabric itself is no person")
    for entity in policies.legal_entities:
        if entity.currency not in policies.approval_over:
            yield Finding("approval_over", f"has no {entity.currency}, the currency of {entity.legal_entity_id}")


def _approval_faults(rule: ApprovalRule, policies: Policies) -> Iterator[str]:
    if wrong := _currency_fault(rule.currency):
        yield wrong
    if rule.over < 0:
        yield f"over {rule.over} is negative: everything would wait"
    if rule.legal_entity and policies.legal_entity(rule.legal_entity) is None:
        yield f"legal entity {rule.legal_entity} is not deployed here"
    if rule.contract_kind and rule.contract_kind not in {kind.value for kind in LineKind}:
        yield f"contract kind {rule.contract_kind!r} is none of {', '.join(LineKind)}"
    above = policies.approvals[: policies.approvals.index(rule)]
    if any(_decides_all_of(other, rule) for other in above):
        yield "never wins: a rule above it fits everything that it fits"


def _decides_all_of(above: ApprovalRule, below: ApprovalRule) -> bool:
    same = (above.document, above.currency) == (below.document, below.currency)
    narrower = ("legal_entity", "customer", "contract_kind")
    return same and all(getattr(above, name) in (None, getattr(below, name)) for name in narrower)


def _of_exceptions(policies: Policies, raised: Collection[str]) -> Iterator[Finding]:
    counted = Counter(policy.type for policy in policies.exceptions)
    for place, policy in _placed("exceptions", policies.exceptions, lambda each: each.type):
        if counted[policy.type] > 1:
            yield Finding(place, "is declared twice")
        yield from (Finding(place, words) for words in _exception_faults(policy))
    for missing in sorted(set(raised) - set(counted)):
        yield Finding("exceptions", f"type {missing} is raised by the fabric and has no owner")


def _exception_faults(policy: ExceptionPolicy) -> Iterator[str]:
    owners = [group.value for group in OwnerGroup]
    if policy.owner not in owners:
        yield f"owner {policy.owner!r} is none of {', '.join(owners)}"
    if policy.hours <= 0:
        yield f"{policy.hours} hours: the clock must run"
    if not policy.actions:
        yield "has no action: nobody could end it"
    for action in policy.actions:
        if action not in ACTIONS:
            yield f"action {action!r} is none of {', '.join(sorted(ACTIONS))}"
    if not policy.words:
        yield "has no words for the person who acts"
    if policy.owner in policy.also or len(set(policy.also)) < len(policy.also):
        yield "also names its owner, or a group twice"


def _currency_fault(currency: str) -> str | None:
    try:
        minor_units(currency)
    except ValueError as exc:
        return str(exc)
    return None


def _placed(table: str, rows: Sequence[T], name: Callable[[T], str]) -> Iterator[tuple[str, T]]:
    """("tax_rules[2] de-domestic", row): the place as a reader of the file finds it, counted from 1."""
    return ((f"{table}[{number}] {name(row)}", row) for number, row in enumerate(rows, start=1))
