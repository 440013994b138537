"""What finance decides, from infra/policies/<name>.yaml: checked here, then handed to the functions as one parameter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from infra.deployment import Deployment
from shared.domain.policies import Policies, TaxRule
from shared.domain.tax import TaxCategory

DIRECTORY = Path(__file__).parent / "policies"
LONGEST = 8192
"""Bytes of an advanced SSM parameter."""

BUYERS = ("domestic", "eu_business", "eu_consumer", "rest_of_world")
NEED_REASON = {
    TaxCategory.EXEMPT,
    TaxCategory.REVERSE_CHARGE,
    TaxCategory.EXPORT,
    TaxCategory.OUTSIDE_SCOPE,
}
ALWAYS_OWNED = {"unexpected_refusal", "unreadable_payload"}
"""Types the runtime falls back to."""

BOOK = TypeAdapter(Policies)


class PolicyError(ValueError):
    """The policies contradict themselves or leave a case undecided; all of it at once, one per line."""


def policies_of(deployment: Deployment, directory: Path = DIRECTORY) -> Policies:
    """Raises PolicyError."""
    written: dict[str, Any] = yaml.safe_load((directory / f"{deployment.policies}.yaml").read_text())
    entities = [entity.model_dump() for entity in deployment.legal_entities]
    whole = written | {
        "identity_scope": deployment.identity_scope,
        "legal_entities": entities,
    }
    try:
        policies = BOOK.validate_json(json.dumps(whole, default=str))
    except ValidationError as exc:
        raise PolicyError(str(exc)) from exc
    if wrong := list(contradictions(policies)):
        raise PolicyError("\n".join(wrong))
    return policies


def policies_json(deployment: Deployment) -> str:
    """Amounts and rates as strings. Raises PolicyError."""
    text = json.dumps(
        BOOK.dump_python(policies_of(deployment), mode="json"),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    if len(text.encode()) > LONGEST:
        raise PolicyError(f"policies are {len(text.encode())} bytes, a parameter holds {LONGEST}")
    return text


def contradictions(policies: Policies) -> Iterator[str]:
    ids = Counter(entity.legal_entity_id for entity in policies.legal_entities)
    yield from (f"legal entity {name} twice" for name, count in ids.items() if count > 1)
    yield from _of_tax(policies)
    for entity in policies.legal_entities:
        if entity.currency not in policies.approval_over:
            yield f"approval_over has no {entity.currency}, the currency of {entity.legal_entity_id}"
    yield from (f"approval_over {code} is negative" for code, over in policies.approval_over.items() if over < 0)
    types = Counter(policy.type for policy in policies.exceptions)
    yield from (f"exception type {name} twice" for name, count in types.items() if count > 1)
    yield from (f"exception type {name} is missing" for name in sorted(ALWAYS_OWNED - set(types)))
    for policy in policies.exceptions:
        if policy.hours <= 0 or not policy.actions or not policy.words:
            yield f"exception type {policy.type} needs hours, actions and words"


def _of_tax(policies: Policies) -> Iterator[str]:
    for rule in policies.tax_rules:
        yield from _of_rule(rule)
    for country in sorted({entity.country for entity in policies.legal_entities}):
        for buyer in BUYERS:
            rules = [r for r in policies.tax_rules if (r.seller_country, r.buyer) == (country, buyer)]
            if not any(rule.valid_to is None for rule in rules):
                yield f"no tax rule without end for seller {country}, buyer {buyer}"


def _of_rule(rule: TaxRule) -> Iterator[str]:
    if rule.buyer not in BUYERS:
        yield f"tax rule {rule.rule}: buyer {rule.buyer!r} is none of {BUYERS}"
    if (rule.category is TaxCategory.STANDARD) != (rule.rate > Decimal(0)):
        yield f"tax rule {rule.rule}: category {rule.category} with rate {rule.rate}"
    if rule.category in NEED_REASON and not rule.reason:
        yield f"tax rule {rule.rule}: category {rule.category} needs a reason"
    if rule.category not in NEED_REASON and rule.reason:
        yield f"tax rule {rule.rule}: category {rule.category} takes no reason"
    if rule.valid_to and rule.valid_to <= rule.valid_from:
        yield f"tax rule {rule.rule}: valid_to is not after valid_from"
