"""One won opportunity, as SOQL gives it -> customer, closed-won and contract events. Pure.

Amounts are JSON numbers read as Decimal; instants `2026-03-01T10:00:00.000+0000`, UTC. The record's version is the
newest SystemModstamp of the deal, its account, its contract and its lines. Source: docs/connectors/salesforce.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from events.contract_signed.v1 import ContractSigned, SignedInstalment, SignedLine
from events.opportunity_closed_won.v1 import OpportunityClosedWon
from events.terms import Terms
from events.values import Amount, Party, PostalAddress, Ref
from functions.connectors.salesforce.invoicing import (
    grouping_of,
    purchase_orders_of,
    schedule_of,
    separate_expenses_of,
)
from functions.connectors.salesforce.settings import SYSTEM, SalesforceSettings
from functions.connectors.salesforce.terms import line_terms, service_of
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import moment
from shared.domain.identity import canonical_id
from shared.faults import BusinessException

Row = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sequence_of(row: Row) -> int:
    """Microseconds since 1970 of the newest change in all that the deal says."""
    account = row.get("Account") or {}
    stamps = [row, account, account.get("Parent"), row.get("Contract"), *lines_in(row)]
    since = max(moment(part["SystemModstamp"]) for part in stamps if part) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def lines_in(row: Row) -> Sequence[Row]:
    """The child query's rows; Salesforce gives null where there are none."""
    children = row.get("OpportunityLineItems")
    return children["records"] if children else ()


def opportunity_id(row: Row, scope: str) -> str:
    return canonical_id(scope, SYSTEM, "opportunity", record_id(row["Id"]))


def contract_id(row: Row, scope: str) -> str:
    """One contract per won deal: the deal's own id tells it, so that a contract record attached later changes no id."""
    return canonical_id(scope, SYSTEM, "contract", record_id(row["Id"]))


def to_party(row: Row, scope: str, settings: SalesforceSettings) -> Party:
    """Raises BusinessException("customer_unmatched") where the deal has no account or its country is not known."""
    account = row.get("Account")
    if not account:
        raise BusinessException("customer_unmatched", opportunity=str(row["Id"]), why="the deal has no account")
    parent = account.get("Parent") if settings.bill_to == "parent" else None
    return _party(parent or account, scope, settings)


def to_ship_to(row: Row, scope: str, settings: SalesforceSettings) -> Party | None:
    """The deal's own account, where its parent gets the invoices."""
    account = row.get("Account") or {}
    return _party(account, scope, settings) if settings.bill_to == "parent" and account.get("Parent") else None


def _party(account: Row, scope: str, settings: SalesforceSettings) -> Party:
    country = country_code(account.get("BillingCountry"), settings)
    if country is None:
        why = f"billing country {account.get('BillingCountry')!r}"
        raise BusinessException("customer_unmatched", account=str(account["Id"]), why=why)
    return Party(
        customer_id=canonical_id(scope, SYSTEM, "account", record_id(account["Id"])),
        ref=Ref(system=SYSTEM, kind="account", id=record_id(account["Id"])),
        name=account["Name"],
        address=PostalAddress(
            street=account.get("BillingStreet") or "",
            city=account.get("BillingCity") or "",
            postal_code=account.get("BillingPostalCode") or "",
            region=account.get("BillingState") or "",
            country=country,
        ),
        tax_number=(account.get(settings.deal.account_tax_number) or None)
        if settings.deal.account_tax_number
        else None,
        currency=account.get("CurrencyIsoCode") or settings.default_currency,
    )


def country_code(text: str | None, settings: SalesforceSettings) -> str | None:
    """ISO 3166-1 alpha-2 of a country as the org spells it; None if nobody said what it means."""
    if not text:
        return None
    known = settings.countries.get(text)
    return known or (text if len(text) == 2 and text.isascii() and text.isupper() else None)


def currency_of(row: Row, settings: SalesforceSettings) -> str:
    return str(row.get("CurrencyIsoCode") or settings.default_currency)


def to_closed_won(row: Row, scope: str, settings: SalesforceSettings) -> OpportunityClosedWon:
    return OpportunityClosedWon(
        opportunity_id=opportunity_id(row, scope),
        ref=deal_ref(row),
        name=row["Name"],
        customer=to_party(row, scope, settings),
        value=Amount(amount=_number(row.get("Amount")), currency=currency_of(row, settings)),
        closed_on=date.fromisoformat(row["CloseDate"]),
        contract_reference=reference_in(row),
    )


def deal_ref(row: Row) -> Ref:
    return Ref(system=SYSTEM, kind="opportunity", id=record_id(row["Id"]))


def reference_in(row: Row) -> str | None:
    return (row.get("Contract") or {}).get("ContractNumber") or None


def to_contract(row: Row, scope: str, settings: SalesforceSettings) -> ContractSigned:
    """Raises BusinessException("contract_mismatch") for what a contract cannot be without."""
    contract = row.get("Contract") or {}
    signed_on = date.fromisoformat(row["CloseDate"])
    starts_on = date.fromisoformat(contract.get("StartDate") or row["CloseDate"])
    return ContractSigned(
        contract_id=contract_id(row, scope),
        ref=deal_ref(row),
        opportunity_id=opportunity_id(row, scope),
        reference=reference_in(row),
        legal_entity_id=legal_entity_of(row, settings),
        customer=to_party(row, scope, settings),
        project_name=row["Name"],
        currency=currency_of(row, settings),
        purchase_order=row.get(settings.deal.purchase_order) or None,
        payment_terms_days=payment_terms(row, settings),
        billing_schedule=schedule_of(row, settings, starts_on),
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=date.fromisoformat(contract["EndDate"]) if contract.get("EndDate") else None,
        lines=to_lines(row, scope, settings),
        ship_to=to_ship_to(row, scope, settings),
        grouping=grouping_of(row, settings).value,
        separate_expenses=separate_expenses_of(row, settings),
        purchase_orders=purchase_orders_of(row, settings),
    )


