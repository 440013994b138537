"""Are finance's rules for exchange rates and for who decides tax fit for use? Part of `check_policies`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from shared.domain.exchange import FxDate, FxRule, FxUse
from shared.domain.policies import Policies, TaxPolicy, TaxRule, TaxSource
from shared.domain.tax import TaxCategory

SOURCES = frozenset({"ecb"})
OLDEST_DAYS = 31
_DATED_BY = {
    FxUse.RATE_CARD: FxDate.WORK_DATE,
    FxUse.EXPENSE: FxDate.WORK_DATE,
    FxUse.BOOK: FxDate.INVOICE_DATE,
}
"""A price is converted for the work it prices, an invoice for the day it is issued; anything else could not be repeated."""

_CODE_OF = {
    "VATEX-EU-AE": TaxCategory.REVERSE_CHARGE,
    "VATEX-EU-G": TaxCategory.EXPORT,
    "VATEX-EU-O": TaxCategory.OUTSIDE_SCOPE,
}
_UNTAXED = frozenset({TaxCategory.STANDARD, TaxCategory.ZERO_RATED})

Said = tuple[str, str]
"""(place, words)"""


def code_fault(rule: TaxRule) -> str | None:
    """A VATEX code binds its category; every other code of that list is an exemption's."""
    if rule.code is None:
        return None
    if rule.category in _UNTAXED:
        return f"category {rule.category.value} takes no code"
    wanted = _CODE_OF.get(rule.code, TaxCategory.EXEMPT)
    if not rule.code.startswith("VATEX-"):
        return f"code {rule.code!r} is not of the VATEX list"
    return None if wanted is rule.category else f"code {rule.code} goes with category {wanted.value} only"


def fx_findings(policies: Policies) -> Iterator[Said]:
    names, uses = Counter(rule.rule for rule in policies.fx_rules), Counter(rule.use for rule in policies.fx_rules)
    for number, rule in enumerate(policies.fx_rules, start=1):
        place = f"fx_rules[{number}] {rule.rule}"
        if names[rule.rule] > 1:
            yield place, "another rule has this name, so an amount could not say which converted it"
        if uses[rule.use] > 1:
            yield place, f"there is another rule for {rule.use.value}"
        yield from ((place, words) for words in _fx_faults(rule))


def _fx_faults(rule: FxRule) -> Iterator[str]:
    if rule.source not in SOURCES:
        yield f"source {rule.source!r} is none of {', '.join(sorted(SOURCES))}"
    if not 0 <= rule.max_age_days <= OLDEST_DAYS:
        yield f"max_age_days {rule.max_age_days} is not 0 to {OLDEST_DAYS}"
    if rule.dated_by is not _DATED_BY[rule.use]:
        yield f"{rule.use.value} is dated by {_DATED_BY[rule.use].value}"


def tax_policy_findings(policies: Policies) -> Iterator[Said]:
    counted = Counter(policy.legal_entity_id for policy in policies.tax_policies)
    for number, policy in enumerate(policies.tax_policies, start=1):
        place = f"tax_policies[{number}] {policy.legal_entity_id}"
        if counted[policy.legal_entity_id] > 1:
            yield place, "is there twice"
        if (policy.decided_by is TaxSource.SERVICE) != bool(policy.url):
            yield place, "needs a url" if policy.decided_by is TaxSource.SERVICE else "takes no url"
        if policy.url and not _safe(policy):
            yield place, f"url {policy.url!r} is no https address"


def _safe(policy: TaxPolicy) -> bool:
    """Plain http only to this machine."""
    parts = urlsplit(policy.url or "")
    return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost"))