def legal_entity_of(row: Row, settings: SalesforceSettings) -> str:
    spelt = row.get(settings.deal.legal_entity)
    if not spelt:
        raise BusinessException("contract_mismatch", opportunity=str(row["Id"]), why="no legal entity on the deal")
    known = settings.legal_entities.get(spelt) if settings.legal_entities else str(spelt)
    if known is None:
        raise BusinessException("contract_mismatch", opportunity=str(row["Id"]), why=f"legal entity {spelt!r}")
    return known


def payment_terms(row: Row, settings: SalesforceSettings) -> int:
    """Days. 30 where the deal says none."""
    told = row.get(settings.deal.payment_terms_days)
    if told is None:
        return 30
    try:
        days = Decimal(str(told))
    except InvalidOperation:
        days = Decimal(-1)
    if days < 0 or days != int(days):
        raise BusinessException("contract_mismatch", opportunity=str(row["Id"]), why=f"payment terms {told!r}")
    return int(days)


def to_lines(row: Row, scope: str, settings: SalesforceSettings) -> tuple[SignedLine, ...]:
    """Line items by kind and project: all time-and-materials items of a project are one line, all its fixed-fee items the
    dated instalments of one line, each milestone item its own. Items that name no project are of the deal's own. Terms
    stand on one item of a line, or are the same on several."""
    by_kind: dict[str, dict[str, list[Row]]] = {}
    for item in lines_in(row):
        of_kind = by_kind.setdefault(kind_of(item, row, settings), {})
        of_kind.setdefault(str(item.get(settings.deal.line_project) or ""), []).append(item)
    if not by_kind:
        raise BusinessException("contract_mismatch", opportunity=str(row["Id"]), why="the deal has no products")
    currency = currency_of(row, settings)
    lines: list[SignedLine] = []
    for kind in ("time_and_materials", "fixed_fee"):
        for project, items in by_kind.get(kind, {}).items():
            line = _one_line(kind, items, row, scope, currency, project)
            lines.append(agreed(line, items, kind, row, settings))
    for project, items in by_kind.get("milestone", {}).items():
        for item in items:
            line = _milestone(item, scope, currency, project)
            lines.append(agreed(line, [item], "milestone", row, settings))
    return tuple(lines)


def agreed(line: SignedLine, items: Sequence[Row], kind: str, row: Row, settings: SalesforceSettings) -> SignedLine:
    """The line with its terms, and with what it sells."""
    told = line_terms(items, kind, row, settings)
    terms = Terms(**{name: getattr(told, name) for name in Terms.model_fields}) if told else None
    return line.model_copy(update={"terms": terms, "service": service_of(items, told, row, settings)})


def kind_of(item: Row, row: Row, settings: SalesforceSettings) -> str:
    family = (item.get("Product2") or {}).get("Family") or ""
    kind = settings.line_kinds.get(family)
    if kind is None:
        raise BusinessException("contract_mismatch", opportunity=str(row["Id"]), why=f"product family {family!r}")
    return kind


def _one_line(kind: str, items: Sequence[Row], row: Row, scope: str, currency: str, project: str) -> SignedLine:
    instalments: tuple[SignedInstalment, ...] = ()
    if kind == "fixed_fee":
        instalments = tuple(_instalment(item, row, scope, currency) for item in items)
    total = sum((_number(item["TotalPrice"]) for item in items), Decimal(0))
    return SignedLine(
        line_id=canonical_id(scope, SYSTEM, f"line:{kind}{f':{project}' if project else ''}", record_id(row["Id"])),
        kind=kind,
        description=items[0].get("Description") or items[0]["Product2"]["Name"],
        value=Amount(amount=total, currency=currency),
        instalments=instalments,
        projects=(project,) if project else (),
    )


def _instalment(item: Row, row: Row, scope: str, currency: str) -> SignedInstalment:
    if not item.get("ServiceDate"):
        raise BusinessException("contract_mismatch", opportunity=str(row["Id"]), why="fixed fee without a service date")
    return SignedInstalment(
        instalment_id=canonical_id(scope, SYSTEM, "instalment", record_id(item["Id"])),
        due_on=date.fromisoformat(item["ServiceDate"]),
        value=Amount(amount=_number(item["TotalPrice"]), currency=currency),
    )


def _milestone(item: Row, scope: str, currency: str, project: str) -> SignedLine:
    name = item.get("Description") or item["Product2"]["Name"]
    return SignedLine(
        line_id=canonical_id(scope, SYSTEM, "line:milestone", record_id(item["Id"])),
        kind="milestone",
        description=name,
        value=Amount(amount=_number(item["TotalPrice"]), currency=currency),
        milestone=name,
        projects=(project,) if project else (),
    )


def _number(value: object) -> Decimal:
    """A JSON number as read, in plain notation: Salesforce writes large ones with an exponent."""
    number = Decimal(str(value if value is not None else 0))
    return Decimal(format(number, "f"))
